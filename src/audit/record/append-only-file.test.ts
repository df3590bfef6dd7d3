import { expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../../test/support/folders.js';
import { AppendOnlyFile } from './append-only-file.js';
import { encodeLines } from './encode-lines.js';

it('of several who wait for one sync, none is answered before what it appended is synced', async () => {
  const file = new AppendOnlyFile(join(temporaryFolder(), 'file'));
  const answered: string[] = [];
  const sync = (name: string): Promise<void> => file.sync().then(() => void answered.push(name));
  file.append(Buffer.from('before\n'));
  const syncs = [sync('first')];
  file.append(Buffer.from('while the first is under way\n'));
  // The second one begins another sync; the third, which came after it, has to wait for that.
  syncs.push(sync('second'), sync('third'));
  await Promise.all(syncs);
  expect(answered).toEqual(['first', 'second', 'third']);
  file.close((error) => {
    throw error as Error;
  });
});

it('has what was appended, whatever is in it and however much it is', () => {
  const path = join(temporaryFolder(), 'file');
  const file = new AppendOnlyFile(path);
  const batches = [
    ['é€😀\n'],
    [],
    Array.from({ length: 20_000 }, (_, i) => `${'€'.repeat(90)}${String(i)}\n`),
    ['a\n', 'b\n'],
  ];
  for (const lines of batches) file.append(encodeLines(lines));
  expect(readFileSync(path, 'utf8')).toBe(batches.flat().join(''));
  expect(file.size).toBe(Buffer.byteLength(batches.flat().join('')));
  file.close((error) => {
    throw error as Error;
  });
});
