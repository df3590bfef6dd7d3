import { beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, appendFileSync, mkdirSync, renameSync, rmdirSync, rmSync, symlinkSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, Event, Fields, Key } from '../support/client.js';
import { commandsDirectory, temporaryFolder } from '../support/folders.js';
import { ServiceProcess } from '../support/processes.js';
import { recordLines } from '../support/record.js';
import { TestService } from '../support/test-service.js';
import { within } from '../support/waiting.js';
import { runCommand } from '../../src/setup/operator.js';

const command = 'v-list-mail-domains';
let service: TestService;
let root: Key;
let alice: Key;

beforeAll(async () => {
  const COMMANDS_DIR = commandsDirectory({
    [command]: { options: 'USER [FORMAT]', script: 'echo "mail of $1"; exit 0' },
    'v-list-failure': { script: 'exit 7' },
    'v-list-record': { options: 'FILE', script: 'cat "$1"' },
  });
  service = await TestService.start({ COMMANDS_DIR, TRUSTED_PROXIES: '127.0.0.2' });
  await service.ok('v-change-sys-config-value', 'API_SYSTEM', '2');
  await service.ok('v-add-sys-api-ip', '0.0.0.0');
  await service.addUser('alice');
  root = await service.makeKey('admin', '');
  alice = await service.makeKey('alice', 'mail-accounts');
});

const recordFile = (): string => join(service.dataDir, 'audit/events.jsonl');

/** The events that this work leaves. */
async function eventsOf(work: () => Promise<unknown>, client: Client = service): Promise<Event[]> {
  const before = new Set((await client.events()).map((event) => event.id));
  await work();
  return (await client.events()).filter(({ id }) => !before.has(id));
}

