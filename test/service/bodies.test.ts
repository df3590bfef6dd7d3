import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import type { HttpAnswer, Key } from '../support/client.js';
import { commandsDirectory } from '../support/folders.js';
import { TestService } from '../support/test-service.js';

const form = 'application/x-www-form-urlencoded';
const scripts = {
  // Prints its arguments one by one, so that nothing about them can hide.
  'v-list-arguments': {
    options: 'A B',
    script: 'printf "%s" "$#"; for a in "$@"; do printf "[%s]" "$a"; done',
  },
};
let service: TestService;
let key: Key;

beforeAll(async () => {
  service = await TestService.startOpen([], { COMMANDS_DIR: commandsDirectory(scripts) });
  key = await service.makeKey('admin', '');
});

function fields(...args: string[]): Record<string, string> {
  const named = args.map((arg, index) => [`arg${String(index + 1)}`, arg]);
  return { hash: key.pair, cmd: 'v-list-arguments', ...(Object.fromEntries(named) as object) };
}

/** A part of a multipart body; `head` is added to its first line. */
function part(name: string, value: string | Buffer, head = ''): Buffer {
  const first = `--xyz\r\nContent-Disposition: form-data; name="${name}"${head}\r\n\r\n`;
  return Buffer.concat([Buffer.from(first), Buffer.from(value), Buffer.from('\r\n')]);
}

function multipart(...parts: Buffer[]): Promise<HttpAnswer> {
  const body = Buffer.concat([...parts, Buffer.from('--xyz--\r\n')]);
  return service.post(body, 'multipart/form-data; boundary=xyz');
}

const parts = (...args: string[]): Buffer[] =>
  Object.entries(fields(...args)).map(([name, value]) => part(name, value));

async function expectServed(): Promise<void> {
  expect(await service.api(fields('a'))).toMatchObject({ status: 200, code: 0, body: '1[a]' });
}

describe('a multipart body', () => {
  it('is read like a form: line ends, quotes and letters of any script stay', async () => {
    const args = ['line one\nline "two"', 'Öztürk 😀 & = + %41'];
    expect((await multipart(...parts(...args))).body).toBe(`2[${args[0] ?? ''}][${args[1] ?? ''}]`);
  });

  it('may hold files, which are passed over', async () => {
    const file = part('upload', randomBytes(50_000), '; filename="zone.txt"');
    expect(await multipart(file, ...parts('a'), file)).toMatchObject({ code: 0, body: '1[a]' });
  });

  it('has no argument in a file', async () => {
    const asFile = part('arg1', 'from a file', '; filename="arg1"');
    expect((await multipart(...parts(), asFile)).status).toBe(204); // it printed 0
  });

  it('with an array as an argument or as the credentials is refused', async () => {
    expect(await multipart(...parts(), part('arg1[]', 'a'))).toMatchObject({ status: 422, code: 2 });
    expect(await multipart(part('hash[]', key.pair), part('cmd', 'v-list-users'))).toMatchObject({
      code: 11,
    });
  });

  it('with NUL in an argument is refused', async () => {
    expect(await multipart(...parts('a\0b'))).toMatchObject({ status: 422, code: 2 });
  });

  it.each<[string, string, string]>([
    ['has no boundary', 'multipart/form-data', '--xyz--\r\n'],
    ['has another boundary than its type says', 'multipart/form-data; boundary=other', '--xyz--\r\n'],
    ['is empty', 'multipart/form-data; boundary=xyz', ''],
    ['is JSON', 'multipart/form-data; boundary=xyz', '{"hash":"x"}'],
  ])('that %s names nobody: 405', async (_what, type, body) => {
    expect(await service.post(body, type)).toMatchObject({ status: 405, code: 405 });
    await expectServed();
  });

  it('that is cut off is not half-done', async () => {
    const whole = Buffer.concat([...parts('a'), Buffer.from('--xyz--\r\n')]);
    const inFile = part('upload', 'abc', '; filename="zone.txt"');
    const cuts = [whole.length - 20, Math.floor(whole.length / 2), 10].map((length) =>
      whole.subarray(0, length),
    );
    for (const body of [...cuts, inFile]) {
      const answer = await service.post(body, 'multipart/form-data; boundary=xyz');
      expect(answer).toMatchObject({ status: 422, code: 2 });
    }
    await expectServed();
  });

  it('passes over a part that has no name', async () => {
    const unnamed = Buffer.from('--xyz\r\nContent-Disposition: form-data\r\n\r\nx\r\n');
    expect(await multipart(unnamed, ...parts('a'), unnamed)).toMatchObject({ code: 0, body: '1[a]' });
    expect(await multipart(unnamed)).toMatchObject({ status: 405 });
    expect(service.log).toBe('');
  });

  it('with more parts than are read is refused as a whole: no argument is lost silently', async () => {
    const others = Array.from({ length: 200 }, (_, index) => part(`other${String(index)}`, 'x'));
    expect(await multipart(...parts('a'), ...others, part('arg2', 'b'))).toMatchObject({ status: 422 });
    const files = others.map((_, index) => part(`file${String(index)}`, 'x', '; filename="x"'));
    expect(await multipart(...parts('a'), ...files, part('arg2', 'b'))).toMatchObject({ status: 422 });
    expect(await multipart(...parts('a'), ...others.slice(0, 50), part('arg2', 'b'))).toMatchObject({
      body: '2[a][b]',
    });
    await expectServed();
  });
});

