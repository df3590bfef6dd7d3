import { expect, it } from '@jest/globals';
import { existsSync, lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { installation, temporaryFolder } from '../support/folders.js';

const { replaceFolder } = (await import(join(installation, 'scripts/lib/replace-folder.mjs'))) as {
  replaceFolder: (folder: string, next: string) => void;
};

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** Packages beside a workspace, to which one of them is a link: what npm installs. */
function installed(files: Readonly<Record<string, string>>): { packages: string; workspace: string } {
  const folder = temporaryFolder();
  const [packages, workspace] = [join(folder, 'node_modules'), join(folder, 'packages/client')];
  write(join(workspace, 'package.json'), '{}');
  for (const [name, text] of Object.entries(files)) write(join(packages, name), text);
  symlinkSync('../packages/client', join(packages, 'client'));
  return { packages, workspace };
}

it('gives a folder the files of another one, and no link is followed', () => {
  const before = installed({ 'one/index.js': 'old', 'gone/index.js': 'old' });
  write(join(before.workspace, 'index.ts'), 'the own source');
  const next = installed({ 'one/index.js': 'new', 'two/index.js': 'new' });
  replaceFolder(before.packages, next.packages);
  expect(readFileSync(join(before.packages, 'one/index.js'), 'utf8')).toBe('new');
  expect(readFileSync(join(before.packages, 'two/index.js'), 'utf8')).toBe('new');
  expect(existsSync(join(before.packages, 'gone/index.js'))).toBe(false);
  expect(lstatSync(join(before.packages, 'client')).isSymbolicLink()).toBe(true);
  expect(readFileSync(join(before.workspace, 'index.ts'), 'utf8')).toBe('the own source');
  expect(existsSync(join(next.workspace, 'package.json'))).toBe(true);
});