describe('every change leaves an event: who, what, the outcome and when', () => {
  const changes: [string, string[], Record<string, string>][] = [
    ['v-add-user', ['bob', 'secret-word-1', 'bob@example.com'], { user: 'bob' }],
    ['v-suspend-user', ['bob'], { user: 'bob' }],
    ['v-unsuspend-user', ['bob'], { user: 'bob' }],
    ['v-change-user-password', ['bob', 'secret-word-2'], { user: 'bob' }],
    [
      'v-add-access-key',
      ['bob', 'mail-accounts', 'A comment'],
      { user: 'bob', permissions: 'mail-accounts', comment: 'A comment' },
    ],
    ['v-delete-access-keys', ['bob'], { user: 'bob' }],
    ['v-delete-user', ['bob'], { user: 'bob' }],
    ['v-add-api', ['mine', 'user', command], { api: 'mine', role: 'user', commands: command }],
    ['v-change-api', ['mine', 'admin', command], { api: 'mine', role: 'admin' }],
    ['v-delete-api', ['mine'], { api: 'mine' }],
    ['v-add-sys-api-ip', ['192.0.2.1'], { address: '192.0.2.1' }],
    ['v-delete-sys-api-ip', ['192.0.2.1'], { address: '192.0.2.1' }],
    ['v-change-sys-config-value', ['API', 'yes'], { API: 'yes' }],
    ['v-change-sys-config-value', ['API', 'no'], { API: 'no' }],
    ['v-generate-api-key', [], {}],
  ];

  it.each(changes)('%s %j', async (name, args, target) => {
    const startedAt = Date.now();
    const events = await eventsOf(() => service.ok(name, ...args));
    expect(events.filter((event) => event.type === 'change')).toEqual([
      expect.objectContaining({ outcome: 'done', actor: { kind: 'operator' }, command: name }),
    ]);
    const change = events.find((event) => event.type === 'change');
    expect(change?.target).toMatchObject(target);
    expect(Date.parse(change?.time ?? '')).toBeGreaterThanOrEqual(startedAt - 1);
    expect(Date.parse(change?.time ?? '')).toBeLessThanOrEqual(Date.now());
  });

  it('also those of a key: suspended, unsuspended, changed, deleted', async () => {
    const key = await service.makeKey('alice', 'mail-accounts');
    const steps = [
      ['v-suspend-access-key', key.id],
      ['v-unsuspend-access-key', key.id],
      ['v-change-access-key', key.id, 'COMMENT', 'New words'],
      ['v-delete-access-key', key.id],
    ];
    for (const [name = '', ...args] of steps) await service.ok(name, ...args);
    const events = await service.events('--key', key.id, '--type', 'change');
    expect(events.map((event) => event.command)).toEqual([
      'v-add-access-key',
      ...steps.map(([name]) => name),
    ]);
    for (const { target } of events) expect(target).toMatchObject({ accessKeyId: key.id, user: 'alice' });
  });

  it('over HTTP names the key and where it came from', async () => {
    const events = await eventsOf(() =>
      service.call(root, 'v-add-sys-api-ip', ['192.0.2.7'], {
        from: '127.0.0.2',
        forwardedFor: '203.0.113.9',
      }),
    );
    const who = { kind: 'access_key', accessKeyId: root.id, user: 'admin' };
    expect(events).toEqual([
      expect.objectContaining({
        type: 'decision',
        outcome: 'allow',
        actor: who,
        clientAddress: '203.0.113.9',
        args: ['192.0.2.7'],
      }),
      expect.objectContaining({
        type: 'change',
        outcome: 'done',
        actor: who,
        clientAddress: '203.0.113.9',
        target: { address: '192.0.2.7' },
      }),
      expect.objectContaining({ type: 'result', outcome: 'done', actor: who, code: 0 }),
    ]);
  });

  it('one that failed leaves its result and no change', async () => {
    const events = await eventsOf(() => service.run('v-delete-user', 'nobody-here'));
    expect(events).toEqual([
      expect.objectContaining({
        type: 'result',
        outcome: 'failed',
        command: 'v-delete-user',
        code: 3,
        actor: { kind: 'operator' },
        target: { user: 'no***(11)' },
      }),
    ]);
  });

  it.each<[string, string[], Record<string, string>]>([
    ['v-suspend-user', ['admin'], { user: 'admin' }],
    ['v-delete-user', ['Hunter2-password'], { user: 'Hun***(16)' }],
    ['v-delete-access-key', ['A'.repeat(20)], { accessKeyId: 'AAA***(20)' }],
    ['v-add-api', ['billing', 'user', 'v-list-user'], { api: 'billing' }],
    ['v-add-sys-api-ip', ['10.0.0.0/99'], { address: '10***(11)' }],
    ['v-add-access-key', ['alice', 'no-such-api'], { user: 'alice' }],
    ['restore', ['/no/such/copy'], { file: '/no/such/copy' }],
  ])('one that failed keeps what it was about: %s %j', async (name, args, target) => {
    const events = await eventsOf(async () => expect((await service.run(name, ...args)).code).not.toBe(0));
    expect(events.map((event) => [event.outcome, event.target])).toEqual([['failed', target]]);
  });

  it('names the Unix user, who became that with sudo, and the terminal, as the command line says', async () => {
    const claims = { uid: 0, unixUser: 'root', sudoUser: 'olga', tty: 'pts/3' };
    const events = await eventsOf(() =>
      service.ask({ command: 'v-add-sys-api-ip', args: ['192.0.2.9'], ...claims }),
    );
    const who = { uid: '0', unixUser: 'root', sudoUser: 'olga', terminal: 'pts/3' };
    expect(events[0]?.actor).toEqual({ kind: 'operator', ...who });
  });

  it('names the Unix user of hearthkey setup, too', async () => {
    const events = await eventsOf(() =>
      runCommand(service.config.socketPath, 'v-add-sys-api-ip', '192.0.2.10'),
    );
    const { uid, username } = userInfo();
    expect(events[0]?.actor).toMatchObject({ kind: 'operator', uid: String(uid), unixUser: username });
  });

  it('names who became root with sudo', async () => {
    const events = await eventsOf(() =>
      service.ask({ command: 'v-add-sys-api-ip', args: ['192.0.2.8'], sudoUser: 'olga' }),
    );
    expect(events[0]?.actor).toEqual({ kind: 'operator', sudoUser: 'olga' });
  });
});

