/** `v-list-audit-events`: a typo is no success, pages, formats, and what a terminal gets. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Event, Key, WholeAnswer } from '../support/client.js';
import { displayWidth } from '../../src/text/display-width.js';
import { style } from '../support/own-style.js';
import { TestService } from '../support/test-service.js';

let service: TestService;
let root: Key;

/** As the command line asks at a terminal, or into a pipe. */
const ask = (args: string[], more: object = {}): Promise<WholeAnswer> =>
  service.askWhole({ command: 'v-list-audit-events', args, ...more });

const list = async (...args: string[]): Promise<Event[]> =>
  JSON.parse((await ask(['json', ...args])).stdout) as Event[];

beforeAll(async () => {
  service = await TestService.startOpen(['alice']);
  root = await service.makeKey('admin', '');
  for (let number = 1; number <= 12; number++) await service.call(root, 'v-list-user', ['alice', 'json']);
  await service.call({ ...root, secret: 'x'.repeat(40) }, 'v-list-user', ['alice']);
});

describe('a word that nothing is called by', () => {
  it.each([
    [['--outcome', 'allowed'], 'there is no --outcome allowed; did you mean allow? (known are allow, deny,'],
    [['--outcome', 'zzz'], 'there is no --outcome zzz (known are allow, deny, done, failed)'],
    [['--type', 'decisions'], 'did you mean decision?'],
    [['--reason', 'secret_mismach'], 'did you mean secret_mismatch?'],
    [['--summary', 'keys'], 'did you mean key?'],
    [['--ip', '203.0.113'], 'invalid IP format :: 203.0.113'],
    [['--since', 'yesterday'], 'yesterday is neither a length of time (90s, 30m, 1h, 7d, 2w) nor a date'],
    [['--since', '24'], '24 is neither'],
    [['--since', '1h', '--until', '2h'], '--since is later than --until'],
    [['--before', '5', '--after', '2'], 'not both'],
    [['--before', 'x'], '--before is a whole number from 1'],
    [['--summary', 'key', '--type', 'change'], 'counts decisions'],
  ])('%j is refused, with what is known', async (args, words) => {
    const { code, stdout } = await ask(args);
    expect(stdout).toContain(words);
    expect(code).toBe(2);
  });

  it.each([
    [['--user', 'alise'], 'there is no user alise, and none in the record\n'],
    [['--key', 'A'.repeat(20)], `there is no access key ${'A'.repeat(20)}, and none in the record\n`],
    [['--command', 'v-list-usr'], 'there is no command v-list-usr, and none in the record\n'],
  ])('%j finds nothing and says so, beside an answer that scripts know', async (args, words) => {
    expect(await ask(['json', ...args])).toEqual({ code: 0, stdout: '[]\n', stderr: words });
  });

  it('names that are there, or were, are no typo', async () => {
    const gone = await service.makeKey('alice', 'mail-accounts');
    await service.ok('v-delete-access-key', gone.id);
    expect((await ask(['--key', gone.id, '--outcome', 'deny'])).stderr).toBe('');
    expect((await ask(['--user', 'alice', '--until', '2020-01-01T00:00Z'])).stderr).toBe('');
  });
});

describe('moments', () => {
  it('say how they were understood where no zone was given', async () => {
    const { stderr } = await ask(['--since', '2026-01-31 12:00', '--limit', '9']);
    expect(stderr).toMatch(/^--since: 2026-01-31T12:00:00[+-]\d\d:\d\d \(\S+\)\n$/);
    expect((await ask(['--since', '2026-01-31T12:00+02:00', '--limit', '9'])).stderr).toBe('');
    expect((await ask(['--since', '1h', '--limit', '9'])).stderr).toBe('');
  });

  it('of auth.log can be given as they stand there', async () => {
    const local = new Date(Date.now() - new Date().getTimezoneOffset() * 60_000 - 3_600_000);
    const asThere = local.toISOString().slice(0, 19).replace('T', ' ');
    expect(await list('--key', root.id, '--since', asThere)).not.toHaveLength(0);
    expect(await list('--key', root.id, '--until', asThere)).toHaveLength(0);
  });
});

describe('pages', () => {
  it('go through all events without a gap or one twice, backward and forward', async () => {
    const all = (await list('--key', root.id, '--limit', '1000')).map(({ id }) => id);
    expect(all.length).toBeGreaterThan(20);
    const numbers = async (...args: string[]): Promise<[string[], number[]]> => {
      const events = (await list('--key', root.id, '--limit', '7', ...args)) as (Event & { seq: number })[];
      return [events.map(({ id }) => id), events.map(({ seq }) => seq)];
    };
    const backward: string[] = [];
    let [page, seqs] = await numbers();
    while (page.length > 0) {
      backward.unshift(...page);
      [page, seqs] = await numbers('--before', String(Math.min(...seqs)));
    }
    expect(backward).toEqual(all);
    const forward: string[] = [];
    [page, seqs] = await numbers('--after', '1');
    while (page.length > 0) {
      forward.push(...page);
      [page, seqs] = await numbers('--after', String(Math.max(...seqs)));
    }
    expect(forward).toEqual(all);
  });

  it('are told of on standard error, unless a script has given a limit', async () => {
    const { stderr, stdout } = await ask(['--limit', '3', '--key', root.id], { columns: 200 });
    const [, number] = /\n\S.* (\d+)\n$/.exec(stdout) ?? [];
    expect(stderr).toBe(
      `3 are shown; if there are older ones: v-list-audit-events --limit 3 --key ${root.id} --before ${number ?? '?'}\n`,
    );
    expect((await ask(['--limit', '3'])).stderr).toBe('');
    expect((await ask(['--key', root.id, '--limit', '1000'], { columns: 200 })).stderr).toBe('');
  });
});

