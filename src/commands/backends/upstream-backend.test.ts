import { describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { answerWith, Panel, type Handler } from '../../../test/support/panel.js';
import {
  accessKeyId,
  backendFor,
  problems,
  runAt,
  secretAccessKey,
} from '../../../test/support/upstream-backend.js';
import { within } from '../../../test/support/waiting.js';

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
          problems.length = 0;
          const { code, output } = await backend.run('v-x', []);
          expect(Number.isInteger(code) && code >= 0 && code <= 255).toBe(true);
          expect(JSON.stringify([output, problems])).not.toContain(secretAccessKey);
        },
      ),
    );
  });
});

describe('the limits of a command', () => {
  it('are on its time: 124, and nobody says that it was stopped', async () => {
    const { panel, result } = await runAt(() => undefined, { timeoutMs: 300 });
    expect(result).toEqual({
      code: 124,
      output: 'Error: v-list-users did not end within 0.3 s; it may still be running\n',
    });
    await within(10_000, 'its connection is closed', () => panel.openSockets.length === 0);
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
      await within(10_000, 'its connection is closed', () => panel.openSockets.length === 0);
    }
  });

  it('let through exactly as much output as is allowed', async () => {
    expect((await runAt(answerWith(0, 'x'.repeat(100_000)))).result.output).toHaveLength(100_000);
  });
});