describe('every decision leaves an event', () => {
  it('an allowed command has one before it runs and one with its result', async () => {
    // The command itself reads the record, so it tells what was there when it ran.
    const { body } = await service.call(root, 'v-list-record', [recordFile()]);
    const last = JSON.parse(body.split('\n').at(-1) ?? '') as Event;
    expect(last).toMatchObject({
      type: 'decision',
      outcome: 'allow',
      actor: { kind: 'access_key', accessKeyId: root.id, user: 'admin' },
      clientAddress: '127.0.0.1',
      command: 'v-list-record',
    });
    const events = await eventsOf(() => service.call(root, 'v-list-failure'));
    expect(events.map(({ type, outcome, code }) => [type, outcome, code])).toEqual([
      ['decision', 'allow', undefined],
      ['result', 'failed', 7],
    ]);
  });

  it.each<[string, Fields, string, number, boolean]>([
    ['key_unknown', { access_key: 'A'.repeat(20) }, 'AAA***(20)', 9, false],
    ['secret_mismatch', { secret_key: 'x'.repeat(40) }, '', 9, false],
    ['credentials_malformed', { access_key: 'short' }, 's***(5)', 9, false],
    ['permission_missing', { cmd: 'v-delete-user' }, '', 10, true],
    ['command_unknown', { cmd: 'v-no-such-command' }, '', 10, true],
    ['command_malformed', { cmd: 'no/command' }, '', 2, false],
    ['command_missing', { cmd: '' }, '', 2, false],
    ['user_argument_mismatch', { arg1: 'admin' }, '', 10, true],
  ])('a denial for %s', async (reason, fields, who, code, knowsUser) => {
    const all = { access_key: alice.id, secret_key: alice.secret, cmd: command, arg1: 'alice', ...fields };
    const events = await eventsOf(() => service.api(all));
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      type: 'decision',
      outcome: 'deny',
      reason,
      code,
      clientAddress: '127.0.0.1',
      actor: { kind: 'access_key', accessKeyId: who || alice.id, ...(knowsUser ? { user: 'alice' } : {}) },
    });
  });

  it('also the denials for switches, addresses, suspensions and read-only mode', async () => {
    const reasons = async (work: () => Promise<unknown>): Promise<(string | undefined)[]> =>
      (await eventsOf(work)).filter((event) => event.type === 'decision').map((event) => event.reason);
    const call = () => service.call(alice, command, ['alice']);
    const set = (name: string, value: string) => service.ok('v-change-sys-config-value', name, value);
    expect(await reasons(async () => [await set('API_SYSTEM', '0'), await call()])).toEqual(['api_disabled']);
    expect(await reasons(async () => [await set('API_SYSTEM', '1'), await call()])).toEqual([
      'api_disabled_for_user',
    ]);
    await set('API_SYSTEM', '2');
    await set('API_ALLOWED_IP', '');
    expect(await reasons(call)).toEqual(['address_not_allowed']);
    await set('API_ALLOWED_IP', '0.0.0.0');
    await service.ok('v-suspend-user', 'alice');
    expect(await reasons(call)).toEqual(['user_suspended']);
    await service.ok('v-unsuspend-user', 'alice');
    await service.ok('v-suspend-access-key', alice.id);
    expect(await reasons(call)).toEqual(['key_suspended']);
    await service.ok('v-unsuspend-access-key', alice.id);
    await set('DEMO_MODE', 'yes');
    expect(await reasons(() => service.call(root, 'v-delete-user', ['alice']))).toEqual(['read_only']);
    await set('DEMO_MODE', 'no');
  });

  it('also those of v-check-access-key, with the address that it was asked about', async () => {
    const check = (secret: string) =>
      service.run('v-check-access-key', alice.id, secret, command, '203.0.113.7');
    const events = await eventsOf(async () => [await check(alice.secret), await check('x'.repeat(40))]);
    expect(events.map(({ outcome, clientAddress }) => [outcome, clientAddress])).toEqual([
      ['allow', '203.0.113.7'],
      ['deny', '203.0.113.7'],
    ]);
  });

  it('has one spelling of an address, however it was typed', async () => {
    const spellings = ['2001:DB8:0::0:1', '::FFFF:203.0.113.7', ''];
    const events = await eventsOf(async () => {
      for (const ip of spellings)
        await service.run('v-check-access-key', alice.id, alice.secret, command, ip);
    });
    const own = events.filter((event) => event.command === command);
    expect(own.map(({ clientAddress }) => clientAddress)).toEqual(['2001:db8::1', '203.0.113.7', '']);
  });
});

