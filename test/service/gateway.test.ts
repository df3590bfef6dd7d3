import { beforeAll, describe, expect, it } from '@jest/globals';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { Fields, Key } from '../support/client.js';
import { commandsDirectory, temporaryFolder } from '../support/folders.js';
import { TestService } from '../support/test-service.js';
import { within } from '../support/waiting.js';

const form = 'application/x-www-form-urlencoded';
const scripts = {
  // Prints its arguments one by one, so that nothing about them can hide.
  'v-list-arguments': {
    options: 'USER A B C D E F G H I J K L',
    script: 'printf "%s" "$#"; for a in "$@"; do printf "[%s]" "$a"; done',
  },
  'v-list-environment': { script: 'env' },
  'v-list-identity': { script: 'id -u; id -g; id -G; pwd' },
  'v-list-input': { script: 'if read -r line; then echo "got $line"; else echo nothing; fi' },
  'v-list-slowly': { options: 'FILE', script: 'while [ ! -e "$1" ]; do sleep 0.1; done; echo slow' },
  'v-list-forever': { options: 'FILE', script: 'sleep 600 & echo "$$ $!" > "$1"; wait' },
  'v-list-flood': { script: 'while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done' },
  'v-list-code': { options: 'CODE', script: 'echo "ends with $1"; exit "$1"' },
  'v-list-signal': { script: 'kill -9 $$' },
  'v-list-nothing': { script: 'exit 0' },
  'v-list-json': { script: `echo '{"a":1}'` },
  'v-list-spaces': { script: 'printf "\\n  first  \\nsecond \\t\\n\\n"' },
  'v-list-errors': { script: 'echo to-stderr >&2; echo to-stdout' },
  'v-list-daemon': { options: 'FILE', script: 'setsid sleep 600 & echo $! > "$1"; echo started' },
  'v-list-of-user': { options: 'USER [FORMAT]', script: 'echo "of $1"' },
  'v-list-second': { options: 'NAME USER', script: 'echo "of $2"' },
  'v-list-system': { options: '[FORMAT]', script: 'echo system' },
};
let service: TestService;
let root: Key;
let alice: Key;

beforeAll(async () => {
  service = await TestService.start({
    COMMANDS_DIR: commandsDirectory(scripts),
    COMMAND_OUTPUT_LIMIT: '65536',
    TRUSTED_PROXIES: '127.0.0.2, 127.0.0.3',
  });
  await service.ok('v-change-sys-config-value', 'API_SYSTEM', '2');
  await service.ok('v-add-sys-api-ip', '127.0.0.1');
  await service.addUser('alice');
  await service.ok(
    'v-add-api',
    'lists',
    'user',
    'v-list-of-user,v-list-second,v-list-system,v-list-arguments',
  );
  root = await service.makeKey('admin', '');
  alice = await service.makeKey('alice', 'lists');
});

