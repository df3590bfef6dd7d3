import { expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { Duplex } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { PlainRequestReader } from './plain-request.js';

const body = '{"accessKeyId":"A","secretAccessKey":"B","command":"v-list-users"}';
const length = `Content-Length: ${String(body.length)}`;
const plain = ['Host: localhost:8083', 'Content-Type: application/json', length];
const line = 'POST /v1/authorize HTTP/1.1';

function request(fields: readonly string[], sent = body, first = line): string {
  return `${[first, ...fields].join('\r\n')}\r\n\r\n${sent}`;
}

function read(text: string): string | undefined {
  const result = new PlainRequestReader().read(Buffer.from(text, 'latin1'));
  return typeof result === 'object' ? result.toString('latin1') : result;
}

it.each([
  ['curl', ['User-Agent: curl/8.5.0', 'Accept: */*']],
  ['Node.js', ['connection: keep-alive', 'accept: */*', 'accept-language: *', 'sec-fetch-mode: cors']],
  ['Go', ['User-Agent: Go-http-client/1.1', 'Accept-Encoding: gzip']],
  ['a client that traces', ['traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01']],
])('takes what %s sends', (_, fields) => {
  expect(read(request([...plain, ...fields]))).toBe(body);
});

it('takes the same head with another body', () => {
  const reader = new PlainRequestReader(1);
  const other = body.replace('"A"', '"C"');
  for (const sent of [body, other]) {
    expect(reader.read(Buffer.from(request(plain, sent)))?.toString()).toBe(sent);
  }
});

it('keeps only plain heads that come again', () => {
  const reader = new PlainRequestReader();
  const other = request([...plain, 'Authorization: Bearer secret']);
  for (const sent of [request(plain), request([...plain, 'X-Request-ID: 1']), other])
    reader.read(Buffer.from(sent, 'latin1'));
  const known = [...(reader as unknown as { known: Map<string, number> }).known.keys()];
  expect(known).toEqual([request(plain, '').trimEnd()]);
});

it('waits for the rest of a body, and for nothing else', () => {
  expect(read(request(plain, ''))).toBe('incomplete');
  expect(read(request(plain, body.slice(1)))).toBe('incomplete');
  expect(read(request(plain).slice(0, 40))).toBeUndefined();
  expect(read('')).toBeUndefined();
});

it.each([
  ['more than one request', request(plain) + request(plain)],
  ['a byte too many', `${request(plain)}\n`],
  ['another path', request(plain, body, 'POST /v1/authorize/ HTTP/1.1')],
  ['another method', request(plain, body, 'PUT /v1/authorize HTTP/1.1')],
  ['an older version', request(plain, body, 'POST /v1/authorize HTTP/1.0')],
  ['an empty line first', `\r\n${request(plain)}`],
  ['lines ended by a line feed alone', request(plain).replaceAll('\r\n', '\n')],
  ['no Host', request(plain.slice(1))],
  ['no type', request([plain[0] ?? '', length])],
  ['another type', request([plain[0] ?? '', 'Content-Type: application/json;charset=utf-8', length])],
  ['no length', request(plain.slice(0, 2))],
  ['two lengths', request([...plain, length])],
  ['a length and chunks', request([...plain, 'Transfer-Encoding: chunked'])],
  ['a length with a sign', request([...plain.slice(0, 2), `Content-Length: +${String(body.length)}`])],
  ['a length with a zero first', request([...plain.slice(0, 2), `Content-Length: 0${String(body.length)}`])],
  ['an empty body', request([...plain.slice(0, 2), 'Content-Length: 0'], '')],
  ['a folded line', request([...plain, 'Accept: a', ' b'])],
  ['a blank before the colon', request([...plain, 'Accept : a'])],
  ['no blank after the colon', request([...plain, 'Accept:a'])],
  ['two blanks after the colon', request([...plain, 'Accept:  a'])],
  ['a tabulator', request([...plain, 'Accept: a\tb'])],
  ['a NUL', request([...plain, 'Accept: a\0b'])],
  ['a byte beyond ASCII', request([...plain, 'Accept: \xe9'])],
  ['an end of the connection', request([...plain, 'Connection: close'])],
  ['an upgrade', request([...plain, 'Upgrade: h2c'])],
  ['an expectation', request([...plain, 'Expect: 100-continue'])],
  ['a packed body', request([...plain, 'Content-Encoding: gzip'])],
  ['a proxy', request([...plain, 'X-Forwarded-For: 203.0.113.9'])],
  ['a field that it does not know', request([...plain, 'X-Something: 1'])],
  ['a very long head', request([...plain, `User-Agent: ${'x'.repeat(3000)}`])],
])('leaves %s to others', (_, text) => {
  expect(read(text)).toBeUndefined();
});

/** What Node.js' own server makes of the bytes: each request, or that something is wrong with them. */
async function readByNode(text: string): Promise<unknown[]> {
  const seen: unknown[] = [];
  const server = createServer((incoming, response) => {
    const { method, url, httpVersion, headers } = incoming;
    const { host, connection, 'content-type': type, ...others } = headers;
    const odd = ['transfer-encoding', 'expect', 'upgrade', 'x-forwarded-for'].filter(
      (name) => name in others,
    );
    const about = { start: `${String(method)} ${String(url)} HTTP/${httpVersion}`, type, odd };
    const stays = (connection ?? 'keep-alive').toLowerCase() === 'keep-alive';
    void buffer(incoming).then((whole) => {
      seen.push({ ...about, stays, hasHost: host !== undefined, body: whole.toString('latin1') });
      response.end();
    });
  });
  server.on('clientError', () => seen.push('malformed'));
  const socket = new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() });
  socket.on('error', () => undefined);
  server.emit('connection', socket);
  socket.push(Buffer.from(text, 'latin1'));
  // What it takes it takes at once; then it sees the end.
  await new Promise((resolve) => setImmediate(resolve));
  socket.push(null);
  await Promise.race([once(socket, 'close'), new Promise((resolve) => setTimeout(resolve, 20))]);
  socket.destroy();
  return seen;
}

