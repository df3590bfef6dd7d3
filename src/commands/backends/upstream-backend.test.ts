import { beforeEach, describe, expect, it } from '@jest/globals';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { selfSigned } from '../../../test/support/certificates.js';
import { atEnd } from '../../../test/support/clean-up.js';
import { answerWith, Panel, type Handler } from '../../../test/support/panel.js';
import { within } from '../../../test/support/waiting.js';
import { UpstreamBackend, type UpstreamBackendOptions } from './upstream-backend.js';

const accessKeyId = 'PANEL000000000000001';
const secretAccessKey = 'correct-Horse_battery=Staple-0123456789a';
let problems: string[] = [];

beforeEach(() => {
  problems = [];
});

function backendFor(url: URL, options: Partial<UpstreamBackendOptions> = {}): UpstreamBackend {
  return new UpstreamBackend({
    url,
    accessKeyId,
    secretAccessKey,
    trusted: [],
    timeoutMs: 20_000,
    outputLimitBytes: 100_000,
    onProblem: (problem) => problems.push(problem),
    ...options,
  });
}

async function runAt(handler: Handler, options: Partial<UpstreamBackendOptions> = {}) {
  const panel = await Panel.start(handler);
  const result = await backendFor(panel.url, options).run('v-list-users', ['json']);
  return { panel, result };
}