describe('auth.log', () => {
  const stamp = '\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d';

  it('has a line for each login outcome, in the format of Hestia', async () => {
    const from = { from: '127.0.0.2', forwardedFor: '203.0.113.9' };
    const count = service.authLog.length;
    await service.call(alice, command, ['alice'], from);
    await service.call({ ...alice, secret: 'x'.repeat(40) }, command, ['alice'], from);
    await service.call(alice, command, ['admin'], from);
    const lines = service.authLog.slice(count);
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(
      new RegExp(`^${stamp} ${alice.id} 203\\.0\\.113\\.9 ${command} successfully launched$`),
    );
    expect(lines[1]).toMatch(new RegExp(`^${stamp} ${alice.id} 203\\.0\\.113\\.9 failed to login$`));
    expect(lines[2]).toMatch(new RegExp(`^${stamp} ${alice.id} 203\\.0\\.113\\.9 failed to login$`));
  });

  it("a rule of fail2ban for Hestia finds the failures' addresses and nothing else", async () => {
    const rule = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \S+ (?<host>[0-9A-Fa-f.:]+) failed to login$/;
    const count = service.authLog.length;
    const wrong = { ...alice, secret: 'x'.repeat(40) };
    for (const forwardedFor of ['198.51.100.1', '2001:DB8::77', '::ffff:198.51.100.2']) {
      await service.call(wrong, command, ['alice'], { from: '127.0.0.2', forwardedFor });
      await service.call(alice, command, ['alice'], { from: '127.0.0.2', forwardedFor });
    }
    const hosts = service.authLog.slice(count).map((line) => rule.exec(line)?.groups?.['host']);
    expect(hosts.filter((host) => host !== undefined)).toEqual([
      '198.51.100.1',
      '2001:db8::77',
      '198.51.100.2',
    ]);
    expect(hosts).toHaveLength(6);
  });

  it("knows no refusal that is not the client's fault", async () => {
    const count = service.authLog.length;
    await service.ok('v-change-sys-config-value', 'API_SYSTEM', '0');
    await service.call(alice, command, ['alice']);
    await service.ok('v-change-sys-config-value', 'API_SYSTEM', '2');
    expect(service.authLog).toHaveLength(count);
  });
});

describe('forged lines', () => {
  const forged = '2026-01-01 00:00:00 admin 6.6.6.6 failed to login';

  it('no text of a client becomes a line of its own, in either file', async () => {
    const own = await service.makeKey('alice', 'mail-accounts'); // else it would be summed with what came before
    const linesBefore = recordLines(recordFile()).length;
    const authBefore = service.authLog.length;
    const attempts: Fields[] = [
      { access_key: `x\n${forged}`, secret_key: 'x', cmd: command },
      { access_key: `y\r${forged}`, secret_key: 'x', cmd: command },
      { access_key: `\u2028${forged}`, secret_key: 'x', cmd: command },
      { access_key: `x 6.6.6.6 failed to login`, secret_key: 'x', cmd: command },
      { access_key: own.id, secret_key: own.secret, cmd: `v-x\n${forged}` },
      {
        access_key: root.id,
        secret_key: root.secret,
        cmd: command,
        arg1: `a\n{"type":"decision"}\n${forged}`,
      },
    ];
    for (const fields of attempts) await service.api(fields);
    await service.call(alice, command, ['alice'], { from: '127.0.0.2', forwardedFor: `1.2.3.4\t${forged}` });
    const lines = service.authLog.slice(authBefore);
    expect(lines).toHaveLength(attempts.length + 1);
    for (const line of lines) {
      expect(line).not.toMatch(/^2026-01-01/);
      expect(line).toMatch(/^\S+ \S+ \S+ \S* ?(?:\S+ successfully launched|failed to login)$/);
    }
    // The last attempt was allowed, and has a result. Between them may stand a sum of failures from before.
    const added = recordLines(recordFile()).slice(linesBefore);
    expect(added.filter(({ count }) => count === undefined)).toHaveLength(attempts.length + 2);
    // In every line the address stands where fail2ban looks for it.
    for (const line of lines) expect(line).not.toMatch(/^\S+ \S+ \S+ 6\.6\.6\.6 /);
  });
});