it('takes nothing that the parser of Node.js reads otherwise', async () => {
  const pieces = fc.constantFrom(
    ...['\r\n', '\n', '\r', ' ', '\t', '\0', ':', ',', '0', '1', '\r\n\r\n', 'chunked', 'close', 'é', ';'],
    ...['Content-Length: 1\r\n', 'Transfer-Encoding: chunked\r\n', 'Accept: a\r\n', 'accept: b\r\n'],
    ...[
      'Connection: keep-alive\r\n',
      'Connection: close\r\n',
      'Host: b\r\n',
      'User-Agent: x\r\n',
      ' folded\r\n',
    ],
    ...['cOnTeNt-LeNgTh', 'Expect: 100-continue\r\n', 'Cache-Control: no-cache\r\n', 'traceparent: 0\r\n'],
  );
  const text = request(['User-Agent: x', ...plain, 'Accept: */*']);
  const starts = [...text.matchAll(/\r\n/g)].map(({ index }) => index + 2);
  const place = fc.oneof(fc.constantFrom(...starts), fc.nat(text.length));
  const change = fc.record({ place, cut: fc.oneof(fc.constant(0), fc.nat(3)), piece: fc.option(pieces) });
  let taken = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(change, { maxLength: 2 }), async (changes) => {
      let changed = text;
      for (const { place: at, cut, piece } of changes)
        changed = changed.slice(0, at) + (piece ?? '') + changed.slice(at + cut);
      const sent = read(changed);
      if (sent === undefined || sent === 'incomplete') return;
      taken++;
      const start = line;
      const whole = { start, type: 'application/json', odd: [], stays: true, hasHost: true, body: sent };
      expect(await readByNode(changed)).toEqual([whole]);
    }),
    { numRuns: 5000 },
  );
  expect(taken).toBeGreaterThan(200);
});