/** A server that speaks no HTTP; `onData` is told what it reads. */
async function rawServer(onData: (socket: Socket, count: number) => void): Promise<URL> {
  let count = 0;
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined).on('data', () => onData(socket, ++count));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return new URL(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}/api/`);
}

const unknownWhether = /it is not known whether v-list-users ran\n$/;
const didNotRun = /v-list-users did not run\n$/;

describe('a command that is sent to the panel', () => {
  it('comes with the credential and its arguments in order, empty ones too', async () => {
    const { panel, result } = await runAt(answerWith(0, 'ok'));
    expect(result).toEqual({ code: 0, output: 'ok', outputType: 'text' });
    expect([...panel.forms[0]!]).toEqual([
      ['access_key', accessKeyId],
      ['secret_key', secretAccessKey],
      ['cmd', 'v-list-users'],
      ['arg1', 'json'],
    ]);
  });

  it('has its arguments arrive as they are, whatever is in them', async () => {
    const panel = await Panel.start(answerWith(0, ''));
    const backend = backendFor(panel.url);
    const argument = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('', ' ', '+', '&arg1=x', '%00', '\r\n'),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(argument, { maxLength: 13 }), async (args) => {
        expect(await backend.run('v-list-users', args)).toMatchObject({ code: 0 });
        const fields = [...panel.forms.at(-1)!].slice(3);
        expect(fields).toEqual(args.map((arg, index) => [`arg${String(index + 1)}`, arg]));
      }),
    );
  });

  it('has 13 arguments at most; with more it is refused with 2 and not sent', async () => {
    const panel = await Panel.start(answerWith(0, ''));
    expect(await backendFor(panel.url).run('v-x', Array<string>(14).fill(''))).toMatchObject({ code: 2 });
    expect(panel.sockets).toHaveLength(0);
    expect((await backendFor(panel.url).run('v-x', Array<string>(13).fill(''))).code).toBe(0);
  });

  it('is any that has the name of one', () => {
    const backend = backendFor(new URL('http://127.0.0.1:1/api/'));
    expect(backend.has('v-list-users')).toBe(true);
    for (const name of ['list', '', 'v-', 'v-a/b', 'v-a\n']) expect(backend.has(name)).toBe(false);
  });
});

describe('what comes back', () => {
  it('is the exit code, the output and its type', async () => {
    let [code, body, type] = [0, '', ''];
    const panel = await Panel.start((...given) => answerWith(code, body, type)(...given));
    const backend = backendFor(panel.url);
    const json = fc.constantFrom('application/json; charset=utf-8', 'text/html; charset=UTF-8', 'text/plain');
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 255 }),
        fc.string({ unit: 'binary' }),
        json,
        async (...given) => {
          [code, body, type] = given;
          expect(await backend.run('v-x', [])).toEqual({
            code,
            output: body,
            outputType: type.startsWith('application/json') ? 'json' : 'text',
          });
        },
      ),
    );
    expect(problems).toEqual([]);
  });

  it('slowly, piece by piece, is whole', async () => {
    const { result } = await runAt((_request, response) => {
      response.writeHead(200, { 'Hestia-Exit-Code': '0' });
      void (async () => {
        for (const piece of ['ü€'.slice(0, 1), '€', '😀']) {
          response.write(piece);
          await sleep(50);
        }
        response.end();
      })();
    });
    expect(result).toEqual({ code: 0, output: 'ü€😀', outputType: 'text' });
  });

  it('never has the secret in it, even where the panel repeats what it was sent', async () => {
    const { result } = await runAt((request, response, form) =>
      answerWith(9, `got ${form.toString()} ${secretAccessKey}`)(request, response, form),
    );
    expect(result.output).toContain('cmd=v-list-users');
    expect(JSON.stringify([result, problems])).not.toContain(secretAccessKey);
  });

  it('is 3 where the panel has no such command', async () => {
    const { result } = await runAt(answerWith(10, 'Error: Command v-list-users not found'));
    const output = 'Error: v-list-users is not available on this server\n';
    expect(result).toEqual({ code: 3, output, isMissing: true });
  });

  it("is 15 where the panel refuses Hearthkey's own key, and the log says what to mend", async () => {
    const { result, panel } = await runAt(answerWith(10, 'Error: IP is not allowed to connect with API'));
    expect(result).toEqual({
      code: 15,
      output: 'Error: the panel does not let this service in; v-list-users did not run\n',
    });
    expect(problems).toEqual([expect.stringMatching(/: refused: .*v-add-sys-api-ip/)]);
    expect(problems[0]).toContain(panel.url.href);
  });

  it('is a code and a text whatever the server answers, and never the secret', async () => {
    let answer: { status: number; code: string; body: string } = { status: 200, code: '0', body: '' };
    const panel = await Panel.start((_request, response) => {
      const { status, code, body } = answer;
      response.writeHead(status, code === '' ? {} : { 'Hestia-Exit-Code': code }).end(body);
    });
    const backend = backendFor(panel.url);
    const body = fc.oneof(
      fc.string(),
      fc.constantFrom(secretAccessKey, `Error: ${accessKeyId}`, 'Error: Disabled'),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          status: fc.integer({ min: 200, max: 599 }),
          code: fc.oneof(
            fc.constantFrom('', '0', '9', '10', '11', '21', '-1', '256'),
            fc.stringMatching(/^[!-~]{1,5}$/),
          ),
          body,
        }),
        async (given) => {
          answer = given;
          problems = [];
          const { code, output } = await backend.run('v-x', []);
          expect(Number.isInteger(code) && code >= 0 && code <= 255).toBe(true);
          expect(JSON.stringify([output, problems])).not.toContain(secretAccessKey);
        },
      ),
    );
  });
});

describe('a server that is no panel is 15', () => {
  it.each<[string, Handler]>([
    ['a page without an exit code', (_request, response) => response.end('<html>login</html>')],
    ["a proxy's 502", (_request, response) => response.writeHead(502).end('Bad Gateway')],
    [
      'an exit code twice',
      (_request, response) =>
        response.writeHead(200, ['Hestia-Exit-Code', '0', 'Hestia-Exit-Code', '0']).end(),
    ],
    ['405 as exit code', answerWith(405, 'Error: data received is null or invalid')],
  ])('%s', async (_what, handler) => {
    const { result } = await runAt(handler);
    expect(result).toEqual({ code: 15, output: expect.stringMatching(unknownWhether) });
    expect(result.output).not.toMatch(/127\.0\.0\.1|html|Gateway/);
    expect(problems).toHaveLength(1);
  });

  it('a redirect is never followed', async () => {
    const other = await Panel.start(answerWith(0, 'other'));
    for (const status of [301, 302, 307, 308]) {
      const { result } = await runAt((_request, response) =>
        response.writeHead(status, { Location: other.url.href }).end(),
      );
      expect(result.code).toBe(15);
    }
    expect(other.sockets).toHaveLength(0);
    expect(problems[0]).toMatch(/redirect/);
  });

  it.each([
    ['no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['another protocol', 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n'],
    ['endless headers', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(100_000)}`],
    [
      'two lengths',
      'HTTP/1.1 200 OK\r\nHestia-Exit-Code: 0\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx',
    ],
  ])('%s', async (_what, bytes) => {
    const url = await rawServer((socket) => socket.write(bytes));
    expect(await backendFor(url).run('v-list-users', [])).toEqual({
      code: 15,
      output: expect.stringMatching(unknownWhether),
    });
    expect(problems).toHaveLength(1);
  });
});