describe('v-list-audit-events', () => {
  it('filters by key, user, command, address, type, outcome and reason', async () => {
    const one = await service.makeKey('alice', 'mail-accounts');
    const from = { from: '127.0.0.2', forwardedFor: '198.51.100.77' };
    await service.call(one, command, ['alice'], from);
    await service.call(one, command, ['admin'], from);
    const only = async (...filters: string[]): Promise<Event[]> => service.events(...filters);
    const ofKey = await only('--key', one.id);
    expect(ofKey.map(({ type, outcome }) => `${type} ${outcome}`)).toEqual([
      'change done',
      'decision allow',
      'result done',
      'decision deny',
    ]);
    expect(await only('--key', one.id, '--type', 'decision', '--outcome', 'deny')).toHaveLength(1);
    expect(await only('--ip', '198.51.100.77', '--command', command, '--type', 'decision')).toHaveLength(2);
    expect(await only('--ip', '198.51.100.77', '--reason', 'user_argument_mismatch')).toHaveLength(1);
    for (const event of await only('--user', 'alice', '--limit', '10')) {
      expect([event.actor.user, event.target?.['user']]).toContain('alice');
    }
    expect(await only('--reason', 'overloaded')).toEqual([]);
  });

  it('takes the newest so many, and shows the newest last', async () => {
    await service.call(alice, command, ['alice']);
    const ofKey = ['--key', alice.id, '--outcome', 'done'];
    const [event] = await service.events('--limit', '1', ...ofKey);
    expect(event).toMatchObject({ type: 'result', actor: { accessKeyId: alice.id } });
    const three = await service.events('--limit', '3', ...ofKey);
    expect(three.at(-1)?.id).toBe(event?.id);
    expect(three).toHaveLength(3);
    const times = (await service.events(...ofKey)).map(({ time }) => time);
    expect(times).toEqual([...times].sort());
  });

  it('takes a span of time', async () => {
    const middle = new Date().toISOString();
    await sleep(5);
    await service.call(alice, command, ['alice']);
    const ofKey = ['--key', alice.id, '--outcome', 'done'];
    const all = (await service.events(...ofKey)).length;
    const since = await service.events('--since', middle, ...ofKey);
    expect(since.length).toBeGreaterThan(0);
    expect(since.length + (await service.events('--until', middle, ...ofKey)).length).toBe(all);
    expect((await service.events('--since', '1h', ...ofKey)).length).toBe(all);
    expect(await service.events('--until', '1h', ...ofKey)).toEqual([]);
  });

  it('has a shell, a plain and a JSON form', async () => {
    expect(await service.ok('v-list-audit-events')).toMatch(/^TIME +TYPE +OUTCOME +WHO +ADDRESS +COMMAND/);
    expect((await service.ok('v-list-audit-events', 'plain')).split('\n')[0]?.split('\t')).toHaveLength(8);
  });

  it.each([
    [['xml'], 2],
    [['--limit', '0'], 2],
    [['--limit', 'many'], 2],
    [['--since', 'yesterday-ish'], 2],
    [['--nonsense', 'x'], 1],
    [['--limit'], 1],
  ])('%j is refused with %i', async (args, code) => {
    expect((await service.run('v-list-audit-events', ...args)).code).toBe(code);
  });
});

