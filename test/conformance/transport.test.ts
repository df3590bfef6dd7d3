import { describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { requestBody } from './http-case.js';
import { Bindings } from './placeholders.js';
import { throughProxy, withForwardedFor } from './proxy.js';
import { exchange, parseAnswer, requestBytes } from './raw-http.js';

const request = {
  method: 'POST',
  path: '/api/?q=%20',
  content_type: 'application/x-www-form-urlencoded',
  headers: { 'X-Forwarded-For': '10.9.9.9', 'Client-IP': '10.9.9.9' },
  body: 'a=%ff&b={SECRET}',
};

async function withEcho<T>(use: (port: number) => Promise<T>): Promise<T> {
  const server = createServer((incoming: IncomingMessage, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      response.setHeader('Hestia-Exit-Code', '3');
      const { remoteAddress: from } = incoming.socket;
      response.end(
        JSON.stringify({
          url: incoming.url,
          from,
          headers: incoming.headers,
          body: Buffer.concat(chunks).toString('latin1'),
        }),
      );
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  try {
    return await use(typeof address === 'object' && address !== null ? address.port : 0);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

describe('a recorded request', () => {
  it('arrives byte for byte, with its answer taken apart', async () => {
    const bindings = new Bindings(undefined, [['SECRET', `${'a'.repeat(39)}=`]]);
    const bytes = requestBytes(request, requestBody(request, bindings));
    const answer = await withEcho((port) => exchange(port, bytes, 'POST'));
    const seen = JSON.parse(answer.body.toString()) as {
      url: string;
      from: string;
      headers: Record<string, string>;
      body: string;
    };
    expect(answer).toMatchObject({ status: 200, code: 3 });
    expect(seen).toMatchObject({
      url: '/api/?q=%20',
      from: '127.0.0.1',
      body: `a=%ff&b=${'a'.repeat(39)}%3D`,
    });
    expect(seen.headers['x-forwarded-for']).toBe('10.9.9.9');
  });

  it('comes from the trusted address with its client in X-Forwarded-For when it goes through the proxy', async () => {
    const bytes = requestBytes(request, Buffer.from('x\r\n\r\ny'));
    const answer = await withEcho((port) =>
      throughProxy(port, '2001:db8::5', (proxy) => exchange(proxy, bytes, 'POST')),
    );
    const seen = JSON.parse(answer.body.toString()) as {
      from: string;
      headers: Record<string, string>;
      body: string;
    };
    expect(seen).toMatchObject({ from: '127.0.0.2', body: 'x\r\n\r\ny' });
    expect(seen.headers).toMatchObject({ 'x-forwarded-for': '2001:db8::5', 'client-ip': '10.9.9.9' });
  });

  it('says unknown where there is no client address', () => {
    expect(withForwardedFor('GET / HTTP/1.1\r\nA: b', '')).toBe(
      'GET / HTTP/1.1\r\nA: b\r\nX-Forwarded-For: unknown',
    );
  });
});

describe('an answer', () => {
  const parse = (text: string) => parseAnswer(Buffer.from(text), 'POST');

  it('is read with chunks, with a length, and without a header for the code', () => {
    const chunked = parse(
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n',
    );
    expect(chunked.body.toString()).toBe('abcd');
    expect(chunked.code).toBeNull();
    expect(
      parse('HTTP/1.1 422 X\r\nhestia-exit-code: 2\r\ncontent-length: 1\r\n\r\nab').body.toString(),
    ).toBe('a');
    expect(parse('HTTP/1.1 422 X\r\nhestia-exit-code: 2x\r\n\r\n').code).toBeNaN();
  });

  it('that was cut off is an error', () => {
    expect(() => parse('HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nab')).toThrow('cut off');
    expect(() => parse('nonsense')).toThrow('no HTTP answer');
  });
});
