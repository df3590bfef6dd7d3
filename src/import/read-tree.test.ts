import { describe, expect, it } from '@jest/globals';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../test/support/folders.js';
import { HestiaTree, printableName, TreeError } from './read-tree.js';

const root = temporaryFolder();
const tree = new HestiaTree(root);
writeFileSync(join(root, 'ten'), '0123456789');
mkdirSync(join(root, 'folder'));
symlinkSync('ten', join(root, 'link'));
writeFileSync(join(root, 'folder/b'), 'é');
writeFileSync(join(root, 'folder/a'), Buffer.from([0xc3]));

describe('a file of a Hestia tree', () => {
  it('is read whole up to its limit, and refused beyond', async () => {
    expect(await tree.read('ten', 10)).toBe('0123456789');
    await expect(tree.read('ten', 9)).rejects.toThrow(new TreeError('is longer than 9 bytes'));
  });

  it('is refused when it is no regular file, is not there, or is not UTF-8', async () => {
    await expect(tree.read('folder', 9)).rejects.toThrow('is not a regular file');
    await expect(tree.read('link', 99)).rejects.toThrow('is a symbolic link');
    await expect(tree.read('nowhere', 9)).rejects.toThrow('is not there');
    await expect(tree.read('ten/x', 9)).rejects.toThrow('is not a folder');
    await expect(tree.read('folder/a', 9)).rejects.toThrow('is not UTF-8');
    expect(await tree.read('folder/b', 9)).toBe('é');
  });

  it('that may not be opened is named with the reason', async () => {
    if (process.getuid?.() === 0) return; // root may open everything
    chmodSync(join(root, 'ten'), 0);
    await expect(tree.read('ten', 10)).rejects.toThrow("can't be read (EACCES)");
    chmodSync(join(root, 'ten'), 0o600);
  });

  it('is told from folders and links without following anything', async () => {
    expect((await tree.kindOf('ten'))?.is).toBe('file');
    expect((await tree.kindOf('folder'))?.is).toBe('folder');
    expect((await tree.kindOf('link'))?.is).toBe('other');
    expect(await tree.kindOf('nowhere')).toBeUndefined();
  });
});

it('folders are listed in the order of code points; one that is not there is empty', async () => {
  expect(await tree.list('folder')).toEqual(['a', 'b']);
  expect(await tree.list('nowhere')).toEqual([]);
  await expect(tree.list('ten')).rejects.toThrow('is not a folder');
});

it('a name is shown on one line, without control characters, and not endless', () => {
  expect(printableName('a\nb\u001b[0m')).toBe('a?b?[0m');
  expect(printableName('x'.repeat(300))).toBe(`${'x'.repeat(80)}…`);
});
