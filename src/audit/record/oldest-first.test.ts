import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../../test/support/folders.js';
import { AuditKey } from '../key/audit-key.js';
import type { Query } from './index-block.js';
import { linesOldestFirst } from './oldest-first.js';
import { RecordIndex } from './record-index.js';

const auditKey = AuditKey.generate();
const ids = Array.from({ length: 12 }, (_, index) => `K${String(index).padStart(19, '0')}`);

async function read(lines: readonly string[], query: Query): Promise<string[]> {
  const dataDir = temporaryFolder();
  mkdirSync(join(dataDir, 'audit'));
  writeFileSync(join(dataDir, 'audit/events.jsonl'), lines.map((line) => `${line}\n`).join(''));
  const index = new RecordIndex(dataDir, auditKey, (error) => {
    throw error as Error;
  });
  const found: string[] = [];
  for await (const piece of linesOldestFirst(dataDir, index, query)) found.push(...piece);
  return found;
}

it('gives the lines of any of the keys in their order, however long they are and whatever is beside them', async () => {
  const someLine = fc.record({
    id: fc.nat(ids.length - 1),
    beside: fc.constantFrom('', 'é', '\u{1f600}', '\n', '"', ids[0], 'x'.repeat(30_000)),
  });
  const cases = fc.tuple(
    fc.array(someLine, { maxLength: 30 }),
    fc.subarray(ids, { minLength: 1 }),
    fc.boolean(),
  );
  await fc.assert(
    fc.asyncProperty(cases, async ([drawn, asked, isOneTerm]) => {
      const lines = drawn.map(({ id, beside }, seq) => JSON.stringify({ seq, beside, accessKeyId: ids[id] }));
      const terms = asked.map((value) => ({ field: 'accessKeyId' as const, value }));
      const span = { sinceMs: -Infinity, untilMs: Infinity };
      const query = isOneTerm ? { terms: terms.slice(0, 1), ...span } : { terms: [], oneOf: terms, ...span };
      const wanted = new Set(isOneTerm ? asked.slice(0, 1) : asked);
      const keyOf = (line: string): string => (JSON.parse(line) as { accessKeyId: string }).accessKeyId;
      const found = await read(lines, query);
      expect(found.filter((line) => wanted.has(keyOf(line)))).toEqual(
        lines.filter((line) => wanted.has(keyOf(line))),
      );
    }),
    { numRuns: 100 },
  );
});

it('passes over the lines of other keys where few are asked for', async () => {
  const lines = ids.map((accessKeyId, seq) => JSON.stringify({ seq, accessKeyId }));
  const oneOf = [{ field: 'accessKeyId' as const, value: ids[3] ?? '' }];
  expect(await read(lines, { terms: [], oneOf, sinceMs: -Infinity, untilMs: Infinity })).toEqual([lines[3]]);
});
