import { beforeEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, readdirSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { temporaryFolder } from '../../../test/support/folders.js';
import { plainLine, origin } from './chain.js';
import { closeRecordFiles, isDamaged, newestHeadOfFiles, openRecordFiles } from './record-files.js';
import { verifyRecord } from '../verify/verify-record.js';

let dataDir: string;
/** Files of the record that this process has open. */
function openFiles(): string[] {
  const names = readdirSync('/proc/self/fd').map((descriptor) => {
    try {
      return readlinkSync(`/proc/self/fd/${descriptor}`);
    } catch {
      return ''; // another one that is closed by now
    }
  });
  return names.filter((name) => name.startsWith(dataDir));
}
const inFolder = (name: string): string => join(dataDir, 'audit', name);
const { line, head } = plainLine(origin, '{"id":"a"}');

beforeEach(() => {
  dataDir = temporaryFolder();
  mkdirSync(join(dataDir, 'audit'));
  writeFileSync(inFolder('events.jsonl'), line);
});

describe('beside a record that is whole', () => {
  it.each([
    ['a compressed file that is none', () => writeFileSync(inFolder('events.jsonl.2.gz'), 'garbage')],
    ['a link to nowhere', () => symlinkSync('nowhere', inFolder('events.jsonl.1'))],
    ['a link to itself', () => symlinkSync('events.jsonl.1', inFolder('events.jsonl.1'))],
  ])('%s leaves the rest readable, no descriptor open, and a finding', async (_, make) => {
    make();
    for (let round = 0; round < 10; round++) {
      const files = await openRecordFiles(dataDir);
      expect(files).toHaveLength(2);
      expect(files.at(-1)).toMatchObject({ name: 'events.jsonl', firstSequence: 1 });
      closeRecordFiles(files);
      newestHeadOfFiles(dataDir);
    }
    const found = await verifyRecord({ dataDir, known: [head] });
    expect(found).toMatchObject({ lines: 1, head, isWhole: false, findingCount: 1 });
    expect(found.findings[0]).toMatchObject({
      place: expect.stringMatching(/^events\.jsonl\.\d/),
      problem: expect.stringContaining('this file can not be read'),
    });
    expect(openFiles()).toEqual([]);
  });

  it('a folder named like a file of it is none', async () => {
    mkdirSync(inFolder('events.jsonl.old'));
    expect(newestHeadOfFiles(dataDir)).toMatchObject(head);
    expect(await verifyRecord({ dataDir, known: [head] })).toMatchObject({ isWhole: true, files: 1 });
    expect(openFiles()).toEqual([]);
  });

  it('what a compressed file holds may be damaged for good; other errors may pass', () => {
    const damaged = [{ code: 'EIO' }, { code: 'Z_DATA_ERROR' }, { code: 'Z_BUF_ERROR' }];
    expect(damaged.map(isDamaged)).toEqual([false, true, true]);
    expect(isDamaged(new DOMException('stopped', 'AbortError'))).toBe(false);
  });

  it('a compressed file that breaks off in its middle gives its lines up to there, and a finding', async () => {
    const second = plainLine(head, JSON.stringify({ id: 'b', args: ['x'] }));
    writeFileSync(inFolder('events.jsonl'), second.line);
    const whole = gzipSync(line);
    writeFileSync(inFolder('events.jsonl.1.gz'), whole.subarray(0, whole.length - 6));
    const found = await verifyRecord({ dataDir, known: [second.head] });
    expect(found).toMatchObject({ lines: 2, findingCount: 1 });
    expect(found.findings[0]?.place).toBe('events.jsonl.1.gz');
    expect(openFiles()).toEqual([]);
  });
});
