import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../../test/support/folders.js';
import { cpuMs } from '../../../test/support/waiting.js';
import type { AuditEvent } from '../audit-event.js';
import { AuditKey } from '../key/audit-key.js';
import { AuditReader } from './audit-reader.js';
import { plainLine, origin, type Head } from './chain.js';
import type { Query, Region } from './index-block.js';
import { closeRecordFiles, openRecordFiles } from './record-files.js';
import { RecordIndex } from './record-index.js';

const auditKey = AuditKey.generate();
let dataDir: string;
let head: Head;

const folder = (): string => join(dataDir, 'audit');
const startMs = Date.UTC(2026, 0, 1);
/** Awkward ones among them: they stand escaped in the record. */
const names = ['alice', 'bob', 'a"b', 'ü€😀', 'back\\slash', 'x'.repeat(20)];

beforeEach(() => {
  dataDir = temporaryFolder();
  mkdirSync(folder());
  head = origin;
});

/** Lines of events, one a second; who is behind each, and from where, goes by its number. */
function write(count: number, name = 'events.jsonl', rareAt = -1): void {
  let text = '';
  for (let index = 0; index < count; index++) {
    const number = head.sequence;
    const event = {
      id: String(number),
      time: new Date(startMs + number * 1000).toISOString(),
      type: 'decision',
      actor: { kind: 'access_key', accessKeyId: index === rareAt ? 'rare' : `key-${String(number % 5000)}` },
      clientAddress: `192.0.2.${String(number % 250)}`,
      target: { user: names[number % names.length] },
    };
    const next = plainLine(head, JSON.stringify(event));
    text += next.line;
    ({ head } = next);
  }
  appendFileSync(join(folder(), name), text);
}

async function search(query: Partial<Query>): Promise<{ events: AuditEvent[]; errors: unknown[] }> {
  const errors: unknown[] = [];
  const reader = new AuditReader(dataDir, new RecordIndex(dataDir, auditKey, (error) => errors.push(error)));
  const events: AuditEvent[] = [];
  const all = { terms: [], sinceMs: -Infinity, untilMs: Infinity };
  for await (const event of reader.search({ ...all, ...query })) events.push(event);
  return { events, errors };
}

const ids = async (query: Partial<Query>): Promise<string[]> =>
  (await search(query)).events.map(({ id }) => id);
const key = (value: string): Partial<Query> => ({ terms: [{ field: 'accessKeyId', value }] });
const indexes = (): string[] => readdirSync(folder()).filter((name) => name.startsWith('index-'));

