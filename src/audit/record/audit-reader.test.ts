import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../../test/support/folders.js';
import { AuditKey } from '../key/audit-key.js';
import { AuditReader } from './audit-reader.js';
import { RecordIndex } from './record-index.js';

/** How much is read at once: lines are laid across these borders on purpose. */
const pieceBytes = 65_536;

const auditKey = AuditKey.generate();

let dataDir: string;
let file: string;

beforeEach(() => {
  dataDir = temporaryFolder();
  mkdirSync(join(dataDir, 'audit'));
  file = join(dataDir, 'audit/events.jsonl');
});

const index = (): RecordIndex =>
  new RecordIndex(dataDir, auditKey, (error) => {
    throw error as Error;
  });

async function read(text: string | Buffer, limit = Infinity): Promise<string[]> {
  writeFileSync(file, text);
  const ids: string[] = [];
  for await (const { id } of new AuditReader(dataDir, index()).newestFirst(limit)) ids.push(id);
  return ids;
}

const line = (id: string, length = 0): string => {
  const bare = JSON.stringify({ id, fill: '' });
  return `${JSON.stringify({ id, fill: 'x'.repeat(Math.max(0, length - bare.length - 1)) })}\n`;
};

describe('reading the audit record', () => {
  it('gives the newest event first', async () => {
    expect(await read(line('a') + line('b') + line('c'))).toEqual(['c', 'b', 'a']);
  });

  it('gives nothing of an empty record', async () => {
    expect(await read('')).toEqual([]);
  });

  it('gives as many as are asked for', async () => {
    expect(await read(line('a') + line('b') + line('c'), 2)).toEqual(['c', 'b']);
  });

  it('passes over a last line that a kill cut off', async () => {
    expect(await read(`${line('a')}${line('b')}{"id":"torn"`)).toEqual(['b', 'a']);
    expect(await read('{"id":"to')).toEqual([]);
  });

  it('passes over a file that can not be read', async () => {
    symlinkSync('nowhere', `${file}.1`);
    expect(await read(line('a'))).toEqual(['a']);
  });

  it('passes over a line in the middle that is none, and over empty ones', async () => {
    expect(await read(`${line('a')}garbage\n\n${line('b')}`)).toEqual(['b', 'a']);
  });

  it.each([-2, -1, 0, 1, 2])(
    'loses nothing when a line ends %d bytes from where a piece ends',
    async (offset) => {
      const last = line('last', pieceBytes + offset);
      expect(Buffer.byteLength(last)).toBe(pieceBytes + offset);
      expect(await read(line('a') + line('b') + last)).toEqual(['last', 'b', 'a']);
      expect(await read(line('a') + last + last + line('b'))).toEqual(['b', 'last', 'last', 'a']);
    },
  );

  it('loses nothing of lines of any length, in any order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 3 * pieceBytes }), { maxLength: 12 }),
        async (lengths) => {
          const ids = lengths.map((_, index) => String(index));
          const text = lengths.map((length, index) => line(String(index), length)).join('');
          expect(await read(text)).toEqual(ids.reverse());
        },
      ),
      { numRuns: 30 },
    );
  });

  it('cuts no character in two that stands where a piece ends', async () => {
    for (let shift = 0; shift < 4; shift++) {
      const id = 'ü€😀'.repeat(12_000) + 'x'.repeat(shift);
      expect(await read(line('a') + line(id) + line('b'))).toEqual(['b', id, 'a']);
    }
  });
});