describe('a record that cannot be written', () => {
  const ways: [string, () => () => void][] = [
    [
      'because a directory is in its place',
      () => {
        const file = recordFile();
        renameSync(file, `${file}.aside`);
        mkdirSync(file);
        return () => {
          rmdirSync(file);
          renameSync(`${file}.aside`, file);
        };
      },
    ],
    [
      'because the disk is full',
      () => {
        const file = recordFile();
        renameSync(file, `${file}.aside`);
        symlinkSync('/dev/full', file);
        return () => {
          rmSync(file);
          renameSync(`${file}.aside`, file);
        };
      },
    ],
    [
      'because its folder is gone',
      () => {
        const folder = join(service.dataDir, 'audit');
        renameSync(folder, `${folder}.aside`);
        return () => renameSync(`${folder}.aside`, folder);
      },
    ],
  ];

  it.each(ways)('%s: denied with 13, nothing runs, and it recovers by itself', async (_why, breakIt) => {
    const count = (await service.events()).length;
    const mend = breakIt();
    try {
      await within(
        10_000,
        'a call is denied',
        async () => (await service.call(alice, command, ['alice'])).code === 13,
      );
      for (let attempt = 0; attempt < 5; attempt++) {
        expect(await service.call(alice, command, ['alice'])).toMatchObject({ status: 503, code: 13 });
        expect((await service.call(root, 'v-delete-user', ['alice'])).code).toBe(13);
        expect((await service.run('v-check-access-key', alice.id, alice.secret, command)).code).toBe(13);
        // Other files stay what they are: no descriptor is written to that is not the record's.
        expect(JSON.parse((await service.request('GET', '/livez', undefined)).body)).toMatchObject({
          status: 'ok',
        });
      }
      expect(service.log).toContain('the audit record could not be written');
      // An operator is told how it ended, whatever the record says.
      expect((await service.run('v-delete-user', 'nobody-here')).code).toBe(3);
      await service.ok('v-add-sys-api-ip', '192.0.2.99');
    } finally {
      mend();
    }
    await within(
      10_000,
      'a call is allowed',
      async () => (await service.call(alice, command, ['alice'])).code === 0,
    );
    // The change that was acknowledged meanwhile comes into the record as well.
    await within(10_000, 'the change is in the record', async () =>
      (await service.events('--command', 'v-add-sys-api-ip')).some(
        ({ target }) => target?.['address'] === '192.0.2.99',
      ),
    );
    await service.ok('v-delete-sys-api-ip', '192.0.2.99');
    expect((await service.events()).length).toBeGreaterThan(count);
  });

  it('that was moved away by log rotation is begun anew', async () => {
    const file = recordFile();
    renameSync(file, `${file}.1`);
    await within(1100, 'it is begun anew', () => existsSync(file));
    expect((await service.call(alice, command, ['alice'])).code).toBe(0);
    const [begun, ...events] = recordLines(file);
    expect(begun).toMatchObject({ type: 'note', note: 'record_begun' });
    expect(events.map(({ type }) => type)).toEqual(['decision', 'result']);
  });
});

describe('kill -9', () => {
  it('right after an answer loses no decision that was answered', async () => {
    const DATA_DIR = join(temporaryFolder(), 'data');
    const COMMANDS_DIR = commandsDirectory({ [command]: { options: 'USER', script: 'exit 0' } });
    const first = await ServiceProcess.start({ DATA_DIR, COMMANDS_DIR, LOG_LEVEL: 'silent' });
    await first.ok('v-add-sys-api-ip', '127.0.0.1');
    const key = await first.makeKey('admin', '');
    const answered: string[] = [];
    let sent = 0;
    const work = async (): Promise<void> => {
      for (;;) {
        const mark = `mark-${String(++sent)}`;
        const answer = await first.call(key, command, [mark]);
        if (answer.code === 0) answered.push(mark);
      }
    };
    const workers = Promise.allSettled([work(), work(), work(), work()]);
    await within(20_000, 'enough answers', () => answered.length >= 40);
    await first.end('SIGKILL');
    await workers;
    // What a kill in the middle of a write may leave behind.
    appendFileSync(join(DATA_DIR, 'audit/events.jsonl'), '{"id":"half of a li');
    const second = await ServiceProcess.start({ DATA_DIR, COMMANDS_DIR, LOG_LEVEL: 'silent' });
    expect((await second.call(key, command, ['after'])).code).toBe(0);
    const events = await second.events('--command', command, '--type', 'decision');
    const recorded = events.map((event) => event.args?.[0] ?? '');
    expect(recorded).toEqual(expect.arrayContaining([...answered, 'after']));
    await second.end();
  });
});
