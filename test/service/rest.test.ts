import { beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { HttpAnswer, Key } from '../support/client.js';
import { ExamplePanel } from '../support/example-panel.js';
import { installation } from '../support/folders.js';
import { runProcess } from '../support/processes.js';
import { TestService } from '../support/test-service.js';
import { within } from '../support/waiting.js';

let panel: ExamplePanel;
let service: TestService;
let root: Key;

let everyCommand: string[];

beforeAll(async () => {
  panel = new ExamplePanel();
  panel.addService('nginx');
  panel.addService('clamav-daemon');
  service = await TestService.start({
    ...panel.settings,
    TRUSTED_PROXIES: '127.0.0.2',
    PANEL_URL: 'https://panel.example.com:8443/login',
  });
  await service.ok('v-change-sys-config-value', 'API_SYSTEM', '2');
  await service.ok('v-add-sys-api-ip', '127.0.0.1');
  everyCommand = /COMMANDS='(.*)'/.exec(panel.file('data/api/rest'))?.[1]?.split(',') ?? [];
  root = await service.makeKey('admin', 'rest');
});

const jane = {
  username: 'jane',
  domain: 'janesdomain.com',
  password: 'SecurePass123!',
  package: 'business',
  disk_mb: 20480,
  email_limit: 0,
  db_limit: 0,
};

interface Answer extends Pick<HttpAnswer, 'status' | 'headers'> {
  json: unknown;
}

/** A request with a key, and the JSON that came back. */
async function rest(
  method: string,
  path: string,
  body?: unknown,
  { key = root, headers = {}, from }: { key?: Key; headers?: Record<string, string>; from?: string } = {},
): Promise<Answer> {
  const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
  const answer = await service.request(method, `/api${path}`, text, {
    headers: {
      Authorization: `Bearer ${key.pair}`,
      ...(text === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...headers,
    },
    ...(from === undefined ? {} : { from }),
  });
  expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
  expect(answer.headers['cache-control']).toBe('no-store');
  return { status: answer.status, headers: answer.headers, json: JSON.parse(answer.body) as unknown };
}

/** The same, with what has to come back; part of the JSON. */
async function expectRest(status: number, json: unknown, ...request: Parameters<typeof rest>): Promise<void> {
  const answer = await rest(...request);
  expect({ status: answer.status, json: answer.json }).toEqual({ status, json });
}

const error = (word: string, more: object = {}): unknown =>
  expect.objectContaining({ error: word, message: expect.any(String) as unknown, ...more });

describe('every endpoint of the page, with real commands', () => {
  it('GET /server/stats reads this machine', async () => {
    const { status, json } = await rest('GET', '/server/stats');
    const part = {
      used: expect.stringMatching(/^[\d.]+ [KMGTP]?B$/) as unknown,
      total: expect.stringMatching(/^[\d.]+ [KMGTP]?B$/) as unknown,
      percent: expect.any(Number) as unknown,
    };
    expect({ status, json }).toMatchObject({
      status: 200,
      json: {
        os: expect.stringMatching(/^\S.+/) as unknown,
        uptime: expect.stringMatching(/^(\d+d \d+h \d+m|\d+h \d+m|\d+m)$/) as unknown,
        load: expect.stringMatching(/^\d+\.\d+$/) as unknown,
        disk: part,
        memory: part,
      },
    });
    expect(Object.keys(json as object)).toEqual(['os', 'php', 'uptime', 'load', 'disk', 'memory']);
  });

  it('GET and POST /server/services see, start, restart and stop real daemons', async () => {
    const path = '/server/services';
    const stopped = { status: 'stopped', uptime: '0m' };
    await expectRest(200, { clamav: stopped, nginx: stopped }, 'GET', path);
    const done = (action: string) => ({ service: 'clamav', action, result: 'ok' });
    await expectRest(200, done('start'), 'POST', `${path}/clamav/start`);
    const first = panel.pidOf('clamav-daemon');
    expect(first).toBeDefined();
    expect((await rest('GET', path)).json).toMatchObject({ clamav: { status: 'running' }, nginx: stopped });
    await expectRest(200, done('restart'), 'POST', `${path}/clamav/restart`);
    expect(panel.pidOf('clamav-daemon')).toBeDefined();
    expect(panel.pidOf('clamav-daemon')).not.toBe(first);
    await expectRest(200, done('stop'), 'POST', `${path}/clamav/stop`);
    expect(panel.pidOf('clamav-daemon')).toBeUndefined();
  });

  it('POST /server/services answers 404 for a service that is not on this machine, or is none of the list, and 400 for no action', async () => {
    await expectRest(
      404,
      { error: 'not_found', message: "service fail2ban doesn't exist", code: 3 },
      ...(['POST', '/server/services/fail2ban/restart'] as const),
    );
    const which = 'one of apache, nginx, mariadb, postfix, dovecot, clamav, fail2ban';
    await expectRest(
      404,
      { error: 'not_found', message: `name: expected ${which}`, field: 'name' },
      ...(['POST', '/server/services/sshd/stop'] as const),
    );
    await expectRest(400, error('bad_request', { field: 'action' }), 'POST', '/server/services/nginx/kill');
  });

  it('an account lives through all of its endpoints', async () => {
    await expectRest(200, [], 'GET', '/accounts');
    const created = { username: 'jane', created: true, cpanel_url: 'https://panel.example.com:8443/login' };
    await expectRest(201, created, 'POST', '/accounts', jane);
    const listed = {
      username: 'jane',
      domain: 'janesdomain.com',
      disk_used: expect.stringMatching(/^\d+ MB$/) as unknown,
      disk_limit: '20 GB',
      status: 'active',
      created: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) as unknown,
    };
    await expectRest(200, [listed], 'GET', '/accounts');
    expect(panel.file('data/users/jane/user.conf')).toMatch(/^MAIL_ACCOUNTS='unlimited'$/m);
    expect(panel.file('data/users/jane/user.conf')).toMatch(/^CONTACT='jane@janesdomain.com'$/m);

    await service.ok('v-list-user', 'jane'); // the same account at the command line
    const { code } = await service.call(await service.makeKey('admin', ''), 'v-add-domain', [
      'jane',
      'shop.janesdomain.com',
    ]);
    expect(code).toBe(0);
    await expectRest(
      200,
      [
        { domain: 'janesdomain.com', type: 'main', ssl: false },
        { domain: 'shop.janesdomain.com', type: 'subdomain', ssl: false },
      ],
      ...(['GET', '/accounts/jane/domains'] as const),
    );

    const mail = { address: 'hello@janesdomain.com', password: 'MailPass456!', quota_mb: 1024 };
    await expectRest(201, { address: mail.address, created: true }, 'POST', '/accounts/jane/email', mail);
    expect(panel.file('data/users/jane/mail.conf')).toMatch(/^ACCOUNT='hello@janesdomain.com' QUOTA='1024' /);
    await expectRest(409, error('conflict', { code: 4 }), 'POST', '/accounts/jane/email', mail);
    const elsewhere = { ...mail, address: 'hello@other.example' };
    await expectRest(404, error('not_found', { code: 3 }), 'POST', '/accounts/jane/email', elsewhere);

    for (const path of ['/accounts/jane/suspend', '/accounts/jane/suspend']) {
      await expectRest(200, { username: 'jane', suspended: true }, 'POST', path);
    }
    expect((await rest('GET', '/accounts')).json).toMatchObject([{ status: 'suspended' }]);
    await expectRest(409, error('conflict', { code: 5 }), 'POST', '/accounts/jane/email', {
      ...mail,
      address: 'other@janesdomain.com',
    });
    for (const path of ['/accounts/jane/unsuspend', '/accounts/jane/unsuspend']) {
      await expectRest(200, { username: 'jane', suspended: false }, 'POST', path);
    }

    await expectRest(409, error('conflict', { message: 'user jane exists' }), 'POST', '/accounts', jane);
    await expectRest(200, { username: 'jane', deleted: true }, 'DELETE', '/accounts/jane');
    await expectRest(404, error('not_found'), 'DELETE', '/accounts/jane');
    await expectRest(200, [], 'GET', '/accounts');
    for (const path of ['domains', 'suspend', 'unsuspend']) {
      const method = path === 'domains' ? 'GET' : 'POST';
      await expectRest(404, error('not_found'), method, `/accounts/jane/${path}`);
    }
  });
});

describe('the list of accounts', () => {
  it("is not for a user's key, although its role has the commands for it: they are about all users", async () => {
    await service.addUser('alice');
    await service.ok('v-add-api', 'listing', 'user', 'v-list-users,v-list-web-domains');
    const key = await service.makeKey('alice', 'listing');
    await expectRest(403, error('forbidden', { code: 10 }), 'GET', '/accounts', undefined, { key });
    await expectRest(200, [], 'GET', '/accounts/alice/domains', undefined, { key });
    await service.ok('v-delete-user', 'alice');
  });
});

describe('an account that could be made in part only', () => {
  it('is taken back whole: the caller sees the conflict, and that nothing is left', async () => {
    await rest('POST', '/accounts', { ...jane, username: 'first' });
    await expectRest(
      409,
      { error: 'conflict', message: 'domain janesdomain.com exists', code: 4, undone: true },
      ...(['POST', '/accounts', { ...jane, username: 'second' }] as const),
    );
    expect(panel.has('data/users/second')).toBe(false);
    const ran = (await service.events('--key', root.id)).filter(({ type }) => type === 'result').slice(-6);
    expect(ran.map(({ command, code }) => [command, code])).toEqual([
      ['v-add-user', 0],
      ['v-change-user-config-value', 0],
      ['v-change-user-config-value', 0],
      ['v-change-user-config-value', 0],
      ['v-add-domain', 4],
      ['v-delete-user', 0],
    ]);
    await rest('DELETE', '/accounts/first');
  });

  it('never takes away an account that was there before', async () => {
    await rest('POST', '/accounts', { ...jane, username: 'kept' });
    const again = { ...jane, username: 'kept', domain: 'other.example' };
    await expectRest(
      409,
      { error: 'conflict', message: 'user kept exists', code: 4 },
      'POST',
      '/accounts',
      again,
    );
    expect(panel.has('data/users/kept/user.conf')).toBe(true);
    await rest('DELETE', '/accounts/kept');
  });

  it('is not begun by a key that may not finish it, or not take it back', async () => {
    for (const lacking of ['v-add-domain', 'v-delete-user', 'v-change-user-config-value']) {
      const commands = everyCommand.filter((name) => name !== lacking);
      await service.ok('v-add-api', lacking, 'admin', commands.join(','));
      const key = await service.makeKey('admin', lacking);
      const message = `Key ${key.id} don't have permission to run the command ${lacking}`;
      await expectRest(403, { error: 'forbidden', message, code: 10 }, 'POST', '/accounts', jane, { key });
      expect(panel.has('data/users/jane')).toBe(false);
      const events = await service.events('--key', key.id);
      expect(events.map(({ type, outcome, command }) => [type, outcome, command])).toEqual([
        ['change', 'done', 'v-add-access-key'],
        ['decision', 'deny', lacking],
      ]);
    }
  });

  it('stays, with 500, where the key is suspended in the middle: nothing more is done for it', async () => {
    const real = panel.file('bin/v-change-user-config-value');
    const script = 'touch "$HESTIA/begun"; while [ -e "$HESTIA/begun" ]; do sleep 0.1; done';
    panel.writeCommand('v-change-user-config-value', 'USER KEY VALUE', script);
    const key = await service.makeKey('admin', 'rest');
    const answer = rest('POST', '/accounts', { ...jane, username: 'half', domain: 'half.example' }, { key });
    await within(10_000, 'the second command runs', () => panel.has('begun'));
    await service.ok('v-suspend-access-key', key.id);
    rmSync(join(panel.root, 'begun'));
    expect(await answer).toMatchObject({
      status: 500,
      json: { error: 'server_error', undone: false, code: 9 },
    });
    const events = (await service.events('--key', key.id)).filter(({ type }) => type === 'decision');
    expect(events.map(({ outcome, command }) => [outcome, command])).toEqual([
      ['allow', 'v-add-user'],
      ['allow', 'v-change-user-config-value'],
      ['deny', 'v-change-user-config-value'],
      ['deny', 'v-delete-user'],
    ]);
    panel.writeCommand('v-change-user-config-value', 'USER KEY VALUE', real.replace(/^#.*$/gm, ''));
    await expectRest(200, { username: 'half', deleted: true }, 'DELETE', '/accounts/half');
  });

  it('is told to be there where it can not be taken back, with 500, and the log is told', async () => {
    const real = panel.file('bin/v-delete-user');
    await rest('POST', '/accounts', { ...jane, username: 'first' });
    panel.writeCommand('v-delete-user', 'USER [RESTART]', 'echo "Error: the disk is full"; exit 13');
    const { status, json } = await rest('POST', '/accounts', { ...jane, username: 'stuck' });
    expect({ status, json }).toEqual({
      status: 500,
      json: {
        error: 'server_error',
        message:
          'domain janesdomain.com exists; what was done before could not be taken back: v-delete-user failed too',
        code: 4,
        undone: false,
      },
    });
    expect(service.log).toContain('could not be taken back: v-delete-user failed too');
    expect(panel.has('data/users/stuck')).toBe(true);
    panel.writeCommand('v-delete-user', 'USER [RESTART]', real.replace(/^#.*$/gm, ''));
    for (const name of ['stuck', 'first']) {
      await expectRest(200, { username: name, deleted: true }, 'DELETE', `/accounts/${name}`);
    }
  });
});

it('the tour of examples/ gets every answer that it expects', async () => {
  const tour = join(installation, 'examples/rest-tour.mjs');
  const { code, stdout } = await runProcess(process.execPath, [tour, service.url, root.pair, 'nginx']);
  expect({ code, stdout }).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('23 requests, 0 with') as unknown,
  });
});

it('no answer, log or record of all this has a password in it', () => {
  const kept = ['audit/events.jsonl', 'auth.log'].map((name) =>
    readFileSync(join(service.dataDir, name), 'utf8'),
  );
  for (const secret of [jane.password, 'MailPass456!', root.secret]) {
    expect(kept.join('') + service.log).not.toContain(secret);
  }
});