describe('the index of the record', () => {
  it('misses no event that is asked for, whatever its value, over rotated files and as the record grows', async () => {
    write(3000, 'events.jsonl.1');
    for (let round = 0; round < 3; round++) {
      write(2000);
      const all = (await search({})).events;
      expect(all).toHaveLength(head.sequence);
      expect(all.map(({ id }) => Number(id))).toEqual(all.map((_, index) => head.sequence - 1 - index));
      for (const user of names) {
        const found = await search({ terms: [{ field: 'user', value: user }] });
        expect(found.events).toEqual(all.filter(({ target }) => target?.['user'] === user));
      }
      await fc.assert(
        fc.asyncProperty(fc.nat(5100), async (number) => {
          const wanted = all.filter(
            ({ actor }) => 'accessKeyId' in actor && actor.accessKeyId === `key-${String(number)}`,
          );
          expect((await search(key(`key-${String(number)}`))).events).toEqual(wanted);
        }),
        { numRuns: 10 },
      );
    }
    expect(indexes()).toHaveLength(2);
  });

  it('gives what lies in a span of time', async () => {
    write(4000);
    const found = await ids({ sinceMs: startMs + 3_500_000, untilMs: startMs + 3_600_000 });
    for (let number = 3500; number <= 3600; number++) expect(found).toContain(String(number));
    expect(found.length).toBeLessThan(1000);
  });

  it('reads little of the record for a key that is rare', async () => {
    write(20_000, 'events.jsonl', 100);
    expect(await ids(key('rare'))).toEqual(['100']);
    const shortest = async (work: () => Promise<unknown>): Promise<number> => {
      const took: number[] = [];
      for (let round = 0; round < 5; round++) took.push(await cpuMs(work));
      return Math.min(...took);
    };
    const whole = await shortest(() => ids({}));
    expect(5 * (await shortest(() => ids(key('rare'))))).toBeLessThan(whole);
  });

  it('is made anew where it is missing, cut, of another record, or behind a record that was cut', async () => {
    write(3000, 'events.jsonl', 50);
    const found = await ids(key('rare'));
    const file = join(folder(), 'index-1.2');
    const breaks = [
      () => rmSync(file),
      () => truncateSync(file, statSync(file).size - 100),
      () => writeFileSync(file, readFileSync(file).subarray(1080 * 2)),
      () => writeFileSync(file, Buffer.alloc(statSync(file).size, 7)),
      () => writeFileSync(file, 'x'),
    ];
    for (const breakIt of breaks) {
      breakIt();
      expect(await ids(key('rare'))).toEqual(found);
    }
    truncateSync(join(folder(), 'events.jsonl'), 200_000);
    expect(await ids(key('rare'))).toEqual(found);
    write(2000, 'events.jsonl', 1500);
    expect(await ids(key('rare'))).toHaveLength(2);
  });

  it('loses nothing of a search under way to one that began earlier, on a shorter record', async () => {
    write(3000);
    const older = await openRecordFiles(dataDir);
    write(9000);
    const newer = await openRecordFiles(dataDir);
    const index = new RecordIndex(dataDir, auditKey, (error) => {
      throw error as Error;
    });
    const regionsOf = ([file]: typeof older): AsyncGenerator<Region> =>
      index.search(file!, { terms: [], sinceMs: -Infinity, untilMs: Infinity });
    const [running, own] = [regionsOf(newer), regionsOf(newer)];
    const covered = async (regions: AsyncGenerator<Region>): Promise<number> => {
      let bytes = 0;
      for await (const { start, end } of regions) bytes += end - start;
      return bytes;
    };
    const { value: first } = (await running.next()) as { value: Region };
    expect(await covered(regionsOf(older))).toBe(older[0]?.size);
    expect(first.end - first.start + (await covered(running))).toBe(newer[0]?.size);
    // Where the index goes away all the same, the rest of the record is read.
    const { value: again } = (await own.next()) as { value: Region };
    truncateSync(join(folder(), 'index-1.2'), 0);
    expect(again.end - again.start + (await covered(own))).toBe(newer[0]?.size);
    closeRecordFiles([...older, ...newer]);
  });

  it('that can not be written costs time and no event', async () => {
    write(3000, 'events.jsonl', 50);
    mkdirSync(join(folder(), 'index-1.2'));
    expect((await search(key('rare'))).events).toHaveLength(1);
  });
});

describe('the index of files that were moved away', () => {
  it('covers them to their end, also what was appended after it was made, and a whole file is left out by its time', async () => {
    write(1500, 'events.jsonl.1');
    const first = head.sequence;
    write(10);
    const index = new RecordIndex(dataDir, auditKey, (error) => {
      throw error as Error;
    });
    const regions = async (query: Partial<Query>): Promise<Region[]> => {
      const [file, ...others] = await openRecordFiles(dataDir);
      const all = { terms: [], sinceMs: -Infinity, untilMs: Infinity, ...query };
      const found: Region[] = [];
      for await (const region of index.search(file!, all)) found.push(region);
      expect(await index.repair(file!)).toBeUndefined();
      closeRecordFiles([file!, ...others]);
      return found;
    };
    const rare = { terms: [{ field: 'accessKeyId', value: 'nobody' }] as const };
    expect(await regions(rare)).toEqual([]);
    // As a service does that has not noticed the move yet.
    const before = head;
    write(3, 'events.jsonl.1');
    head = before;
    const all = await regions({});
    expect(all[0]?.end).toBe(statSync(join(folder(), 'events.jsonl.1')).size);
    expect(await regions({ sinceMs: startMs + (first + 1000) * 1000 })).toEqual([]);
    expect(await regions({ untilMs: startMs - 1 })).toEqual([]);
    expect(await regions({ untilMs: startMs })).not.toEqual([]);
  });

  it('finds events by type, outcome and kind of actor', async () => {
    write(4000, 'events.jsonl.1');
    const event = { type: 'alert', outcome: 'failed', actor: { kind: 'session' }, id: 'rare' };
    const next = plainLine(head, JSON.stringify(event));
    appendFileSync(join(folder(), 'events.jsonl'), next.line);
    ({ head } = next);
    write(4000);
    for (const query of [
      { terms: [{ field: 'type', value: 'alert' }] },
      { terms: [{ field: 'outcome', value: 'failed' }] },
      {
        terms: [],
        oneOf: [{ field: 'kind', value: 'operator' } as const, { field: 'kind', value: 'session' } as const],
      },
    ] as const)
      expect(await ids(query)).toEqual(['rare']);
  });
});
