import { beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { selfSigned } from '../support/certificates.js';
import type { HttpAnswer, Key } from '../support/client.js';
import { textsBelow } from '../support/files-below.js';
import { commandsDirectory, temporaryFolder } from '../support/folders.js';
import { answerWith, Panel } from '../support/panel.js';
import { ServiceProcess } from '../support/processes.js';
import { TestService } from '../support/test-service.js';

const scripts = {
  'v-list-web-domains': { options: 'USER [FORMAT]', script: `echo '{"example.com":{"IP":"203.0.113.9"}}'` },
  'v-list-web-domain': { options: 'USER DOMAIN [FORMAT]', script: 'echo "text of $1"; echo "  $2  "' },
  'v-add-web-domain': {
    options: 'USER A B C D E F G H I J K L',
    script: 'printf "%s" "$#"; for a in "$@"; do printf "[%s]" "$a"; done',
  },
  'v-restart-web': { options: 'CODE', script: 'echo "ends with $1"; exit "$1"' },
  'v-restart-dns': { script: 'exit 0' },
  'v-restart-mail': { script: 'sleep 3' },
  'v-list-sys-info': { script: "echo '{}'" },
  'v-insert-dns-records': { options: 'USER FILE', script: 'cat "$2"' },
};
const form = 'application/x-www-form-urlencoded';
const didNotRun = /^Error: the panel .*; v-[a-z-]+ did not run$/;

/** The panel: a Hearthkey that runs commands. */
let panel: TestService;
let panelTmpDir: string;
/** Hearthkey's own key at the panel. */
let own: Key;
/** The Hearthkey that clients talk to. */
let front: TestService;
let root: Key;
let alice: Key;

/** A Hearthkey in front of the panel, with its key there unless another one is named. */
function startFront(settings: Readonly<Record<string, string>> = {}): Promise<TestService> {
  return TestService.startOpen([], {
    UPSTREAM_URL: panel.url,
    UPSTREAM_ACCESS_KEY: own.id,
    UPSTREAM_SECRET_KEY: own.secret,
    ...settings,
  });
}

beforeAll(async () => {
  panelTmpDir = temporaryFolder();
  panel = await TestService.startOpen(['alice'], {
    COMMANDS_DIR: commandsDirectory(scripts),
    TMP_DIR: panelTmpDir,
  });
  own = await panel.makeKey('admin', '');
  front = await startFront();
  await front.ok('v-add-api', 'webs', 'user', 'v-list-web-domains,v-list-web-domain,v-add-web-domain');
  root = await front.makeKey('admin', '');
  alice = await front.makeKey('alice', 'webs');
});

/** What counts of an answer, whichever service gave it. */
function essence({ status, code, body, headers }: HttpAnswer) {
  return { status, code, body, type: headers['content-type'] };
}

async function panelEvents(command: string): Promise<number> {
  return (await panel.events('--command', command)).filter(({ type }) => type === 'result').length;
}

describe('a command allowed here runs at the panel, and its answer is the one the panel gave', () => {
  it.each<[string, string, string[]]>([
    ['JSON', 'v-list-web-domains', ['alice', 'json']],
    ['text', 'v-list-web-domain', ['alice', 'example.com']],
    ['JSON that says nothing', 'v-list-sys-info', []],
    ['nothing', 'v-restart-dns', []],
    ['what is not there', 'v-list-dns-domains', ['alice']],
  ])('%s', async (_what, command, args) => {
    const answer = await front.call(root, command, args);
    expect(essence(answer)).toEqual(essence(await panel.call(own, command, args)));
  });

  it('as JSON where it is JSON, to a key of a user', async () => {
    const answer = await front.call(alice, 'v-list-web-domains', ['alice', 'json']);
    expect(answer).toMatchObject({ status: 200, code: 0, body: '{"example.com":{"IP":"203.0.113.9"}}' });
    expect(answer.headers['content-type']).toMatch(/^application\/json/);
  });

  it.each(Array.from({ length: 22 }, (_, code) => code))('with its exit code %i', async (code) => {
    const answer = await front.call(root, 'v-restart-web', [String(code)]);
    expect(answer).toMatchObject({ code, body: `ends with ${String(code)}` });
    expect(essence(answer)).toEqual(essence(await panel.call(own, 'v-restart-web', [String(code)])));
  });

  it('as the code alone with returncode=yes', async () => {
    const fields = { access_key: root.id, secret_key: root.secret, returncode: 'yes' };
    for (const code of ['0', '3', '10']) {
      const answer = await front.api({ ...fields, cmd: 'v-restart-web', arg1: code });
      expect(answer).toMatchObject({ status: 200, code: Number(code), body: code });
    }
  });

  it('to a client with a legacy key', async () => {
    await front.ok('v-change-sys-config-value', 'API', 'yes');
    const hash = (await front.ok('v-generate-api-key')).trim();
    const fields = { hash, cmd: 'v-list-web-domains', arg1: 'alice' };
    const answer = await front.api(fields);
    expect(answer).toMatchObject({ status: 200, body: '{"example.com":{"IP":"203.0.113.9"}}\n' });
    expect(answer.headers['hestia-exit-code']).toBeUndefined();
    const failed = await front.api({ hash, cmd: 'v-restart-web', arg1: '3', returncode: 'yes' });
    expect(failed).toMatchObject({ status: 200, body: '3' });
  });

  it('with 13 arguments as they are, empty and odd ones too', async () => {
    const odd = [
      'alice',
      '',
      '$(id)',
      '`id`',
      '; id',
      '&arg1=admin',
      '+',
      '%41',
      '"q"',
      "it's",
      '\\',
      'ü€😀',
      'a  b',
    ];
    const answer = await front.call(root, 'v-add-web-domain', odd);
    expect(answer.body).toBe(`13${odd.map((arg) => `[${arg}]`).join('')}`);
  });

  it('with any arguments that a process can be given', async () => {
    const argument = fc.string({ unit: 'binary', maxLength: 20 }).filter((text) => !/[\0\s]/.test(text));
    await fc.assert(
      fc.asyncProperty(fc.array(argument, { maxLength: 12 }), async (args) => {
        const answer = await front.call(alice, 'v-add-web-domain', ['alice', ...args]);
        expect(answer.body).toBe(
          `${String(args.length + 1)}[alice]${args.map((arg) => `[${arg}]`).join('')}`,
        );
      }),
      { numRuns: 20 },
    );
  });
});

describe('what is forbidden here never gets to the panel', () => {
  it.each<[string, () => Key, string, string[]]>([
    ["a command outside the key's permissions", () => alice, 'v-restart-dns', []],
    ['another user', () => alice, 'v-list-web-domains', ['admin']],
    ['a wrong secret', () => ({ ...root, secret: 'x'.repeat(40) }), 'v-restart-dns', []],
  ])('%s', async (_what, key, command, args) => {
    const before = await panel.events();
    expect((await front.call(key(), command, args)).status).toBe(401);
    expect(await panel.events()).toEqual(before);
  });

  it('and a change in read-only mode', async () => {
    await front.ok('v-change-sys-config-value', 'DEMO_MODE', 'yes');
    const before = await panelEvents('v-restart-dns');
    expect(await front.call(root, 'v-restart-dns')).toMatchObject({ status: 400, code: 1 });
    expect((await front.call(root, 'v-make-tmp-file', ['x', 'read-only'])).code).toBe(1);
    expect((await front.call(root, 'v-list-sys-info')).code).toBe(0);
    await front.ok('v-change-sys-config-value', 'DEMO_MODE', 'no');
    expect(await panelEvents('v-restart-dns')).toBe(before);
    expect(existsSync(join(panelTmpDir, 'read-only'))).toBe(false);
  });

  it("and Hearthkey's own commands: keys, roles and switches are its own", async () => {
    const before = await panel.ok('v-list-access-keys', 'admin', 'json');
    expect((await front.call(root, 'v-add-access-key', ['alice', 'webs', 'made here'])).code).toBe(0);
    expect(await panel.ok('v-list-access-keys', 'admin', 'json')).toBe(before);
    expect(await front.ok('v-list-access-keys', 'alice')).toContain('made here');
  });
});

describe('a temporary file is made where the next command reads it', () => {
  it('at the panel', async () => {
    const content = 'www A 203.0.113.9\nmail A 203.0.113.10';
    expect((await front.call(root, 'v-make-tmp-file', [content, 'records'])).code).toBe(0);
    const file = join(panelTmpDir, 'records');
    expect(readFileSync(file, 'utf8')).toBe(`${content}\n`);
    const read = await front.call(root, 'v-insert-dns-records', ['alice', file]);
    expect(read).toMatchObject({ code: 0, body: content });
    expect(existsSync(join(front.config.tmpDir, 'records'))).toBe(false);
  });

  it('under a plain name only, whatever the panel would make of another', async () => {
    const before = await panelEvents('v-make-tmp-file');
    for (const name of ['../x', '/etc/x', '.x', 'a b', '']) {
      expect((await front.call(root, 'v-make-tmp-file', ['x', name])).code).toBe(2);
    }
    expect(await panelEvents('v-make-tmp-file')).toBe(before);
    expect((await front.call(root, 'v-make-tmp-file', ['x', '/tmp/records'])).code).toBe(0);
    expect(readFileSync(join(panelTmpDir, 'records'), 'utf8')).toBe('x\n');
    expect(await panelEvents('v-make-tmp-file')).toBe(before + 1);
  });

  it('also by command', async () => {
    await front.ok('v-make-tmp-file', 'by command', 'by-command');
    expect(readFileSync(join(panelTmpDir, 'by-command'), 'utf8')).toBe('by command\n');
  });
});

describe("what is wrong between Hearthkey and the panel never looks like the client's own key", () => {
  it('with the panel down: 15, and with returncode=yes too', async () => {
    const gone = await Panel.start(answerWith(0, ''));
    const { url } = gone;
    gone.close();
    const service = await startFront({ UPSTREAM_URL: url.origin });
    const key = await service.makeKey('admin', '');
    const answer = await service.call(key, 'v-restart-dns');
    expect(answer).toMatchObject({ status: 400, code: 15, body: expect.stringMatching(didNotRun) });
    expect(answer.body).not.toContain(url.host);
    expect(service.log).toMatch(/v-restart-dns at http:\S+: not sent: ECONNREFUSED/);
    const fields = { access_key: key.id, secret_key: key.secret, cmd: 'v-restart-dns', returncode: 'yes' };
    expect(await service.api(fields)).toMatchObject({ code: 15, body: '15' });
    const [event] = (await service.events('--command', 'v-restart-dns')).filter(
      ({ type }) => type === 'result',
    );
    expect(event).toMatchObject({ outcome: 'failed', code: 15 });
    await service.close();
  });

  it('with a wrong key there, or one that may not do that: 15, and the log says what to mend', async () => {
    const user = await panel.makeKey('alice', 'mail-accounts');
    const cases: [string, Key, RegExp][] = [
      ['wrong secret', { ...own, secret: `${own.secret.slice(0, -1)}=` }, /HEARTHKEY_UPSTREAM_ACCESS_KEY/],
      ['no such key', { ...own, id: 'A'.repeat(20) }, /HEARTHKEY_UPSTREAM_ACCESS_KEY/],
      ['no permission', user, /permission/],
    ];
    for (const [what, { id, secret }, mend] of cases) {
      const service = await startFront({ UPSTREAM_ACCESS_KEY: id, UPSTREAM_SECRET_KEY: secret });
      const answer = await service.call(await service.makeKey('admin', ''), 'v-restart-dns');
      expect({ what, code: answer.code, status: answer.status }).toEqual({ what, code: 15, status: 400 });
      expect(answer.body).toMatch(didNotRun);
      expect(answer.body).not.toContain(id);
      expect(service.log).toMatch(mend);
      expect(service.log).not.toContain(secret);
      await service.close();
    }
  });

  it('with an address that the panel does not let in, its API off, or the key suspended: 15', async () => {
    const states: [string, string[], string[]][] = [
      ['v-add-sys-api-ip', ['v-delete-sys-api-ip', '127.0.0.0/8'], ['v-add-sys-api-ip', '127.0.0.0/8']],
      [
        'v-change-sys-api',
        ['v-change-sys-config-value', 'API_SYSTEM', '0'],
        ['v-change-sys-config-value', 'API_SYSTEM', '2'],
      ],
      ['access key', ['v-suspend-access-key', own.id], ['v-unsuspend-access-key', own.id]],
    ];
    for (const [mend, [spoil = '', ...spoilArgs], [repair = '', ...repairArgs]] of states) {
      await panel.ok(spoil, ...spoilArgs);
      const answer = await front.call(root, 'v-restart-dns');
      expect(answer).toMatchObject({ status: 400, code: 15, body: expect.stringMatching(didNotRun) });
      expect(front.log).toContain(mend);
      await panel.ok(repair, ...repairArgs);
      expect((await front.call(root, 'v-restart-dns')).code).toBe(0);
    }
  });

  it('with a command that takes too long there: 124', async () => {
    const service = await startFront({ COMMAND_TIMEOUT: '500ms' });
    const answer = await service.call(await service.makeKey('admin', ''), 'v-restart-mail');
    expect(answer).toMatchObject({ status: 400, code: 124 });
    await service.close();
  });
});

describe('a panel with a certificate of its own', () => {
  it('is asked where it is trusted, and else not', async () => {
    const tls = selfSigned('IP:127.0.0.1');
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'cert.pem'), tls.cert);
    const secure = await Panel.start(answerWith(0, 'over TLS'), tls);
    const trusting = await startFront({
      UPSTREAM_URL: secure.url.origin,
      UPSTREAM_CA: join(folder, 'cert.pem'),
    });
    expect((await trusting.call(await trusting.makeKey('admin', ''), 'v-restart-dns')).body).toBe('over TLS');
    const wary = await startFront({ UPSTREAM_URL: secure.url.origin });
    expect((await wary.call(await wary.makeKey('admin', ''), 'v-restart-dns')).code).toBe(15);
    expect(secure.forms.filter((form) => form.get('cmd') === 'v-restart-dns')).toHaveLength(1);
    await trusting.close();
    await wary.close();
  });

  it('stops the start where its file is no good', async () => {
    const file = join(temporaryFolder(), 'cert.pem');
    await expect(startFront({ UPSTREAM_CA: file })).rejects.toThrow(
      /^HEARTHKEY_UPSTREAM_CA: .* can't be read: .*\(E[A-Z]+\)$/,
    );
    writeFileSync(file, 'no certificate');
    await expect(startFront({ UPSTREAM_CA: file })).rejects.toThrow(
      /^HEARTHKEY_UPSTREAM_CA: .* no certificate/,
    );
    writeFileSync(file, '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
    await expect(startFront({ UPSTREAM_CA: file })).rejects.toThrow(
      /^HEARTHKEY_UPSTREAM_CA: .* has a certificate in it that can't be read$/,
    );
  });
});

