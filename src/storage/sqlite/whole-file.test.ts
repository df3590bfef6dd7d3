import { expect, it } from '@jest/globals';
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../../test/support/folders.js';
import { makeWholeFile, replaceWholeFile } from './whole-file.js';

it('a file is made once, readable to its owner alone, and replaced on purpose only', () => {
  const folder = temporaryFolder();
  const file = join(folder, 'file');
  makeWholeFile(file, 'one');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(() => makeWholeFile(file, 'two')).toThrow(/EEXIST/);
  expect(readFileSync(file, 'utf8')).toBe('one');
  replaceWholeFile(file, 'three');
  expect(readFileSync(file, 'utf8')).toBe('three');
  expect(readdirSync(folder)).toEqual(['file']);
});

it('where it can not be put in its place, nothing is left of it', () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'file'));
  expect(() => replaceWholeFile(join(folder, 'file'), 'text')).toThrow();
  expect(readdirSync(folder)).toEqual(['file']);
});