describe('a body', () => {
  it('that is a form and has JSON in an argument stays a form', async () => {
    expect((await service.api(fields('{"hash":"x"}'))).body).toBe('1[{"hash":"x"}]');
  });

  it('that is JSON may begin with a byte order mark and have blanks round it', async () => {
    const body = `\uFEFF\r\n  ${JSON.stringify(fields('ä'), null, 2)}\n\n`;
    for (const type of ['application/json', form, 'text/json; charset=utf-8']) {
      expect(await service.post(body, type)).toMatchObject({ code: 0, body: '1[ä]' });
    }
  });

  it('whose type names another character set is read as UTF-8 all the same', async () => {
    const body = JSON.stringify(fields('ä€'));
    for (const type of ['application/json; charset=iso-8859-1', 'application/json; charset=nonsense']) {
      expect(await service.post(body, type)).toMatchObject({ code: 0, body: '1[ä€]' });
    }
    const asForm = new URLSearchParams(fields('ä€')).toString();
    expect((await service.post(asForm, `${form}; charset=iso-8859-1`)).body).toBe('1[ä€]');
  });

  it('with bytes that are no UTF-8 never reaches a command as something else than text', async () => {
    const latin = Buffer.concat([
      Buffer.from(JSON.stringify(fields()).slice(0, -1)),
      Buffer.from(',"arg1":"\xe4"}', 'latin1'),
    ]);
    expect((await service.post(latin, 'application/json')).body).toBe('1[\uFFFD]');
    const utf16 = Buffer.from(JSON.stringify(fields('a')), 'utf16le');
    expect(await service.post(utf16, 'application/json; charset=utf-16')).toMatchObject({ status: 405 });
  });

  it.each<[string, string]>([
    ['nothing', ''],
    ['blanks', ' \r\n\t '],
    ['a byte order mark', '\uFEFF'],
    ['broken JSON', '{"hash": "x", "cmd": "v-list-users"'],
    ['JSON with a comma too much', '{"hash": "x", "cmd": "v-list-users",}'],
    ['JSON in single quotes', "{'hash': 'x'}"],
    ['two JSON texts', '{"hash":"x"}{"hash":"x"}'],
    ['a list of requests', '[{"hash":"x","cmd":"v-list-users"}]'],
    ['a JSON text', '"hash=x"'],
    ['a JSON number', '7'],
    ['an empty object', '{}'],
    ['XML', '<hash>x</hash>'],
  ])('that is %s names nobody: 405 with a text that says so', async (_what, body) => {
    for (const type of ['application/json', form, undefined]) {
      const answer = await service.post(body, type);
      expect(answer).toMatchObject({ status: 405, code: 405 });
      expect(answer.body).toMatch(/^Error: data received is null or invalid, check https:\/\//);
      expect(answer.headers['content-type']).toMatch(/^text\/plain/);
    }
  });

  it('that names a field twice means the last one, in a form as in JSON', async () => {
    const twice = `${new URLSearchParams(fields('first')).toString()}&arg1=last`;
    expect((await service.post(twice, form)).body).toBe('1[last]');
    const json = `${JSON.stringify(fields('first')).slice(0, -1)},"arg1":"last"}`;
    expect((await service.post(json, 'application/json')).body).toBe('1[last]');
  });

  it('may be up to 2 MiB; a larger one is answered 413 before it has come', async () => {
    const padding =
      2 * 1024 * 1024 - Buffer.byteLength(`${new URLSearchParams(fields('a')).toString()}&other=`);
    const fits = `${new URLSearchParams(fields('a')).toString()}&other=${'x'.repeat(padding)}`;
    expect(await service.post(fits, form)).toMatchObject({ code: 0, body: '1[a]' });
    const { head, body } = await announce(2 * 1024 * 1024 + 1);
    expect(head).toMatch(/^HTTP\/1\.1 413 /);
    expect(head).toMatch(/^hestia-exit-code: 2\r$/im);
    // Nobody knows whether the code alone is wanted.
    expect(body).toBe('2 Error: the request could not be read');
    await expectServed();
  });

  it('that comes in chunks without a length is held to the same limit', async () => {
    const chunk = `10000\r\n${'x'.repeat(65536)}\r\n`;
    const { head } = await sendRaw(
      `POST /api/ HTTP/1.1\r\nHost: x\r\nContent-Type: ${form}\r\nTransfer-Encoding: chunked\r\n\r\n${chunk.repeat(40)}`,
    );
    expect(head).toMatch(/^HTTP\/1\.1 413 /);
    await expectServed();
  });

  it('may come in chunks, after a wait for 100 Continue, or from a client of HTTP/1.0', async () => {
    const body = new URLSearchParams(fields('a')).toString();
    const head = `Host: x\r\nContent-Type: ${form}\r\n`;
    const half = Math.floor(body.length / 2);
    const chunks = [body.slice(0, half), body.slice(half), ''].map(
      (chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`,
    );
    const length = `Content-Length: ${String(body.length)}\r\n`;
    const chunked = await sendRaw(
      `POST /api/ HTTP/1.1\r\n${head}Transfer-Encoding: chunked\r\n\r\n${chunks.join('')}`,
    );
    expect(chunked).toMatchObject({ body: '1[a]' });
    expect(await sendRaw(`POST /api/ HTTP/1.0\r\n${head}${length}\r\n${body}`)).toMatchObject({
      body: '1[a]',
    });
    const headers = { 'Content-Type': form, Expect: '100-continue' };
    expect(await service.request('POST', '/api/', body, { headers })).toMatchObject({
      code: 0,
      body: '1[a]',
    });
  });

  it('that announces both a length and chunks is refused: proxies could read it in two ways', async () => {
    const answer = await sendRaw(
      `POST /api/ HTTP/1.1\r\nHost: x\r\nContent-Type: ${form}\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    );
    expect(answer.head).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('that is compressed is not unpacked: nobody can make it grow', async () => {
    const body = new URLSearchParams(fields('a')).toString();
    const answer = await service.request('POST', '/api/', body, {
      headers: { 'Content-Type': form, 'Content-Encoding': 'gzip' },
    });
    expect([200, 405, 415]).toContain(answer.status);
  });
});

/** Announces a body of that length, and sends none of it. */
function announce(length: number): Promise<{ head: string; body: string }> {
  return sendRaw(
    `POST /api/ HTTP/1.1\r\nHost: x\r\nContent-Type: ${form}\r\nContent-Length: ${String(length)}\r\n\r\n`,
  );
}

/** The first answer on a connection of its own. */
function sendRaw(text: string): Promise<{ head: string; body: string }> {
  const { hostname, port } = new URL(service.url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => socket.write(text));
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk.toString();
      const [head = '', body] = answer.split('\r\n\r\n');
      const length = Number(/^content-length: (\d+)/im.exec(head)?.[1]);
      if (body === undefined || body.length < length) return;
      socket.destroy();
      resolve({ head: `${head}\r`, body });
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve({ head: answer, body: '' }));
  });
}
