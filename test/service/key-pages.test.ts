/** `v-list-access-keys` at a terminal and in pages; a pipe gets what it got before. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { setImmediate as breathe } from 'node:timers/promises';
import { displayWidth } from '../../src/text/display-width.js';
import { TestService } from '../support/test-service.js';

let service: TestService;
/** In the order in which they were made. */
const ids: string[] = [];

beforeAll(async () => {
  service = await TestService.startOpen(['alice']);
  for (let number = 1; number <= 9; number++) {
    const nowMs = Date.now();
    while (Date.now() === nowMs) await breathe(); // no two are made in the same millisecond
    ids.push(
      (await service.makeKey('alice', 'mail-accounts,update-dns-records', `日本語 ${String(number)}`)).id,
    );
  }
});

/** Standard output and error of the command as a terminal of so many columns asks for it; undefined: a pipe. */
async function list(
  columns: number | undefined,
  ...args: string[]
): Promise<[stdout: string, stderr: string]> {
  const { stdout, stderr } = await service.askWhole({ command: 'v-list-access-keys', args, columns });
  return [stdout, stderr];
}

const idsIn = (text: string): string[] => ids.filter((id) => text.includes(id)).sort(by(text));
const by =
  (text: string) =>
  (one: string, other: string): number =>
    text.indexOf(one) - text.indexOf(other);

describe('a terminal', () => {
  it.each([80, 120, 200])(
    'of %d columns has lines that fit, the newest key first, and times with a zone',
    async (columns) => {
      const [stdout] = await list(columns, 'alice');
      for (const line of stdout.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
      expect(idsIn(stdout)).toEqual(ids.toReversed());
      if (columns > 100) expect(stdout).toMatch(/\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d\n/);
    },
  );

  it('goes through all keys in pages, in both directions', async () => {
    const newestFirst = ids.toReversed();
    const [first, said] = await list(100, 'alice', '--limit', '4');
    expect(idsIn(first)).toEqual(newestFirst.slice(0, 4));
    expect(said).toContain(
      `4 are shown, and there are older ones: v-list-access-keys alice --limit 4 --after ${newestFirst[3] ?? ''}\n`,
    );
    const [second] = await list(100, 'alice', '--limit', '4', '--after', newestFirst[3] ?? '');
    expect(idsIn(second)).toEqual(newestFirst.slice(4, 8));
    const [third, end] = await list(100, 'alice', '--limit', '4', '--after', newestFirst[7] ?? '');
    expect(idsIn(third)).toEqual(newestFirst.slice(8));
    expect(end).not.toContain('are shown');
    const [back, newer] = await list(100, 'alice', '--limit', '4', '--before', newestFirst[8] ?? '');
    expect(idsIn(back)).toEqual(newestFirst.slice(4, 8));
    expect(newer).toContain(
      `there are newer ones: v-list-access-keys alice --limit 4 --before ${newestFirst[4] ?? ''}\n`,
    );
  });
});

describe('a pipe', () => {
  it('has all keys by their IDs, with the columns of Hestia', async () => {
    const [stdout, stderr] = await list(undefined, 'alice');
    expect(stdout).toMatch(/^ID +USER +PERMISSIONS +COMMENT +TIME +DATE\n/);
    expect(idsIn(stdout)).toEqual(ids.toSorted());
    expect(stderr).toBe('');
  });

  it('has csv and jsonl as options, with all that is known of a key', async () => {
    const [csv] = await list(undefined, 'alice', '--format', 'csv');
    const [head, ...rows] = csv.trimEnd().split('\n');
    expect(head).toMatch(/^ACCESS_KEY_ID,USER,PERMISSIONS,COMMENT,CREATED,EXPIRES,/);
    expect(rows.map((row) => row.slice(0, 20))).toEqual(ids.toSorted());
    const [jsonl] = await list(undefined, 'alice', '--format', 'jsonl');
    const objects = jsonl
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(objects.map((key) => key['ACCESS_KEY_ID'])).toEqual(ids.toSorted());
    expect(objects[0]).toMatchObject({ USER: 'alice', PERMISSIONS: ['mail-accounts', 'update-dns-records'] });
    expect((await service.run('v-list-access-keys', '', 'csv')).code).toBe(2);
  });
});
