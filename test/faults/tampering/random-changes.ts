/** What somebody may do to a record who writes the data directory and the database, at random places. */
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readLines, writeLines } from './lines.js';
import type { Change, Place } from './place.js';

const pick = <T>(all: readonly T[], random: () => number): T | undefined =>
  all[Math.floor(random() * all.length)];

function filesOf({ dataDir }: Place, pattern: RegExp): string[] {
  const folder = join(dataDir, 'audit');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => pattern.test(name))
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile() && statSync(file).size > 0);
}

const record = /^events\.jsonl(?:\.1)?$/;
const derived = /^(?:index-\d+\.\d+|tree-\d+\/.+)$/;

/** Another byte at a random place. */
function flip(file: string, random: () => number): string {
  const bytes = readFileSync(file);
  const place = Math.floor(random() * bytes.length);
  bytes[place] = (bytes[place] ?? 0) ^ (1 << Math.floor(random() * 8));
  writeFileSync(file, bytes);
  return `a bit of byte ${String(place)} of ${file} changed`;
}

function inLines(name: string, change: (lines: string[], random: () => number) => string[]): Change {
  return (place, random) => {
    const file = pick(filesOf(place, record), random);
    if (file === undefined) return undefined;
    const lines = readLines(file);
    const changed = change(lines, random);
    if (changed.join('\n') === lines.join('\n')) return undefined;
    writeLines(file, changed);
    return `${name} in ${file}`;
  };
}

function ofDatabase(name: string, ...statements: string[]): Change {
  return async ({ store }) => {
    try {
      for (const statement of statements) await store.run(statement);
      return name;
    } catch (error) {
      // The service that runs has SQLite's file to itself.
      if ((error as Error).message.includes('locked')) return undefined;
      throw error;
    }
  };
}

const at = (lines: readonly string[], random: () => number): number => Math.floor(random() * lines.length);

export const changes: readonly Change[] = [
  ...[record, record, derived, derived].map((pattern): Change => (place, random) => {
    const file = pick(filesOf(place, pattern), random);
    return file === undefined ? undefined : flip(file, random);
  }),
  inLines('a line taken out', (lines, random) => lines.toSpliced(at(lines, random), 1)),
  inLines('a line repeated', (lines, random) => {
    const index = at(lines, random);
    return lines.toSpliced(at(lines, random), 0, lines[index] ?? '');
  }),
  inLines('a line moved', (lines, random) => {
    const index = at(lines, random);
    return lines.toSpliced(index, 1).toSpliced(at(lines, random), 0, lines[index] ?? '');
  }),
  inLines('the end cut', (lines, random) => lines.slice(0, at(lines, random))),
  inLines('a line added', (lines, random) => {
    const line = lines[at(lines, random)] ?? '';
    return [...lines, line.replace(/^\{"seq":\d+/, `{"seq":${String(10_000 + at(lines, random))}`)];
  }),
  inLines('a word changed', (lines, random) => {
    const index = at(lines, random);
    return lines.with(index, (lines[index] ?? '').replace(/"(done|allow|deny)"/, '"failed"'));
  }),
  (place, random) => {
    const file = pick(
      filesOf(place, /^(?:events\.jsonl(?:\.1)?|tree-\d+\/tile\/.+|tree-\d+\/checkpoint)$/),
      random,
    );
    if (file === undefined) return undefined;
    rmSync(file);
    return `${file} deleted`;
  },
  (place, random) => {
    const names = ['audit-chain', 'node-id'].filter((name) => readdirSync(place.dataDir).includes(name));
    const name = pick(names, random) ?? '';
    if (random() < 0.5) rmSync(join(place.dataDir, name));
    else {
      const text = readFileSync(join(place.dataDir, name), 'utf8').trim();
      writeFileSync(join(place.dataDir, name), `${[...text].reverse().join('')}\n`);
    }
    return `${name} deleted or changed`;
  },
  ofDatabase('the heads in the database deleted', 'delete from audit_heads'),
  ofDatabase('a head in the database changed', `update audit_heads set note = replace(note, '/', '+')`),
  ofDatabase('the size of a head in the database changed', 'update audit_heads set size = size - 1'),
  ofDatabase(
    'the name of the chain in the database changed',
    `update meta set value = '${'b'.repeat(32)}' where name like 'audit_chain%'`,
  ),
  ofDatabase(
    'the name of the chain deleted from the database',
    `delete from meta where name like 'audit_chain%'`,
  ),
];
