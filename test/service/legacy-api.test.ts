import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Changes } from '../../src/storage/changes.js';
import { UserStore } from '../../src/users/user-store.js';
import { countOf, type Fields, type HttpAnswer, type Key } from '../support/client.js';
import { commandsDirectory } from '../support/folders.js';
import { TestService } from '../support/test-service.js';
import { within } from '../support/waiting.js';

const password = 'root-password-1';
const scripts = {
  'v-list-arguments': {
    options: 'USER',
    script: 'printf "%s" "$#"; for a in "$@"; do printf "[%s]" "$a"; done',
  },
  'v-list-code': { options: 'CODE [TEXT]', script: 'printf "%s" "$2"; exit "$1"' },
  'v-list-json': { script: `echo '{"a":1}'` },
  'v-change-something': { script: 'echo changed' },
};
let service: TestService;
let key: string;
let accessKey: Key;

beforeAll(async () => {
  service = await TestService.startOpen(['alice'], { COMMANDS_DIR: commandsDirectory(scripts) });
  await service.ok('v-change-user-password', 'admin', password);
  key = (await service.ok('v-generate-api-key')).trim();
  accessKey = await service.makeKey('admin', '');
});

beforeEach(async () => {
  await service.ok('v-change-sys-config-value', 'API', 'yes');
  await service.ok('v-change-sys-config-value', 'API_ALLOWED_IP', '127.0.0.1');
});

const byKey = (): Fields => ({ hash: key });
const byPassword = (): Fields => ({ user: 'admin', password });
const ways: [string, () => Fields][] = [
  ['a legacy key', byKey],
  ['user and password', byPassword],
];

function seen({ status, code, body }: HttpAnswer): { status: number; code: number; body: string } {
  return { status, code, body };
}

/** What legacy credentials get for a command that ran: always 200, no exit code. */
function ran(body: string): { status: number; code: number; body: string } {
  return { status: 200, code: NaN, body };
}

async function newestDecision() {
  return (await service.events('--type', 'decision')).at(-1);
}