describe('a panel that is out of reach', () => {
  it('and refuses connections is 15: the command did not run', async () => {
    const panel = await Panel.start(answerWith(0, ''));
    const { url } = panel;
    panel.close();
    expect(await backendFor(url).run('v-list-users', [])).toEqual({
      code: 15,
      output: expect.stringMatching(didNotRun),
    });
    expect(problems).toEqual([`v-list-users at ${url.href}: not sent: ECONNREFUSED`]);
  });

  it('and has a name that nobody knows is 15', async () => {
    const result = await backendFor(new URL('http://panel.invalid/api/')).run('v-list-users', []);
    expect(result).toEqual({ code: 15, output: expect.stringMatching(didNotRun) });
  });

  it('and never finishes the handshake is 15 at the connect limit', async () => {
    const url = await rawServer(() => undefined);
    url.protocol = 'https:';
    const startedAt = performance.now();
    const result = await backendFor(url, { timeoutMs: 300 }).run('v-list-users', []);
    expect(result).toEqual({ code: 15, output: expect.stringMatching(didNotRun) });
    expect(performance.now() - startedAt).toBeLessThan(3000);
  });
});

describe('a command is sent once and not again', () => {
  it('when the panel dies before it answers: 15', async () => {
    const { panel, result } = await runAt((request) => request.socket.destroy());
    expect(result).toEqual({ code: 15, output: expect.stringMatching(unknownWhether) });
    expect(problems).toEqual([expect.stringContaining('the connection was lost: ECONNRESET')]);
    await sleep(100);
    expect(panel.forms).toHaveLength(1);
  });

  it('when the panel dies in the middle of its answer: 15', async () => {
    const { panel, result } = await runAt((request, response) => {
      response.writeHead(200, { 'Hestia-Exit-Code': '0', 'Content-Length': '100' });
      response.write('half', () => setTimeout(() => request.socket.destroy(), 20));
    });
    expect(result).toEqual({ code: 15, output: expect.stringMatching(unknownWhether) });
    await sleep(100);
    expect(panel.forms).toHaveLength(1);
  });

  it('when the panel closes a kept connection just then: 15, and the next command runs', async () => {
    let hasDied = false;
    const { panel, result } = await runAt((request, response, form) => {
      if (form.get('cmd') === 'v-list-users' || hasDied) return answerWith(0, 'ok')(request, response, form);
      hasDied = true;
      request.socket.destroy();
    });
    expect(result.code).toBe(0);
    const backend = backendFor(panel.url);
    expect((await backend.run('v-list-users', [])).code).toBe(0);
    const connections = panel.sockets.length;
    expect((await backend.run('v-add-user', [])).code).toBe(15);
    expect(panel.sockets).toHaveLength(connections);
    expect((await backend.run('v-add-user', [])).code).toBe(0);
    expect(panel.forms.map((form) => form.get('cmd'))).toEqual([
      ...['v-list-users', 'v-list-users', 'v-add-user', 'v-add-user'],
    ]);
  });

  it('however the panel closes its idle connections', async () => {
    const panel = await Panel.start(answerWith(0, 'ok'));
    panel.keepAliveMs = 20;
    const backend = backendFor(panel.url);
    const codes: number[] = [];
    for (let number = 0; number < 100; number++) {
      codes.push((await backend.run('v-x', [String(number)])).code);
      await sleep(15 + (number % 11));
    }
    const numbers = panel.forms.map((form) => form.get('arg1'));
    expect(new Set(numbers).size).toBe(numbers.length);
    codes.forEach((code, number) => {
      expect(code === 15 || numbers.includes(String(number))).toBe(true);
    });
    expect(codes.filter((code) => code === 0).length).toBeGreaterThan(50);
  }, 30_000);
});

describe('connections', () => {
  it('are used again', async () => {
    const panel = await Panel.start(answerWith(0, 'ok'));
    const backend = backendFor(panel.url);
    for (let count = 0; count < 20; count++) expect((await backend.run('v-x', [])).code).toBe(0);
    expect(panel.sockets).toHaveLength(1);
    await Promise.all(Array.from({ length: 8 }, () => backend.run('v-x', [])));
    expect(panel.sockets.length).toBeLessThanOrEqual(8);
  });

  it('are closed after a few seconds in which nothing was sent', async () => {
    const panel = await Panel.start(answerWith(0, 'ok'));
    await backendFor(panel.url).run('v-x', []);
    expect(panel.openSockets).toHaveLength(1);
    await within(4500, 'it is closed', () => panel.openSockets.length === 0);
  });

  it('that the panel closed while nothing was sent are not used', async () => {
    const panel = await Panel.start(answerWith(0, 'ok'));
    panel.keepAliveMs = 30;
    const backend = backendFor(panel.url);
    for (let count = 0; count < 3; count++) {
      expect((await backend.run('v-x', [])).code).toBe(0);
      // Node.js adds a second of its own to that time in later versions.
      await within(5000, 'it is closed', () => panel.openSockets.length === 0);
      await sleep(50);
    }
    expect(panel.sockets).toHaveLength(3);
  });

  it('of a command that takes longer than idle ones are kept stay open', async () => {
    const { result } = await runAt((...given) => setTimeout(() => answerWith(0, 'late')(...given), 3500));
    expect(result).toMatchObject({ code: 0, output: 'late' });
  });
});

