import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../test/support/folders.js';
import { changeFile, makeFolder } from './files.js';
import { Journal } from './journal.js';
import { undo } from './undo.js';

let folder: string;
let journal: Journal;

beforeEach(() => {
  const parent = temporaryFolder();
  folder = join(parent, 'tree');
  mkdirSync(folder);
  writeFileSync(join(folder, 'file'), 'old\u00e9');
  chmodSync(join(folder, 'file'), 0o604);
  utimesSync(join(folder, 'file'), 1_000_000_000.5, 1_000_000_000.25);
  utimesSync(folder, 1_000_000_000, 1_000_000_000.125);
  mkdirSync(join(parent, 'env.setup'));
  journal = Journal.beside(join(parent, 'env'));
});

function picture(): unknown {
  const look = (path: string) => {
    const { mode, uid, gid, mtimeNs } = statSync(path, { bigint: true });
    return [path, mode, uid, gid, mtimeNs];
  };
  const names = readdirSync(folder).sort();
  return [
    look(folder),
    ...names.map((name) => [...look(join(folder, name)), readFileSync(join(folder, name)).toString('hex')]),
  ];
}

const change = (name: string, text: string, usedBy?: string): boolean =>
  changeFile(journal, join(folder, name), Buffer.from(text), {
    mode: 0o600,
    ...(usedBy !== undefined && { usedBy }),
  });

describe('a file that a set-up changes', () => {
  it('keeps mode and owner, and is brought back with its times and those of the folder', () => {
    if (process.geteuid?.() === 0) chownSync(join(folder, 'file'), 12, 34);
    utimesSync(folder, 1_000_000_000, 1_000_000_000.125);
    const before = picture();
    const { mode, uid } = statSync(join(folder, 'file'));
    expect([change('file', 'new'), change('other', 'new'), change('file', 'newer')]).toEqual([
      true,
      true,
      true,
    ]);
    expect(statSync(join(folder, 'file'))).toMatchObject({ mode, uid });
    expect(readdirSync(folder).sort()).toEqual(['file', 'other']);
    expect(undo(journal)).toBe(0);
    expect(picture()).toEqual(before);
    expect(journal.exists).toBe(false);
  });

  it('is not touched where it has the text already', () => {
    const before = picture();
    expect(change('file', 'old\u00e9')).toBe(false);
    expect([picture(), journal.exists]).toEqual([before, false]);
  });

  it('stays a link to where it is', () => {
    symlinkSync('file', join(folder, 'link'));
    expect(change('link', 'new')).toBe(true);
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('new');
  });

  it('is as before where the set-up was killed between its journal and the change', () => {
    const before = picture();
    change('file', 'new');
    const torn = journal.entries().slice(0, 1);
    undo(journal);
    for (const entry of torn) journal.add(entry);
    if (torn[0]?.kind === 'file') {
      writeFileSync(torn[0].backup ?? '', 'old\u00e9');
      writeFileSync(torn[0].temporary, 'ne');
    }
    expect(undo(journal)).toBe(0);
    expect(picture()).toEqual(before);
  });

  it('that was changed since stays, and its copy too', () => {
    change('file', 'new');
    writeFileSync(join(folder, 'file'), 'mine');
    expect(undo(journal)).toBe(0);
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('mine');
    const [copy = ''] = readdirSync(journal.folder).filter((name) => name.startsWith('file.'));
    expect(readFileSync(join(journal.folder, copy), 'utf8')).toBe('old\u00e9');
  });

  it('that another one names stays until that one does no more', () => {
    const user = join(folder, 'file');
    change('named', 'text', user);
    writeFileSync(user, `include ${join(folder, 'named')};`);
    expect(undo(journal)).toBe(4);
    expect(readFileSync(join(folder, 'named'), 'utf8')).toBe('text');
    writeFileSync(user, '');
    expect(undo(journal)).toBe(0);
    expect(readdirSync(folder)).toEqual(['file']);
  });
});

it('a folder that a set-up has made goes, unless there is something in it', () => {
  const before = picture();
  makeFolder(journal, join(folder, 'made'), 0o755);
  expect(undo(journal)).toBe(0);
  expect(picture()).toEqual(before);
  makeFolder(journal, join(folder, 'made'), 0o755);
  writeFileSync(join(folder, 'made/mine'), '');
  expect(undo(journal)).toBe(0);
  expect(readdirSync(join(folder, 'made'))).toEqual(['mine']);
});

it('a set-up that ended half-way is known, and one that ended well', () => {
  journal.add({ kind: 'run', what: 'standalone' });
  expect(journal.isUnfinished).toBe(true);
  journal.add({ kind: 'done' });
  expect(journal.isUnfinished).toBe(false);
});