describe.each(ways)('%s', (_way, credentials) => {
  const call = async (cmd: string, more: Fields = {}) =>
    seen(await service.api({ ...credentials(), cmd, ...more }));

  it('runs every command for every user, with the output as its answer', async () => {
    expect(await call('v-list-arguments', { arg1: 'alice', arg3: 'c' })).toEqual(ran('2[alice][c]\n'));
    expect(await call('v-list-json')).toEqual(ran('{"a":1}\n'));
    expect((await call('v-list-users', { arg1: 'plain' })).body).toMatch(/^admin\t\tdefault\t/);
  });

  it('is recorded with the arguments, what may be secret masked', async () => {
    // The command names its first argument only.
    await call('v-list-arguments', { arg1: 'alice', arg2: 'b c' });
    expect(await newestDecision()).toMatchObject({ outcome: 'allow', args: ['alice', '***'] });
    await call('v-change-user-password', { arg1: 'alice', arg2: 'other-horse-12' });
    const { args } = (await newestDecision()) as { args?: string[] };
    expect(args?.[0]).toBe('alice');
    expect(JSON.stringify(args)).not.toContain('horse');
  });

  it('is answered OK by a command that says nothing, and never when that failed', async () => {
    expect(await call('v-list-code', { arg1: '0' })).toEqual(ran('OK'));
    expect(await call('v-list-code', { arg1: '3', arg2: 'Error: nope' })).toEqual(ran('Error: nope\n'));
    expect(await call('v-list-code', { arg1: '3' })).toEqual(ran('Error: v-list-code ended with code 3'));
    expect(await call('v-nothing')).toEqual(ran('Error: Command v-nothing not found\n'));
  });

  it('with returncode=yes gets the code alone, and only for the word yes', async () => {
    for (const code of ['0', '3', '10']) {
      expect(await call('v-list-code', { arg1: code, arg2: 'text', returncode: 'yes' })).toEqual(ran(code));
    }
    expect(await call('v-nothing', { returncode: 'yes' })).toEqual(ran('127'));
    for (const word of ['no', 'YES', '1', 'true', '']) {
      expect(await call('v-list-code', { arg1: '0', arg2: 'text', returncode: word })).toEqual(ran('text\n'));
    }
  });

  it('needs a command that is one', async () => {
    expect(await call('')).toEqual({ status: 422, code: 2, body: 'Error: Command not provided' });
    expect(await call('../v-list-users')).toEqual({ status: 422, code: 2, body: 'Error: Command invalid' });
    expect(await call('', { returncode: 'yes' })).toEqual({ status: 422, code: 2, body: '2' });
  });

  it('is refused where API=no, in the very next request, whatever API_SYSTEM says', async () => {
    await service.ok('v-change-sys-config-value', 'API', 'no');
    expect(await call('v-list-users')).toEqual({
      status: 400,
      code: 11,
      body: 'Error: API has been disabled',
    });
    expect(await call('v-list-users', { returncode: 'yes' })).toEqual({ status: 400, code: 11, body: '11' });
    expect((await service.call(accessKey, 'v-list-users')).code).toBe(0);
    await service.ok('v-change-sys-config-value', 'API', 'yes');
    await service.ok('v-change-sys-config-value', 'API_SYSTEM', '0');
    expect((await call('v-list-users')).status).toBe(200);
    expect((await service.call(accessKey, 'v-list-users')).code).toBe(11);
    await service.ok('v-change-sys-config-value', 'API_SYSTEM', '2');
  });

  it('is refused from an address that is not allowed, before the secret is looked at', async () => {
    await service.ok('v-change-sys-config-value', 'API_ALLOWED_IP', '203.0.113.9');
    const refused = { status: 401, code: 10, body: 'Error: IP is not allowed to connect with API' };
    const recorded = async () => countOf(await service.eventsAndSums('--reason', 'address_not_allowed'));
    const before = await recorded();
    expect(await call('v-list-users')).toEqual(refused);
    expect(await call('v-list-users', { returncode: 'yes' })).toEqual({ ...refused, body: '10' });
    await within(10_000, 'both are recorded', async () => (await recorded()) >= before + 2);
    await service.ok('v-add-sys-api-ip', '127.0.0.0/8');
    expect((await call('v-list-users')).status).toBe(200);
  });

  it('is not let in by 0.0.0.0 as an access key is, but by allow-all', async () => {
    await service.ok('v-change-sys-config-value', 'API_ALLOWED_IP', '0.0.0.0');
    expect((await call('v-list-users')).code).toBe(10);
    expect((await service.call(accessKey, 'v-list-users')).code).toBe(0);
    await service.ok('v-change-sys-config-value', 'API_ALLOWED_IP', 'allow-all');
    expect((await call('v-list-users')).status).toBe(200);
  });

  it('changes nothing in read-only mode, and still reads', async () => {
    await service.ok('v-change-sys-config-value', 'DEMO_MODE', 'yes');
    for (const cmd of ['v-change-something', 'v-suspend-user', 'v-generate-api-key']) {
      expect(await call(cmd, { arg1: 'alice', returncode: 'yes' })).toEqual(ran('1'));
    }
    expect((await call('v-list-json')).body).toBe('{"a":1}\n');
    await service.ok('v-change-sys-config-value', 'DEMO_MODE', 'no');
  });

  it('is refused while the root user is suspended', async () => {
    // No command suspends the root user; a store of an older version may have one that is.
    await service.part<Changes>(Changes).run(async (change) => {
      await service.part<UserStore>(UserStore).update(change.trx, 'admin', { is_suspended: 1 });
      change.touch('user', 'admin');
    });
    expect(await call('v-list-users')).toMatchObject({ status: 401, code: 9 });
    await service.ok('v-unsuspend-user', 'admin');
    expect((await call('v-list-users')).status).toBe(200);
  });

  it('never gets into the audit or the log', async () => {
    await call('v-list-json');
    const kept = JSON.stringify(await service.events()) + service.log + service.authLog.join('\n');
    for (const secret of [key, password]) expect(kept).not.toContain(secret);
  });
});