/** Whether there is such a process, and it is no zombie that nobody has waited for yet. */
function isRunning(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${String(pid)}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

function json(value: unknown, type = 'application/json') {
  return service.post(typeof value === 'string' ? value : JSON.stringify(value), type);
}

function credentials(key: Key): Fields {
  return { access_key: key.id, secret_key: key.secret };
}

describe('a request', () => {
  it('may be a form or JSON, at /api, /api/ and /api/index.php', async () => {
    const fields = { ...credentials(alice), cmd: 'v-list-of-user', arg1: 'alice' };
    const expected = { status: 200, code: 0, body: 'of alice' };
    expect(await service.api(fields)).toMatchObject(expected);
    expect(await json(fields)).toMatchObject(expected);
    expect(await json(fields, 'text/plain')).toMatchObject(expected);
    for (const path of ['/api', '/api/index.php']) {
      const body = new URLSearchParams(fields).toString();
      expect(await service.request('POST', path, body, { headers: { 'Content-Type': form } })).toMatchObject(
        expected,
      );
    }
  });

  it('may give the key as hash=ID:SECRET', async () => {
    const fields = { hash: alice.pair, cmd: 'v-list-of-user', arg1: 'alice' };
    expect(await service.api(fields)).toMatchObject({ code: 0, body: 'of alice' });
    expect(await json(fields)).toMatchObject({ code: 0, body: 'of alice' });
    expect((await service.api({ ...fields, hash: `${alice.id}:${'x'.repeat(40)}` })).code).toBe(9);
  });

  it('passes arg1 to arg13 on as they are: no shell ever sees them', async () => {
    const nasty = [
      'alice',
      '$(id)',
      '`id`',
      '; id',
      '&& id',
      '| id',
      '> /tmp/x',
      '"quoted"',
      "it's",
      '*',
      'a  b',
      '\\',
      'é€😀',
    ];
    const answer = await service.call(root, 'v-list-arguments', nasty);
    expect(answer.body).toBe(`13${nasty.map((arg) => `[${arg}]`).join('')}`);
  });

  it('ignores arg14 and what it does not know', async () => {
    const answer = await service.api({
      ...credentials(root),
      cmd: 'v-list-arguments',
      arg1: 'a',
      arg14: 'x',
      other: 'y',
    });
    expect(answer.body).toBe('1[a]');
  });

  it('closes up over an argument that was left out, and keeps one that is empty', async () => {
    const fields = { ...credentials(root), cmd: 'v-list-arguments' };
    expect((await service.api({ ...fields, arg1: 'a', arg3: 'c' })).body).toBe('2[a][c]');
    expect((await service.api({ ...fields, arg1: 'a', arg2: '', arg3: 'c' })).body).toBe('3[a][][c]');
  });

  it('with returncode=yes gets the code alone', async () => {
    const fields = { ...credentials(root), returncode: 'yes' };
    expect(await service.api({ ...fields, cmd: 'v-list-json' })).toMatchObject({
      status: 200,
      code: 0,
      body: '0',
    });
    const failed = await service.api({ ...fields, cmd: 'v-list-code', arg1: '3' });
    expect(failed).toMatchObject({ status: 200, code: 3, body: '3' });
    const denied = await service.api({ ...fields, secret_key: 'x'.repeat(40), cmd: 'v-list-json' });
    expect(denied).toMatchObject({ status: 401, code: 9, body: '9' });
  });

  it('by another method gets 405', async () => {
    for (const method of ['GET', 'PUT', 'DELETE', 'PATCH']) {
      expect((await service.request(method, '/api/', undefined)).status).toBe(405);
    }
    const query = new URLSearchParams({ ...credentials(root), cmd: 'v-list-users' }).toString();
    expect((await service.request('GET', `/api/?${query}`, undefined)).status).toBe(405);
    expect((await service.request('POST', `/api/?${query}`, '')).status).toBe(405);
  });
});

describe("a user's key is held to its own user", () => {
  it.each([
    ['another user', 'v-list-of-user', ['admin'], 10],
    ['no user', 'v-list-of-user', [], 10],
    ['an empty user', 'v-list-of-user', [''], 10],
    ['the user in another case', 'v-list-of-user', ['ALICE'], 10],
    ['an option in its place', 'v-list-of-user', ['--', 'alice'], 10],
    ['a path to the user', 'v-list-of-user', ['../alice'], 10],
    ['the right user', 'v-list-of-user', ['alice'], 0],
    ['the user in the first place of a command that has it second', 'v-list-second', ['alice', 'admin'], 10],
    ['the user in its second place', 'v-list-second', ['x', 'alice'], 0],
    ['a command that names no user', 'v-list-system', [], 10],
    ['a command that names no user, with one', 'v-list-system', ['alice'], 10],
  ])('%s', async (_what, cmd, args, code) => {
    expect((await service.call(alice, cmd, args)).code).toBe(code);
  });

  it('also where a gap would move another text into the place of the user', async () => {
    const fields = { ...credentials(alice), cmd: 'v-list-second' };
    expect((await service.api({ ...fields, arg2: 'alice', arg3: 'admin' })).code).toBe(10);
    expect((await service.api({ ...fields, arg1: 'x', arg3: 'alice' })).code).toBe(10);
    expect((await service.api({ ...credentials(alice), cmd: 'v-list-of-user', arg2: 'alice' })).code).toBe(
      10,
    );
  });
});

describe('every refusal has its status, its code and a text', () => {
  it.each<[string, Fields, number, number]>([
    ['no such command', { cmd: 'v-no-such-command' }, 401, 10],
    ['no command', {}, 422, 2],
    ['an empty command', { cmd: '' }, 422, 2],
    ['a path as the command', { cmd: '../../bin/sh' }, 422, 2],
    ['a shell line as the command', { cmd: 'v-list-users;id' }, 422, 2],
    ['a command with NUL', { cmd: 'v-list-users\u0000x' }, 422, 2],
    ['an argument with NUL', { cmd: 'v-list-of-user', arg1: 'ali\u0000ce' }, 422, 2],
    ['a command outside the permissions', { cmd: 'v-delete-user', arg1: 'alice' }, 401, 10],
    ['an unknown key', { access_key: 'A'.repeat(20), cmd: 'v-list-of-user', arg1: 'alice' }, 401, 9],
    ['a malformed key', { access_key: 'short', cmd: 'v-list-of-user', arg1: 'alice' }, 401, 9],
    ['a key with a path', { access_key: '../../../etc/passwd', cmd: 'v-list-of-user' }, 401, 9],
    ['a wrong secret', { secret_key: 'x'.repeat(40), cmd: 'v-list-of-user', arg1: 'alice' }, 401, 9],
    ['a malformed secret', { secret_key: 'x', cmd: 'v-list-of-user', arg1: 'alice' }, 401, 9],
  ])('%s', async (_what, fields, status, code) => {
    const answer = await service.api({ ...credentials(alice), ...fields });
    expect({ status: answer.status, code: answer.code }).toEqual({ status, code });
    expect(answer.body).toMatch(/^Error: \S/);
    expect(answer.headers['content-type']).toMatch(/^text\/plain/);
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
  });

  it('credentials that are missing get 405', async () => {
    expect((await service.api({ cmd: 'v-list-users' })).status).toBe(405);
    expect((await service.api({ access_key: root.id, cmd: 'v-list-users' })).status).toBe(405);
    expect((await service.api({ secret_key: root.secret, cmd: 'v-list-users' })).status).toBe(405);
  });

  it('a command that is known but not here gets 3 for one who may run it', async () => {
    expect(await service.call(root, 'v-add-web-domain', ['alice', 'x.example'])).toMatchObject({
      status: 400,
      code: 3,
    });
  });

  it('comes in this order: switch, address, command, secret, suspension, permission, owner, user argument', async () => {
    const key = await service.makeKey('alice', 'lists');
    const call = async (fields: Fields = {}): Promise<number> =>
      (await service.api({ ...credentials(key), cmd: 'v-list-of-user', arg1: 'alice', ...fields })).code;
    const otherUser = { arg1: 'admin' };
    const outside = { cmd: 'v-delete-user', ...otherUser };
    const wrong = { ...outside, secret_key: 'x'.repeat(40) };
    expect(await call()).toBe(0);
    expect(await call(otherUser)).toBe(10);
    await service.ok('v-suspend-user', 'alice');
    expect((await service.api({ ...credentials(key), cmd: 'v-list-of-user', ...otherUser })).body).toMatch(
      /suspended/,
    );
    expect((await service.api({ ...credentials(key), ...outside })).body).toMatch(/permission/);
    await service.ok('v-suspend-access-key', key.id);
    expect((await service.api({ ...credentials(key), ...outside })).body).toMatch(/key .* is suspended/);
    expect((await service.api({ ...credentials(key), ...wrong })).body).toMatch(/Invalid access key/);
    expect(await call({ ...wrong, cmd: '' })).toBe(2);
    await service.ok('v-delete-sys-api-ip', '127.0.0.1');
    expect(await call({ ...wrong, cmd: '' })).toBe(10);
    await service.ok('v-change-sys-config-value', 'API_SYSTEM', '0');
    expect(await call({ ...wrong, cmd: '' })).toBe(11);
    await service.ok('v-change-sys-config-value', 'API_SYSTEM', '2');
    await service.ok('v-add-sys-api-ip', '127.0.0.1');
    await service.ok('v-unsuspend-user', 'alice');
  });
});

describe('malformed input never ends in 500', () => {
  it.each<[string, unknown, number[], number[]]>([
    ['an array as an argument', { arg1: ['alice'] }, [422], [2]],
    ['an object as an argument', { arg1: { a: 1 } }, [422], [2]],
    ['an array as the command', { cmd: ['v-list-users'] }, [422], [2]],
    ['an object as returncode', { returncode: {} }, [422], [2]],
    ['an array as the key', { access_key: ['x'] }, [401], [9]],
    ['an object as the secret', { secret_key: {} }, [401], [9]],
    [
      'an array as the hash',
      { access_key: undefined, secret_key: undefined, hash: ['x'] },
      [400, 401],
      [9, 11],
    ],
    ['a number as an argument', { arg1: 5 }, [401], [10]],
    ['true as the command', { cmd: true }, [401, 422], [2, 10]],
    ['null as an argument', { arg1: null }, [401], [10]],
    ['__proto__', JSON.parse('{"__proto__": {"cmd": "x"}, "arg1": "admin"}'), [401], [10]],
  ])('%s', async (_what, fields, statuses, codes) => {
    const answer = await json({
      ...credentials(alice),
      cmd: 'v-list-of-user',
      arg1: 'admin',
      ...(fields as object),
    });
    expect(statuses).toContain(answer.status);
    expect(codes).toContain(answer.code);
  });

  it.each<[string, string | Buffer, string | undefined]>([
    ['nothing', '', form],
    ['nothing at all', '', undefined],
    ['JSON that is cut off', '{"access_key": "', 'application/json'],
    ['a JSON list', '[1,2]', 'application/json'],
    ['JSON null', 'null', 'application/json'],
    ['deep JSON', '['.repeat(50_000), 'application/json'],
    ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00, 0x80]), form],
    ['percent signs', '%%%=%zz&access_key=%&secret_key=%', form],
    ['many fields', 'a=1&'.repeat(100_000), form],
    ['a multipart body', '--x\r\n\r\n--x--', 'multipart/form-data; boundary=x'],
    ['an odd type', 'x', 'application/x-unknown; charset="'],
    ['no type that is one', '{}', ';;;'],
    ['an array in the form', 'access_key[]=x&secret_key[a]=y&cmd=z', form],
  ])('%s', async (_what, body, type) => {
    const answer = await service.post(body, type);
    expect([401, 405, 415, 422]).toContain(answer.status);
  });

  it('a body that is too large gets 413, and the next request is served', async () => {
    const fields = new URLSearchParams({
      ...credentials(root),
      cmd: 'v-list-nothing',
      arg1: 'x'.repeat(3_000_000),
    });
    const outcome = await service.post(fields.toString(), form).catch((error: unknown) => error as Error);
    if (!(outcome instanceof Error)) expect(outcome).toMatchObject({ status: 413, code: 2 });
    expect((await service.call(root, 'v-list-nothing')).code).toBe(0);
  });

  it('an argument that is too long to pass on gets a code', async () => {
    const answer = await service.call(root, 'v-list-arguments', ['x'.repeat(200_000)]);
    expect(answer.status).toBe(422);
    expect(answer.code).toBe(2);
  });

  it('bytes that are no HTTP harm nobody', async () => {
    const { port } = new URL(service.url);
    for (const bytes of [
      '\0\0\0\0',
      'POST /api/ HTTP/9.9\r\n\r\n',
      `GET /${'x'.repeat(100_000)} HTTP/1.1\r\n\r\n`,
    ]) {
      const socket = connect(Number(port), '127.0.0.1', () => socket.end(bytes));
      const answer = await new Promise<string>((resolve) => {
        let text = '';
        socket.on('data', (chunk) => (text += chunk.toString()));
        socket.on('error', () => undefined);
        socket.on('close', () => resolve(text));
      });
      expect(answer).not.toMatch(/^HTTP\/1\.1 500/);
    }
    expect((await service.call(root, 'v-list-nothing')).code).toBe(0);
  });
});

