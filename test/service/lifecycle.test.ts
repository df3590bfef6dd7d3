import { beforeAll, describe, expect, it } from '@jest/globals';
import { DatabaseSync } from '@photostructure/sqlite';
import { once } from 'node:events';
import { chmodSync, existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { connect, createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { version } from '../../src/config/version.js';
import { commandsDirectory, temporaryFolder } from '../support/folders.js';
import { ServiceProcess, type ProcessResult } from '../support/processes.js';
import { recordedEvents } from '../support/record.js';
import { TestService } from '../support/test-service.js';
import { within } from '../support/waiting.js';

const sixRoles = [
  'billing',
  'mail-accounts',
  'phpmyadmin-sso',
  'purge-nginx-cache',
  'sync-dns-cluster',
  'update-dns-records',
];

function modeOf(file: string): string {
  return (statSync(file).mode & 0o777).toString(8);
}

function newDataDir(): string {
  return join(temporaryFolder(), 'data');
}

/** What every refusal to start looks like. */
function expectOneLine(result: ProcessResult, ...parts: (string | RegExp)[]): void {
  expect(result.stderr).toMatch(/^Hearthkey can't start: [^\n]+\n$/);
  for (const part of parts) expect(result.stderr).toMatch(part);
  expect(result.stdout).toBe('');
  expect(result.code).toBe(1);
}

async function listKeyIds(service: ServiceProcess): Promise<string[]> {
  return Object.keys(JSON.parse(await service.ok('v-list-access-keys', '', 'json')) as object);
}

describe('the first start', () => {
  let service: ServiceProcess;
  beforeAll(async () => {
    service = await ServiceProcess.start();
  });

  it('makes the data directory, the pepper and the socket for its own user alone', () => {
    expect(modeOf(service.dataDir)).toBe('700');
    expect(modeOf(join(service.dataDir, 'pepper'))).toBe('600');
    expect(modeOf(join(service.dataDir, 'run'))).toBe('700');
    expect(modeOf(join(service.dataDir, 'run/admin.sock'))).toBe('600');
    expect(modeOf(join(service.dataDir, 'audit/events.jsonl'))).toBe('600');
    expect(modeOf(join(service.dataDir, 'auth.log'))).toBe('600');
  });

  it('lays the six shipped API role files', async () => {
    expect(readdirSync(join(service.dataDir, 'api')).sort()).toEqual(sixRoles);
    const { stdout } = await service.bin('v-list-apis', ['plain']);
    expect(stdout.split('\n').map((line) => line.split('\t')[0])).toEqual([...sixRoles, '']);
  });

  it('shows where it serves and what to type next', () => {
    for (const step of ['v-add-user', 'v-add-access-key', 'v-add-sys-api-ip', 'hearthkey --help']) {
      expect(service.stdout).toContain(`bin/${step}`);
    }
    expect(service.stdout).toContain(service.dataDir);
    expect(service.stdout).toContain(`${service.url}/api/`);
  });

  it('answers 200 to everybody at /livez and /readyz', async () => {
    for (const path of ['/livez', '/readyz']) {
      const { status, body } = await service.request('GET', path, undefined, { forwardedFor: '127.0.0.1' });
      expect({ path, status, body }).toEqual({ path, status: 200, body: '{"status":"ok"}' });
    }
  });

  it('tells its version at /livez to those who may see the metrics', async () => {
    const { body } = await service.request('GET', '/livez', undefined);
    expect(JSON.parse(body)).toEqual({ status: 'ok', version });
  });

  it('lets nobody in: API no, API_SYSTEM 1, no address', async () => {
    const { stdout } = await service.bin('v-list-sys-config', ['json']);
    expect(JSON.parse(stdout)).toMatchObject({
      config: { API: 'no', API_ALLOWED_IP: '', API_SYSTEM: '1', DEMO_MODE: 'no', ROOT_USER: 'admin' },
    });
    const key = await service.makeKey('admin', '');
    expect(await service.call(key, 'v-list-users')).toMatchObject({ status: 401, code: 10 });
    await service.ok('v-delete-access-key', key.id);
  });

  it('has the root user admin, who has no password, and nothing else', async () => {
    expect(await service.ok('v-list-users', 'plain')).toMatch(/^admin\t\tdefault\t[^\n]*\n$/);
    expect(await service.ok('v-list-access-keys', '', 'plain')).toBe('');
    await service.end();
    const store = new DatabaseSync(join(service.dataDir, 'hearthkey.db'));
    expect(store.prepare('select name, password_hash from users').all()).toEqual([
      { name: 'admin', password_hash: null },
    ]);
    store.close();
  });

  it('takes the name of the root user from the configuration', async () => {
    const other = await TestService.start({ ROOT_USER: 'operator' });
    expect(await other.ok('v-list-users', 'plain')).toMatch(/^operator\t\tdefault\t[^\n]*\n$/);
    await other.close();
  });
});

describe('a second start', () => {
  it('finds everything as it was', async () => {
    const DATA_DIR = newDataDir();
    const COMMANDS_DIR = commandsDirectory({
      'v-list-mail-domains': { options: 'USER', script: 'echo ran' },
    });
    const first = await ServiceProcess.start({ DATA_DIR, COMMANDS_DIR });
    await first.addUser('alice');
    await first.addUser('bob');
    await first.ok('v-suspend-user', 'bob');
    await first.ok('v-change-sys-config-value', 'API_SYSTEM', '2');
    await first.ok('v-add-sys-api-ip', '127.0.0.1');
    await first.ok('v-add-api', 'mine', 'user', 'v-list-mail-domains');
    await first.ok('v-delete-api', 'billing');
    const key = await first.makeKey('alice', 'mine', 'Kept');
    const deleted = await first.makeKey('alice', 'mine');
    await first.ok('v-delete-access-key', deleted.id);
    const suspended = await first.makeKey('alice', 'mine');
    await first.ok('v-suspend-access-key', suspended.id);
    const legacyKey = (await first.ok('v-generate-api-key')).trim();
    const shown = ['v-list-users', 'v-list-apis', 'v-list-sys-config', 'v-list-api-keys'];
    const before = await Promise.all(shown.map((name) => first.ok(name, 'json')));
    const keysBefore = await first.ok('v-list-access-keys', '', 'json');
    expect((await first.end()).code).toBe(0);

    const second = await ServiceProcess.start({ DATA_DIR, COMMANDS_DIR });
    expect(await Promise.all(shown.map((name) => second.ok(name, 'json')))).toEqual(before);
    expect(await second.ok('v-list-access-keys', '', 'json')).toBe(keysBefore);
    expect(existsSync(join(DATA_DIR, 'api/billing'))).toBe(false);
    expect(await second.call(key, 'v-list-mail-domains', ['alice'])).toMatchObject({ code: 0, body: 'ran' });
    expect((await second.call(deleted, 'v-list-mail-domains', ['alice'])).code).toBe(9);
    expect((await second.call(suspended, 'v-list-mail-domains', ['alice'])).code).toBe(9);
    expect((await second.run('v-check-api-key', legacyKey)).code).toBe(0);
    expect((await second.events('--user', 'alice')).length).toBeGreaterThan(0);
    // Somebody who has keys needs no tour.
    expect(second.stdout).toContain(second.url);
    expect(second.stdout).not.toContain('v-add-user');
    await second.end();
  });
});

describe('what is in the way of a start is told in one clear line, and the start ends with 1', () => {
  it('a busy port', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const place = `127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    const dataDir = newDataDir();
    const result = await ServiceProcess.startAndEnd({ LISTEN: place, DATA_DIR: dataDir });
    server.close();
    expectOneLine(result, place, 'HEARTHKEY_LISTEN');
    // Nothing is left behind that stands in the way of the next start.
    await (await TestService.start({ DATA_DIR: dataDir })).close();
  });

  it('an address that this machine does not have', async () => {
    const result = await ServiceProcess.startAndEnd({ LISTEN: '192.0.2.1:8183', DATA_DIR: newDataDir() });
    expectOneLine(result, '192.0.2.1:8183');
  });

  it('a data directory that is a file', async () => {
    const file = join(temporaryFolder(), 'data');
    writeFileSync(file, '');
    expectOneLine(await ServiceProcess.startAndEnd({ DATA_DIR: file }), file);
    expectOneLine(await ServiceProcess.startAndEnd({ DATA_DIR: join(file, 'below') }), file);
  });

  it('a data directory that cannot be written', async () => {
    expectOneLine(
      await ServiceProcess.startAndEnd({ DATA_DIR: '/sys/hearthkey' }),
      'the data directory /sys/hearthkey',
    );
  });

  it('a second service on the same data, while the first one goes on', async () => {
    const first = await ServiceProcess.start();
    const result = await ServiceProcess.startAndEnd({ DATA_DIR: first.dataDir });
    expectOneLine(result, 'another Hearthkey service is running', first.dataDir);
    expect((await first.bin('v-list-users')).code).toBe(0);
    await first.addUser('alice');
    expect((await first.request('GET', '/readyz', undefined)).status).toBe(200);
    await first.end();
  });

  it.each([
    ['LISTEN', 'everywhere'],
    ['TRUSTED_PROXIES', '10.0.0.0/33'],
    ['COMMAND_TIMEOUT', 'soon'],
  ])('the bad setting value HEARTHKEY_%s=%s', async (name, value) => {
    const dataDir = newDataDir();
    expectOneLine(
      await ServiceProcess.startAndEnd({ DATA_DIR: dataDir, [name]: value }),
      `HEARTHKEY_${name}`,
    );
    expect(existsSync(dataDir)).toBe(false);
  });

  it('a commands directory that is missing, or that is a file', async () => {
    const missing = join(temporaryFolder(), 'nothing');
    const settings = { DATA_DIR: newDataDir(), COMMANDS_DIR: missing };
    expectOneLine(await ServiceProcess.startAndEnd(settings), 'HEARTHKEY_COMMANDS_DIR', missing);
    writeFileSync(missing, '', { mode: 0o755 });
    expectOneLine(await ServiceProcess.startAndEnd(settings), 'HEARTHKEY_COMMANDS_DIR', missing);
  });

  it('a commands user that the machine does not have', async () => {
    const COMMANDS_DIR = commandsDirectory({});
    const result = await ServiceProcess.startAndEnd({
      DATA_DIR: newDataDir(),
      COMMANDS_DIR,
      COMMANDS_USER: 'no-such-user',
    });
    expectOneLine(result, 'HEARTHKEY_COMMANDS_USER', 'no-such-user');
  });

  it('a path of the socket that is too long', async () => {
    const SOCKET = join(temporaryFolder(), 'x'.repeat(120), 'admin.sock');
    expectOneLine(await ServiceProcess.startAndEnd({ DATA_DIR: newDataDir(), SOCKET }), 'HEARTHKEY_SOCKET');
  });

  it('a store that is no store', async () => {
    const dataDir = temporaryFolder();
    writeFileSync(join(dataDir, 'hearthkey.db'), 'This is no database. '.repeat(500));
    expectOneLine(await ServiceProcess.startAndEnd({ DATA_DIR: dataDir }), 'store');
  });

  it('an APIs directory that is a file', async () => {
    const file = join(temporaryFolder(), 'api');
    writeFileSync(file, '');
    expectOneLine(await ServiceProcess.startAndEnd({ DATA_DIR: newDataDir(), APIS_DIR: file }), file);
  });

  it('several bad values have a line each', async () => {
    const result = await ServiceProcess.startAndEnd({ LISTEN: 'x', AUDIT_SYNC: 'y' });
    expect(result.stderr.trimEnd().split('\n')).toHaveLength(2);
    expect(result.code).toBe(1);
  });
});

describe('SIGTERM', () => {
  it('ends the service with 0 within seconds, whatever connections are open', async () => {
    const service = await ServiceProcess.start();
    await service.ok('v-add-sys-api-ip', '127.0.0.1'); // others are answered by the head of a request
    const agent = new Agent({ keepAlive: true });
    const response = await new Promise<{ resume(): void }>((resolve, reject) => {
      request(new URL('/livez', service.url), { agent }, resolve).on('error', reject).end();
    });
    response.resume();
    // One that has asked nothing yet, and one that never ends its side.
    const silent = connect(service.socketPath);
    const stubborn = connect({ path: service.socketPath, allowHalfOpen: true });
    const halfway = connect(Number(new URL(service.url).port), '127.0.0.1');
    for (const socket of [silent, stubborn, halfway]) {
      socket.on('error', () => undefined);
      await once(socket, 'connect');
    }
    let told = '';
    halfway.on('data', (chunk) => (told += chunk.toString()));
    halfway.write('POST /api/ HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf of it');
    stubborn.write('{"command":');
    await service.run('v-list-users'); // by now it has read all of that
    const { code, signal } = await service.end('SIGTERM');
    expect({ code, signal }).toEqual({ code: 0, signal: null });
    // It has not waited until the limit of a body ended that one with 408; the other two would stay for ever.
    expect(told).toBe('');
    for (const socket of [silent, stubborn, halfway]) socket.destroy();
    agent.destroy();
  });

  it('lets a command that runs come to its end and its answer out', async () => {
    const begun = join(temporaryFolder(), 'begun');
    const script = `touch ${begun}; sleep 0.7; echo done`;
    const COMMANDS_DIR = commandsDirectory({ 'v-list-slowly': { script } });
    const service = await ServiceProcess.start({ COMMANDS_DIR });
    await service.ok('v-add-sys-api-ip', '127.0.0.1');
    const key = await service.makeKey('admin', '');
    await service.call(key, 'v-list-users');
    const answer = service.call(key, 'v-list-slowly');
    await within(20_000, 'the command runs', () => existsSync(begun));
    const ended = service.end('SIGTERM');
    expect(await answer).toMatchObject({ status: 200, code: 0, body: 'done' });
    expect((await ended).code).toBe(0);
  });

  it('waits for a command whose caller has hung up, and records its result', async () => {
    const script = 'touch "$0.began"; sleep 2; touch "$0.ended"';
    const COMMANDS_DIR = commandsDirectory({ 'v-list-slowly': { script } });
    const service = await ServiceProcess.start({ COMMANDS_DIR });
    await service.ok('v-add-sys-api-ip', '127.0.0.1');
    const { pair } = await service.makeKey('admin', '');
    const body = JSON.stringify({ hash: pair, cmd: 'v-list-slowly' });
    const socket = connect(Number(new URL(service.url).port), '127.0.0.1');
    socket.write(`POST /api/ HTTP/1.1\r\nHost: x\r\nContent-Length: ${String(body.length)}\r\n\r\n${body}`);
    await within(20_000, 'it runs', () => existsSync(join(COMMANDS_DIR, 'v-list-slowly.began')));
    socket.destroy();
    await service.ok('v-list-users'); // by now it has seen that
    expect((await service.end('SIGTERM')).code).toBe(0);
    expect(existsSync(join(COMMANDS_DIR, 'v-list-slowly.ended'))).toBe(true);
    const events = recordedEvents(join(service.dataDir, 'audit/events.jsonl'));
    expect(events.at(-1)).toMatchObject({ type: 'result', outcome: 'done', command: 'v-list-slowly' });
  });

  it('SIGINT ends it in the same way', async () => {
    const service = await ServiceProcess.start();
    expect((await service.end('SIGINT')).code).toBe(0);
  });
});

describe('kill -9', () => {
  it('the next start works without a hand, and has every change that was acknowledged', async () => {
    const DATA_DIR = newDataDir();
    const first = await ServiceProcess.start({ DATA_DIR });
    await first.addUser('alice');
    const acknowledged: string[] = [];
    const work = async (): Promise<void> => {
      for (;;) {
        const { code, stdout } = await first.run('v-add-access-key', 'alice', 'mail-accounts', '', 'plain');
        if (code === 0) acknowledged.push(stdout.split(':')[0] ?? '');
      }
    };
    const workers = Promise.allSettled([work(), work(), work()]);
    while (acknowledged.length < 10) await new Promise((resolve) => setTimeout(resolve, 5));
    await first.end('SIGKILL');
    await workers;

    const second = await ServiceProcess.start({ DATA_DIR });
    const listed = await listKeyIds(second);
    expect(listed).toEqual(expect.arrayContaining(acknowledged));
    // Each key has exactly one event, also those whose answer the kill cut off.
    const events = await second.events('--command', 'v-add-access-key', '--type', 'change');
    expect(events.map((event) => event.target?.['accessKeyId']).sort()).toEqual([...listed].sort());
    await second.addUser('bob');
    expect((await second.end()).code).toBe(0);
  });
});

describe('the pepper', () => {
  it.each(['missing', 'foreign'] as const)(
    'one that is %s is refused with how to go on; a new one is taken on demand and costs no key',
    async (state) => {
      const DATA_DIR = newDataDir();
      const first = await TestService.start({ DATA_DIR });
      await first.ok('v-add-sys-api-ip', '127.0.0.1');
      const key = await first.makeKey('admin', '');
      const legacyKey = (await first.ok('v-generate-api-key')).trim();
      await first.close();
      const file = join(DATA_DIR, 'pepper');
      rmSync(file);
      if (state === 'foreign') writeFileSync(file, Buffer.alloc(32, 7).toString('base64'), { mode: 0o600 });

      expectOneLine(
        await ServiceProcess.startAndEnd({ DATA_DIR }),
        file,
        state === 'missing' ? 'is missing' : "is not this store's",
        'HEARTHKEY_NEW_PEPPER=yes',
      );
      expect(existsSync(file)).toBe(state === 'foreign');

      const second = await TestService.start({ DATA_DIR, NEW_PEPPER: 'yes' });
      expect((await second.call(key, 'v-list-users')).code).toBe(0);
      const wrong = { ...key, secret: key.secret.replace(/^./, (first) => (first === 'a' ? 'b' : 'a')) };
      expect((await second.call(wrong, 'v-list-users')).code).toBe(9);
      expect((await second.run('v-check-api-key', legacyKey)).code).toBe(0);
      await second.close();
      // From then on it is the store's own.
      const third = await TestService.start({ DATA_DIR });
      expect(modeOf(file)).toBe('600');
      expect((await third.call(key, 'v-list-users')).code).toBe(0);
      expect((await third.call(wrong, 'v-list-users')).code).toBe(9);
      expect((await third.run('v-check-api-key', legacyKey)).code).toBe(0);
      await third.close();
    },
  );

  it('a file that holds no pepper is refused and left as it is', async () => {
    const dataDir = temporaryFolder();
    writeFileSync(join(dataDir, 'pepper'), 'short');
    expectOneLine(await ServiceProcess.startAndEnd({ DATA_DIR: dataDir }), 'pepper');
  });

  it('one that others could read is closed to them', async () => {
    const service = await TestService.start();
    await service.close();
    const file = join(service.dataDir, 'pepper');
    chmodSync(file, 0o644);
    const again = await TestService.start({ DATA_DIR: service.dataDir });
    expect(modeOf(file)).toBe('600');
    await again.close();
  });
});
