import { beforeEach, describe, expect, it } from '@jest/globals';
import { closeSync, fstatSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../../test/support/folders.js';
import { AuditKey } from './audit-key.js';
import { HeadFile, type KeptHead } from './head-file.js';

const key = AuditKey.generate();
const about = { chain: 'c'.repeat(32), node: '', treeBegin: 1, stored: 3 };
const hashOf = (number: number): string => String(number % 10).repeat(64);
let file: string;

beforeEach(() => {
  file = join(temporaryFolder(), 'key.head');
});

/** After so many batches. */
function written(batches: number): void {
  const head = new HeadFile(file, key);
  head.read();
  head.describe(about);
  for (let number = 1; number <= batches; number++) head.write(number, hashOf(number));
  head.close();
}

const read = (by = key): KeptHead | undefined => new HeadFile(file, by).read();

describe('the head beside the audit key', () => {
  it('is the one that was written last, also over restarts', () => {
    expect(read()).toBeUndefined();
    for (const batches of [1, 2, 3, 4]) {
      written(batches);
      expect(read()).toEqual({ ...about, sequence: batches, hash: hashOf(batches) });
    }
  });

  it('is the one before where the last write was torn, at whatever byte', () => {
    written(2);
    const before = readFileSync(file);
    const head = new HeadFile(file, key);
    head.read();
    head.describe(about);
    head.write(3, hashOf(3));
    head.close();
    const after = readFileSync(file);
    const [start] = [...after.keys()].filter((place) => after[place] !== before[place]);
    for (let length = 0; length <= 257; length += 4) {
      const place = Math.floor((start ?? 0) / 512) * 512;
      const torn = Buffer.from(before);
      after.copy(torn, place, place, Math.min(place + length, after.length));
      writeFileSync(file, torn);
      expect([2, 3]).toContain(read()?.sequence);
    }
  });

  it('counts only if this key has written it, bit for bit', () => {
    written(1);
    expect(read(AuditKey.generate())).toBeUndefined();
    const bytes = readFileSync(file);
    for (let place = 512; place < bytes.length - 1; place++) {
      const altered = Buffer.from(bytes);
      altered[place] = (altered[place] ?? 0) ^ 1;
      writeFileSync(file, altered);
      expect(read()).toBeUndefined();
    }
  });

  it('that somebody deletes is made anew by the process that has it', () => {
    const head = new HeadFile(file, key);
    head.describe(about);
    head.write(1, hashOf(1));
    expect(head.restore()).toBe(false);
    rmSync(file);
    expect(head.restore()).toBe(true);
    head.write(2, hashOf(2));
    expect(read()?.sequence).toBe(2);
  });

  it('stays on its own descriptor while it can not be made anew', () => {
    const folder = join(file, '..', 'gone');
    mkdirSync(folder);
    const head = new HeadFile(join(folder, 'key.head'), key);
    head.describe(about);
    head.write(1, hashOf(1));
    rmSync(folder, { recursive: true });
    expect(() => head.restore()).toThrow('ENOENT');
    // The number of a descriptor that was closed would be this file's.
    const other = openSync(join(folder, '..', 'other'), 'w+');
    head.write(2, hashOf(2));
    expect(fstatSync(other).size).toBe(0);
    closeSync(other);
    mkdirSync(folder);
    expect(head.restore()).toBe(true);
    head.write(3, hashOf(3));
    expect(new HeadFile(join(folder, 'key.head'), key).read()?.sequence).toBe(3);
  });

  it('is synced before it is closed or made anew, however many ask', async () => {
    const head = new HeadFile(file, key);
    head.describe(about);
    head.write(1, hashOf(1));
    const asked = [head.sync(), head.sync()];
    rmSync(file);
    expect(head.restore()).toBe(true);
    head.write(2, hashOf(2));
    asked.push(head.sync());
    head.close();
    await expect(Promise.all([...asked, head.sync()])).resolves.toHaveLength(4);
    expect(read()?.sequence).toBe(2);
  });

  it('can be written once more after it was closed', () => {
    const head = new HeadFile(file, key);
    head.describe(about);
    head.write(1, hashOf(1));
    head.close();
    head.write(2, hashOf(2));
    expect(read()?.sequence).toBe(2);
  });
});