it('the first screen says where commands go, and never with which secret', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'secret'), `${own.secret}\n`);
  const service = await ServiceProcess.start({
    UPSTREAM_URL: panel.url,
    UPSTREAM_ACCESS_KEY: own.id,
    UPSTREAM_SECRET_KEY_FILE: join(folder, 'secret'),
    LOG_LEVEL: 'trace',
  });
  expect(service.stdout).toContain(`commands     run at ${panel.url}/api/ (`);
  await service.ok('v-change-sys-config-value', 'API_SYSTEM', '2');
  await service.ok('v-add-sys-api-ip', '127.0.0.1');
  const key = await service.makeKey('admin', '');
  expect((await service.call(key, 'v-list-web-domains', ['alice'])).code).toBe(0);
  const { stdout, stderr } = await service.end();
  expect(stdout + stderr).not.toContain(own.secret);
});

it("Hearthkey's secret at the panel is in no log, audit or file of either", async () => {
  await front.post(`access_key=${root.id}&secret_key=${root.secret}&cmd=v-restart-dns`, form);
  for (const service of [front, panel]) {
    expect(service.log).not.toContain(own.secret);
    for (const { file, text } of textsBelow(service.dataDir))
      expect({ file, has: text.includes(own.secret) }).toEqual({ file, has: false });
  }
});