describe('the limits of a command', () => {
  it('are on its time: 124, and nobody says that it was stopped', async () => {
    const startedAt = performance.now();
    const { panel, result } = await runAt(() => undefined, { timeoutMs: 300 });
    expect(result).toEqual({
      code: 124,
      output: 'Error: v-list-users did not end within 0.3 s; it may still be running\n',
    });
    expect(performance.now() - startedAt).toBeLessThan(3000);
    await within(1000, 'its connection is closed', () => panel.openSockets.length === 0);
  });

  it('are on its time as a whole, not between two pieces', async () => {
    const { result } = await runAt(
      (_request, response) => {
        response.writeHead(200, { 'Hestia-Exit-Code': '0' });
        const timer = setInterval(() => response.write('x'), 50);
        response.on('close', () => clearInterval(timer));
      },
      { timeoutMs: 500 },
    );
    expect(result.code).toBe(124);
  });

  it('are on its output: 8, with or without a length said', async () => {
    const flood: Handler = (_request, response) => {
      response.writeHead(200, { 'Hestia-Exit-Code': '0' });
      const timer = setInterval(() => response.write('x'.repeat(50_000)), 1);
      response.on('close', () => clearInterval(timer));
    };
    for (const handler of [flood, answerWith(0, 'x'.repeat(100_001))]) {
      const { panel, result } = await runAt(handler);
      expect(result.code).toBe(8);
      expect(result.output.length).toBeLessThan(200);
      await within(1000, 'its connection is closed', () => panel.openSockets.length === 0);
    }
  });

  it('let through exactly as much output as is allowed', async () => {
    expect((await runAt(answerWith(0, 'x'.repeat(100_000)))).result.output).toHaveLength(100_000);
  });
});

describe('a panel with a certificate', () => {
  const right = selfSigned('IP:127.0.0.1');

  it('that is trusted is asked, over connections that are used again', async () => {
    const panel = await Panel.start(answerWith(0, 'ok'), right);
    const backend = backendFor(panel.url, { trusted: [right.cert] });
    for (let count = 0; count < 5; count++) expect((await backend.run('v-x', [])).code).toBe(0);
    expect(panel.sockets).toHaveLength(1);
  });

  const other = selfSigned('IP:127.0.0.1');
  const misnamed = selfSigned('IP:127.0.0.9,DNS:panel.example.com');
  const expired = selfSigned('IP:127.0.0.1', true);
  it.each<[string, Parameters<typeof Panel.start>[1], string[]]>([
    ['that nobody vouches for', right, []],
    ['that another one vouches for', right, [other.cert]],
    ['for another name', misnamed, [misnamed.cert]],
    ['that has expired', expired, [expired.cert]],
    [
      'but an old version of TLS',
      { ...right, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' },
      [right.cert],
    ],
  ])('%s is 15, and is never sent a byte of the command', async (_what, tls, trusted) => {
    const panel = await Panel.start(answerWith(0, 'ok'), tls);
    for (let count = 0; count < 3; count++) {
      const result = await backendFor(panel.url, { trusted }).run('v-list-users', []);
      expect(result).toEqual({ code: 15, output: expect.stringMatching(didNotRun) });
    }
    await sleep(50);
    expect(panel.sockets).toHaveLength(3);
    expect(panel.forms).toEqual([]);
    expect(problems).toHaveLength(3);
  });

  it('that is not trusted: the log names the setting that it takes', async () => {
    const panel = await Panel.start(answerWith(0, 'ok'), right);
    await backendFor(panel.url).run('v-x', []);
    expect(problems).toEqual([expect.stringMatching(/DEPTH_ZERO_SELF_SIGNED_CERT .*HEARTHKEY_UPSTREAM_CA/)]);
  });
});