describe("the client's address", () => {
  const statusFrom = async (from: string, forwardedFor?: string | string[], headers = {}): Promise<number> =>
    (
      await service.call(root, 'v-list-nothing', [], {
        from,
        headers,
        ...(forwardedFor === undefined ? {} : { forwardedFor }),
      })
    ).code;

  it("is the socket's; nobody but a trusted proxy can say otherwise", async () => {
    expect(await statusFrom('127.0.0.1')).toBe(0);
    expect(await statusFrom('127.0.0.9')).toBe(10);
    expect(await statusFrom('127.0.0.9', '127.0.0.1')).toBe(10);
    expect(await statusFrom('127.0.0.1', '203.0.113.9')).toBe(0);
    const others = { 'X-Real-IP': '127.0.0.1', Forwarded: 'for=127.0.0.1', 'CF-Connecting-IP': '127.0.0.1' };
    expect(await statusFrom('127.0.0.9', undefined, others)).toBe(10);
  });

  it('behind a trusted proxy is the last address in X-Forwarded-For that is not a trusted one', async () => {
    expect(await statusFrom('127.0.0.2', '127.0.0.1')).toBe(0);
    expect(await statusFrom('127.0.0.2', '203.0.113.9')).toBe(10);
    // What the client wrote itself stands before what the proxy added.
    expect(await statusFrom('127.0.0.2', '127.0.0.1, 203.0.113.9')).toBe(10);
    expect(await statusFrom('127.0.0.2', '203.0.113.9, 127.0.0.1')).toBe(0);
    expect(await statusFrom('127.0.0.2', '127.0.0.1, 127.0.0.3')).toBe(0);
    expect(await statusFrom('127.0.0.2', ['127.0.0.1', '203.0.113.9'])).toBe(10);
    expect(await statusFrom('127.0.0.2', '::ffff:127.0.0.1')).toBe(0);
  });

  it('is none where the proxy names none that is one', async () => {
    for (const header of [
      'unknown',
      '127.0.0.1:80',
      '127.0.0.1, ',
      '127.0.0.1, x',
      '"127.0.0.1"',
      '127.0.0.1%eth0',
    ]) {
      expect({ header, code: await statusFrom('127.0.0.2', header) }).toEqual({ header, code: 10 });
    }
  });

  it("is the proxy's own where it says nothing", async () => {
    expect(await statusFrom('127.0.0.2')).toBe(10);
  });
});