describe('formats', () => {
  it('jsonl has the events of json, an object on each line, the newest first', async () => {
    const { stdout } = await ask(['jsonl', '--key', root.id]);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as Event).reverse()).toEqual(await list('--key', root.id));
  });

  it('csv has a head and a row for each event; without events the head alone', async () => {
    const { stdout } = await ask(['csv', '--key', root.id]);
    const [head, ...rows] = stdout.trimEnd().split('\n');
    expect(head).toBe(
      'number,time,type,outcome,actor,clientAddress,command,args,reason,code,target,note,count,id',
    );
    expect(rows).toHaveLength((await list('--key', root.id)).length);
    expect((await ask(['csv', '--until', '2020-01-01T00:00Z'])).stdout).toBe(`${head ?? ''}\n`);
  });

  it('come whole in an answer of the API', async () => {
    const { body } = await service.call(root, 'v-list-audit-events', ['jsonl']);
    expect(body.split('\n').length).toBeGreaterThan(10);
    for (const line of body.split('\n')) expect(JSON.parse(line)).toHaveProperty('seq');
  });
});

describe('a summary', () => {
  it.each([
    ['command', 'v-list-user'],
    ['key', ''],
    ['user', 'admin'],
    ['ip', '127.0.0.1'],
    ['reason', 'secret_mismatch'],
  ])('by %s counts decisions', async (by, value) => {
    const head = by.toUpperCase();
    const rows = JSON.parse((await ask(['json', '--summary', by])).stdout) as Record<
      string,
      string | number
    >[];
    const counts = new Map(rows.map((row) => [row[head], row['COUNT']]));
    const wanted = value || root.id;
    const events = (await service.eventsAndSums('--type', 'decision')).filter(
      ({ actor, command, clientAddress, reason }) =>
        [actor.accessKeyId, actor.user, command, clientAddress, reason].includes(wanted),
    );
    expect(counts.get(wanted)).toBe(events.reduce((sum, { count = 1 }) => sum + count, 0));
  });

  it('has the other formats, too', async () => {
    expect((await ask(['--summary', 'command'])).stdout).toMatch(/^COMMAND +COUNT\n-------/);
    expect((await ask(['csv', '--summary', 'command'])).stdout).toMatch(/^command,count\nv-list-user,1\d\n/);
    expect((await ask(['plain', '--summary', 'command'])).stdout).toMatch(/^v-list-user\t1\d\n/);
  });
});

describe('at a terminal', () => {
  it.each([80, 100, 132, 200])(
    'of %d columns no line is wider, the newest event is first',
    async (columns) => {
      const { stdout, stderr } = await ask(['--key', root.id], { columns });
      const lines = stdout.trimEnd().split('\n');
      for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
      const newest = (await list('--key', root.id)).at(-1);
      expect(lines[2]).toContain(newest?.time.replace(/\.\d+Z/, 'Z'));
      if (columns === 80 || columns === 200)
        expect(stderr.includes('(--wide shows all)')).toBe(columns === 80);
    },
  );

  it('--wide shows all columns', async () => {
    const { stdout, stderr } = await ask(['--key', root.id, '--wide'], { columns: 80 });
    expect(stdout).toMatch(/^TIME +TYPE +OUTCOME +WHO +AS +ADDRESS +COMMAND +REASON +CODE +NUMBER\n/);
    expect(stderr).not.toContain('--wide');
  });

  it('has colour only where it is wanted; a pipe has none, whatever is asked for', async () => {
    const red = '\u001b[31m';
    const deny = ['--outcome', 'deny'];
    expect((await ask(deny, { columns: 100, hasColour: true })).stdout).toContain(red);
    expect((await ask(deny, { columns: 100, hasColour: false })).stdout).not.toContain('\u001b');
    expect((await ask(deny, { hasColour: true })).stdout).not.toContain('\u001b');
  });

  it('obeys nothing in what a client sent', async () => {
    const nasty = '\u001b[31mred\u001b[0m\u202e\u0007';
    await service.call(root, 'v-list-user', [nasty]);
    const { stdout } = await ask(['--limit', '5', '--wide'], { columns: 100, hasColour: true });
    expect(stdout).toContain('\\x1b[31mred\\x1b[0m\\u202e\\x07');
    expect(stdout.replace(style, '')).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
  });

  it.each([{ columns: 0 }, { columns: 100_000 }, { columns: '80' }, { hasColour: 'yes' }, { uid: -1 }])(
    'a size that is none (%j) is refused',
    async (more) => {
      expect((await ask([], more)).code).toBe(1);
    },
  );
});