describe('a legacy key', () => {
  it.each([
    ['another one', () => 'A'.repeat(32)],
    ['a part of it', () => key.slice(0, 31)],
    ['one with a character more', () => `${key}x`],
    ['one behind a path', () => `/a/${key}`],
    [
      'one in another case',
      () => [...key].map((c) => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase())).join(''),
    ],
    ['an ID with a secret that nobody has', () => `${'A'.repeat(20)}:${'a'.repeat(40)}`],
  ])('is not %s', async (_what, hash) => {
    const refused = await service.api({ hash: hash(), cmd: 'v-list-json' });
    expect(refused).toMatchObject({ status: 401, code: 9 });
    expect(refused.body).toMatch(/^Error: (authentication failed|Invalid access key or secret)$/);
    expect(await service.api({ hash: hash(), cmd: 'v-list-json', returncode: 'yes' })).toMatchObject({
      body: '9',
    });
  });

  it('counts before user and password where both are sent', async () => {
    expect((await service.api({ ...byPassword(), hash: 'A'.repeat(32), cmd: 'v-list-json' })).code).toBe(9);
    expect((await service.api({ user: 'admin', password: 'x', ...byKey(), cmd: 'v-list-json' })).status).toBe(
      200,
    );
  });

  it('is recorded as such when it is used', async () => {
    await service.api({ ...byKey(), cmd: 'v-list-json' });
    expect(await newestDecision()).toMatchObject({
      outcome: 'allow',
      actor: { kind: 'legacy_key', user: 'admin' },
      command: 'v-list-json',
      clientAddress: '127.0.0.1',
    });
  });
});

describe('a password', () => {
  const login = async (user: string, secret: string, more: Fields = {}) =>
    seen(await service.api({ user, password: secret, cmd: 'v-list-json', ...more }));
  const failed = 'Error: authentication failed';

  it('that is wrong, empty or missing is refused with 9', async () => {
    for (const wrong of ['wrong', '', `${password}x`, password.toUpperCase()]) {
      expect(await login('admin', wrong)).toEqual({ status: 401, code: 9, body: failed });
    }
    expect(await login('admin', 'wrong', { returncode: 'yes' })).toMatchObject({ code: 9, body: '9' });
    expect((await service.api({ user: 'admin', cmd: 'v-list-json' })).code).toBe(9);
  });

  it('of a user who is not the root user is refused with 10, right or wrong, there or not', async () => {
    for (const [user, secret] of [
      ['alice', 'correct-horse-1'],
      ['alice', 'wrong'],
      ['nobody', 'wrong'],
      ['', password],
      ['Admin', password],
      ['../admin', password],
    ] as const) {
      expect(await login(user, secret)).toEqual({ status: 401, code: 10, body: failed });
    }
  });

  it('that was changed is refused in the very next request, and the new one is right', async () => {
    await service.ok('v-change-user-password', 'admin', 'root-password-2');
    expect((await login('admin', password)).code).toBe(9);
    expect((await login('admin', 'root-password-2')).status).toBe(200);
    await service.ok('v-change-user-password', 'admin', password);
    expect((await login('admin', 'root-password-2')).code).toBe(9);
  });

  it('is refused while LOGIN_DISABLED=yes; access keys and legacy keys go on', async () => {
    await service.ok('v-change-user-config-value', 'admin', 'LOGIN_DISABLED', 'yes');
    expect(await login('admin', password)).toEqual({ status: 401, code: 9, body: failed });
    expect((await newestDecision())?.reason).toBe('login_disabled');
    expect((await service.call(accessKey, 'v-list-json')).code).toBe(0);
    expect((await service.api({ ...byKey(), cmd: 'v-list-json' })).status).toBe(200);
    expect(
      (await service.run('v-check-access-key', accessKey.id, accessKey.secret, 'v-list-json')).code,
    ).toBe(0);
    expect((await service.run('v-check-api-key', key)).code).toBe(0);
    await service.ok('v-change-user-config-value', 'admin', 'LOGIN_DISABLED', 'no');
    expect((await login('admin', password)).status).toBe(200);
  });

  it('cannot have LOGIN_DISABLED changed by a key that may not do everything', async () => {
    await service.ok('v-add-api', 'logins', 'admin', 'v-change-user-config-value');
    const limited = await service.makeKey('admin', 'logins');
    const args = (user: string): string[] => [user, 'LOGIN_DISABLED', 'yes'];
    expect((await service.call(limited, 'v-change-user-config-value', args('admin'))).code).toBe(10);
    expect((await service.call(limited, 'v-change-user-config-value', args('alice'))).code).toBe(0);
    expect((await login('admin', password)).status).toBe(200);
  });
});