describe('what a command prints', () => {
  it('is sent without white space at line ends and at both ends', async () => {
    expect((await service.call(root, 'v-list-spaces')).body).toBe('first\nsecond');
  });

  it('is sent as JSON where it is JSON, else as text that no browser takes for more', async () => {
    const answer = await service.call(root, 'v-list-json');
    expect(answer).toMatchObject({ status: 200, body: '{"a":1}' });
    expect(answer.headers['content-type']).toMatch(/^application\/json/);
    expect((await service.call(root, 'v-list-spaces')).headers['content-type']).toMatch(/^text\/plain/);
  });

  it('and is nothing gets 204', async () => {
    expect(await service.call(root, 'v-list-nothing')).toMatchObject({ status: 204, code: 0, body: '' });
  });

  it('on stderr is not for the client', async () => {
    expect((await service.call(root, 'v-list-errors')).body).toBe('to-stdout');
  });

  it.each([
    [2, 422],
    [3, 400],
    [5, 401],
    [9, 401],
    [10, 401],
    [13, 400],
    [99, 400],
  ])('comes with its exit code %i as Hestia-Exit-Code and status %i', async (code, status) => {
    expect(await service.call(root, 'v-list-code', [String(code)])).toMatchObject({
      status,
      code,
      body: `ends with ${String(code)}`,
    });
  });
});

