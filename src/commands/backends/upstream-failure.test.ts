import { describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { answerWith, Panel, type Handler } from '../../../test/support/panel.js';
import {
  backendFor,
  didNotRun,
  problems,
  rawServer,
  runAt,
  unknownWhether,
} from '../../../test/support/upstream-backend.js';

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
    const result = await backendFor(url, { timeoutMs: 300 }).run('v-list-users', []);
    expect(result).toEqual({ code: 15, output: expect.stringMatching(didNotRun) });
  });
});

/** Before a command that comes later, however soon that is. */
async function isSentOnce(panel: Panel): Promise<void> {
  await backendFor(panel.url).run('v-later', []);
  expect(panel.forms.map((form) => form.get('cmd'))).toEqual(['v-list-users', 'v-later']);
}

describe('a command is sent once and not again', () => {
  it('when the panel dies before it answers: 15', async () => {
    const { panel, result } = await runAt((request) => request.socket.destroy());
    expect(result).toEqual({ code: 15, output: expect.stringMatching(unknownWhether) });
    expect(problems).toEqual([expect.stringContaining('the connection was lost: ECONNRESET')]);
    await isSentOnce(panel);
  });

  it('when the panel dies in the middle of its answer: 15', async () => {
    const { panel, result } = await runAt((request, response) => {
      response.writeHead(200, { 'Hestia-Exit-Code': '0', 'Content-Length': '100' });
      response.write('half', () => setTimeout(() => request.socket.destroy(), 20));
    });
    expect(result).toEqual({ code: 15, output: expect.stringMatching(unknownWhether) });
    await isSentOnce(panel);
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
    expect(codes).toContain(0);
  });
});