describe('a command of the commands directory', () => {
  it('gets a clean environment: nothing of the service, no secret', async () => {
    process.env['HEARTHKEY_PROBE_SECRET'] = 'must-not-be-seen';
    try {
      const { body } = await service.call(root, 'v-list-environment');
      const names = body.split('\n').map((line) => line.split('=')[0]);
      // PWD and _ are the shell's own.
      expect(
        names.filter((name) => !['PATH', 'LANG', 'PWD', 'SHLVL', '_', 'OLDPWD'].includes(name ?? '')),
      ).toEqual([]);
      expect(body).not.toContain('HEARTHKEY');
      expect(body).not.toContain('must-not-be-seen');
      expect(body).not.toContain(root.secret);
    } finally {
      delete process.env['HEARTHKEY_PROBE_SECRET'];
    }
  });

  it('has nothing to read', async () => {
    expect((await service.call(root, 'v-list-input')).body).toBe('nothing');
  });

  describe('with a time limit', () => {
    let limited: TestService;
    let key: Key;

    beforeAll(async () => {
      const settings = { COMMANDS_DIR: service.config.commandsDir ?? '', COMMAND_TIMEOUT: '1500ms' };
      limited = await TestService.startOpen([], settings);
      key = await limited.makeKey('admin', '');
    });

    /** Calls it until it came as far as to write that; on a slow machine the time limit may come before. */
    async function startedBy(name: string, codes: readonly number[]): Promise<number[]> {
      const file = join(temporaryFolder(), 'pid');
      for (;;) {
        expect(codes).toContain((await limited.call(key, name, [file])).code);
        const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
        if (text.endsWith('\n')) return text.trim().split(' ').map(Number);
      }
    }

    it('is stopped with all that it started', async () => {
      const pids = await startedBy('v-list-forever', [124]);
      expect(pids).toHaveLength(2);
      for (const pid of pids) await within(10_000, `process ${String(pid)} has ended`, () => !isRunning(pid));
    });

    it('that leaves something behind it that holds on to its output is answered all the same', async () => {
      const [pid = 0] = await startedBy('v-list-daemon', [0, 124]);
      expect(isRunning(pid)).toBe(true);
      process.kill(pid, 'SIGKILL');
    });
  });

  it('is stopped at the limit of its output', async () => {
    const answer = await service.call(root, 'v-list-flood');
    expect(answer).toMatchObject({ status: 400, code: 8 });
    expect(answer.body.length).toBeLessThan(1000);
  });

  it('that ends by a signal has failed', async () => {
    expect((await service.call(root, 'v-list-signal')).code).toBe(137);
  });

  it('that is slow holds nobody else up', async () => {
    const order: string[] = [];
    const mayEnd = join(temporaryFolder(), 'may-end');
    const slow = service.call(root, 'v-list-slowly', [mayEnd]).then((answer) => {
      order.push('slow');
      return answer;
    });
    for (let count = 0; count < 3; count++) {
      expect((await service.call(root, 'v-list-json')).code).toBe(0);
      order.push('quick');
    }
    await service.ok('v-list-users');
    writeFileSync(mayEnd, '');
    expect(await slow).toMatchObject({ code: 0, body: 'slow' });
    expect(order).toEqual(['quick', 'quick', 'quick', 'slow']);
  });

  it('that is new, changed or no longer executable counts within seconds', async () => {
    const file = join(service.config.commandsDir ?? '', 'v-list-json');
    chmodSync(file, 0o644);
    const code = async (): Promise<number> => (await service.call(root, 'v-list-json')).code;
    await within(1100, 'it is refused', async () => (await code()) !== 0);
    chmodSync(file, 0o755);
    await within(1100, 'it runs again', async () => (await code()) === 0);
  });

  // Only root can become somebody else.
  (process.getuid?.() === 0 ? it : it.skip)(
    'runs as HEARTHKEY_COMMANDS_USER, with no group of the service',
    async () => {
      const other = await TestService.startOpen([], {
        COMMANDS_DIR: commandsDirectory(scripts),
        COMMANDS_USER: 'nobody',
      });
      const key = await other.makeKey('admin', '');
      const [uid, gid, groups] = (await other.call(key, 'v-list-identity')).body.split('\n');
      expect(uid).toBe('65534');
      expect(gid).toBe('65534');
      expect(groups?.split(' ')).not.toContain('0');
      await other.close();
    },
  );
});
