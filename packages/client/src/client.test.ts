/** The client against servers that behave in every wrong way. The real service: test/integrations/client-package.test.ts. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createClient, HearthkeyError, SecretLostError, type Client, type ClientOptions } from './client.js';

const secret = 'SECRETSECRETSECRETSECRETSECRETSECRETSECR';
const key = { accessKeyId: 'InNqgp01kO3v0W22eg6Z', secretAccessKey: secret };

const cleanUps: (() => unknown)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

interface Served {
  url: string;
  /** In the order of their arrival. */
  requests: IncomingMessage[];
}

type Behaviour = (response: ServerResponse, request: IncomingMessage) => unknown;

/** The first request gets the first behaviour; the last one is for all that follow. */
async function serve(...behaviours: Behaviour[]): Promise<Served> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    request.resume().on('end', () => {
      void behaviours[Math.min(requests.length, behaviours.length) - 1]?.(response, request);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanUps.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`, requests };
}

const clientAt = ({ url }: Served, more: Partial<ClientOptions> = {}): Client =>
  createClient({ url, timeoutMs: 300_000, ...key, ...more });

const answer =
  (status: number, body: unknown, headers: Record<string, string> = {}): Behaviour =>
  (response) => {
    const type = status < 300 ? 'application/json' : 'application/problem+json';
    response.writeHead(status, { 'Content-Type': `${type}; charset=utf-8`, ...headers });
    response.end(JSON.stringify(body));
  };
const problem = (status: number, reason: string, more: object = {}, headers = {}): Behaviour =>
  answer(
    status,
    { type: 'about:blank', title: 'No', status, detail: `it is ${reason}`, reason, ...more },
    headers,
  );
const good = answer(200, { user: 'alice' });
const hangUp: Behaviour = (response) => response.destroy();
const silence: Behaviour = () => undefined;

async function errorOf(call: Promise<unknown>): Promise<HearthkeyError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof HearthkeyError)) throw new Error(`not rejected as it should be: ${inspect(error)}`);
  return error;
}

describe('a request is sent again', () => {
  const again: [string, Behaviour][] = [
    ['without an answer', hangUp],
    ...[429, 502, 503, 504].map((status): [string, Behaviour] => [
      `answered with ${status}`,
      problem(status, 'overloaded', {}, { 'Retry-After': '0' }),
    ]),
    ["answered with a proxy's page of 502", (response) => response.writeHead(502).end('<html>')],
    ['whose answer is cut off', (response) => response.writeHead(200, { 'Content-Length': '99' }).end('{')],
  ];
  it.each(again)('%s, where that is safe', async (_what, first) => {
    const served = await serve(first, good);
    expect(await clientAt(served).insight.whoAmI()).toEqual({ user: 'alice' });
    expect(served.requests.map(({ headers }) => headers['x-request-id'])).toEqual([
      served.requests[0]?.headers['x-request-id'],
      served.requests[0]?.headers['x-request-id'],
    ]);
  });

  it('as often as the options say, and then the last error is thrown', async () => {
    const served = await serve(hangUp, hangUp, problem(503, 'overloaded'));
    const error = await errorOf(clientAt(served).users.delete('alice'));
    expect(error).toMatchObject({ status: 503, reason: 'overloaded', attempts: 3 });
    expect(served.requests).toHaveLength(3);
    const once = await serve(hangUp);
    expect(await errorOf(clientAt(once, { retries: 0 }).insight.whoAmI())).toMatchObject({
      ...{ status: undefined, reason: 'client_unreachable', attempts: 1 },
    });
  });

  it.each<[string, (client: Client) => Promise<unknown>]>([
    ['PUT', (client) => client.users.changePassword('alice', { password: 'correct-horse-1' })],
    ['DELETE', (client) => client.users.delete('alice')],
    ['POST with an Idempotency-Key', (client) => client.accessKeys.create({ user: 'alice' })],
    ['rotation', (client) => client.accessKeys.rotate(key.accessKeyId)],
  ])('if it is a %s', async (_what, call) => {
    const served = await serve(hangUp, answer(200, { accessKeyId: key.accessKeyId }));
    await call(clientAt(served));
    const [first, second] = served.requests.map(({ headers }) => headers);
    expect(second).toEqual(first);
  });

  it.each<[string, (client: Client) => Promise<unknown>]>([
    ['POST', (client) => client.accessKeys.suspend(key.accessKeyId)],
    ['PATCH', (client) => client.settings.change({ isReadOnly: true })],
  ])('but not if it is a %s', async (_what, call) => {
    for (const first of [hangUp, problem(503, 'overloaded')]) {
      const served = await serve(first, good);
      await errorOf(call(clientAt(served)));
      expect(served.requests).toHaveLength(1);
    }
  });

  it('but not where Retry-After is longer than the call may take', async () => {
    const served = await serve(problem(429, 'rate_limited', {}, { 'Retry-After': '301' }), good);
    expect(await errorOf(clientAt(served).insight.whoAmI())).toMatchObject({
      ...{ status: 429, retryAfterMs: 301_000, attempts: 1 },
    });
  });
});

describe('a creation that is sent again', () => {
  const already = problem(409, 'already_created', { id: 'InNqgp01kO3v0W22eg6Z', code: 4 });

  it('and was made by the first request says that its secret is lost', async () => {
    const error = await errorOf(clientAt(await serve(hangUp, already)).legacyKeys.create());
    expect(error).toBeInstanceOf(SecretLostError);
    expect(error).toMatchObject({ id: 'InNqgp01kO3v0W22eg6Z', reason: 'already_created', status: 409 });
    expect(error.message).toMatch(/^InNqgp01kO3v0W22eg6Z was created, .*lost/);
  });

  it('by the program itself, with a key of its own, does not', async () => {
    const served = await serve(already);
    const create = clientAt(served).accessKeys.create({ user: 'alice' }, { idempotencyKey: 'job-7' });
    const error = await errorOf(create);
    expect(error).not.toBeInstanceOf(SecretLostError);
    expect(error).toMatchObject({ id: 'InNqgp01kO3v0W22eg6Z', reason: 'already_created', code: 4 });
    expect(served.requests[0]?.headers['idempotency-key']).toBe('job-7');
  });
});

describe('credentials', () => {
  it('do not follow a redirect', async () => {
    const other = await serve(good);
    for (const status of [301, 302, 303, 307, 308]) {
      const served = await serve((response) => response.writeHead(status, { Location: other.url }).end());
      expect(await errorOf(clientAt(served).insight.whoAmI())).toMatchObject({
        ...{ status, reason: 'client_redirected', attempts: 1 },
      });
    }
    expect(other.requests).toHaveLength(0);
  });

  it('come from a function before each call', async () => {
    const served = await serve(good);
    let count = 0;
    const { url } = served;
    const credentials = () => Promise.resolve({ ...key, accessKeyId: `ID${String(++count)}` });
    const client = createClient({ url, credentials });
    await client.insight.whoAmI();
    await client.insight.whoAmI();
    expect(served.requests.map(({ headers }) => headers.authorization)).toEqual([
      ...[`Bearer ID1:${secret}`, `Bearer ID2:${secret}`],
    ]);
  });

  it('that cannot be had end the call with the error of the program', async () => {
    const served = await serve(good);
    const broken = new Error('the vault is closed');
    const client = createClient({ url: served.url, credentials: () => Promise.reject(broken) });
    await expect(client.insight.whoAmI()).rejects.toBe(broken);
    expect(served.requests).toHaveLength(0);
  });

  it('of a session are the cookie and the token, which goes with changes alone', async () => {
    const served = await serve(good);
    const seen: (string | undefined)[] = [];
    const session: { csrfToken?: string } = {};
    const client = createClient({
      url: served.url,
      csrfToken: () => session.csrfToken,
      fetch: (url, init) => {
        seen.push(init?.credentials);
        return fetch(url, init);
      },
    });
    await client.insight.explainAccess({});
    session.csrfToken = 'token';
    await client.insight.whoAmI();
    await client.insight.explainAccess({});
    expect(seen).toEqual(['same-origin', 'same-origin', 'same-origin']);
    expect(served.requests.map(({ headers }) => [headers['x-csrf-token'], headers.authorization])).toEqual([
      ...[
        [undefined, undefined],
        [undefined, undefined],
        ['token', undefined],
      ],
    ]);
  });

  it('are in no error, and not in what a log shows of a client', async () => {
    const texts = await Promise.all(
      [hangUp, problem(500, 'server_error'), (response: ServerResponse) => response.end('no JSON')].map(
        async (behaviour) => {
          const error = await errorOf(clientAt(await serve(behaviour), { retries: 0 }).insight.whoAmI());
          return `${inspect(error, { depth: 20, showHidden: true })} ${JSON.stringify(error)}`;
        },
      ),
    );
    const client = clientAt(await serve(good));
    const shown = [...texts, inspect(client, { depth: 20, showHidden: true }), JSON.stringify(client)];
    expect(shown.filter((text) => text.includes(secret))).toEqual([]);
  });
});

describe('an answer', () => {
  it.each<[string, Behaviour]>([
    ['of another type', (response) => response.setHeader('Content-Type', 'text/html').end('<html>')],
    ['that is no JSON', (response) => response.setHeader('Content-Type', 'application/json').end('{')],
    ['that is no object', answer(200, [])],
    ['that is empty', (response) => response.end()],
    ['that is an error of somebody else', (response) => response.writeHead(418).end('{}')],
    ['that is a problem of somebody else', answer(400, { title: 'Bad' })],
  ])('%s is refused', async (_what, behaviour) => {
    const error = await errorOf(clientAt(await serve(behaviour)).insight.whoAmI());
    expect(error).toMatchObject({ reason: 'client_bad_answer', attempts: 1 });
  });

  it('has its ETag as etag', async () => {
    const served = await serve(answer(200, { accessKeyId: 'x' }, { ETag: '"1"' }));
    expect(await clientAt(served).accessKeys.read('x')).toEqual({ accessKeyId: 'x', etag: '"1"' });
  });
});

describe('a call ends', () => {
  it('with its time limit', async () => {
    const served = await serve(silence);
    const error = await errorOf(clientAt(served, { timeoutMs: 50 }).insight.whoAmI());
    expect(error).toMatchObject({ reason: 'client_timeout', attempts: 1 });
    expect(error.message).toBe('no answer within 50 ms');
  });

  it('with its time limit where credentials never come', async () => {
    const credentials = () => new Promise<never>(() => undefined);
    const client = createClient({ url: 'http://127.0.0.1:1', credentials, timeoutMs: 50 });
    expect(await errorOf(client.insight.whoAmI())).toMatchObject({ reason: 'client_timeout', attempts: 0 });
  });

  it('with the reason of its signal, before, while it waits for an answer, and before it tries again', async () => {
    const reason = new Error('the page was left');
    const unsent = await serve(good);
    const whoAmI = clientAt(unsent).insight.whoAmI({ signal: AbortSignal.abort(reason) });
    await expect(whoAmI).rejects.toBe(reason);
    expect(unsent.requests).toHaveLength(0);

    const waiting = new AbortController();
    const silent = await serve(() => waiting.abort(reason));
    await expect(clientAt(silent).insight.whoAmI({ signal: waiting.signal })).rejects.toBe(reason);

    const trying = new AbortController();
    const busy = await serve((response) => {
      answer(503, {}, { 'Retry-After': '200' })(response, {} as IncomingMessage);
      response.on('close', () => trying.abort(reason));
    }, good);
    await expect(clientAt(busy).insight.whoAmI({ signal: trying.signal })).rejects.toBe(reason);
    expect(busy.requests).toHaveLength(1);
  });

  it('and leaves nothing with a signal that is used for many', async () => {
    let listeners = 0;
    class CountingSignal extends EventTarget {
      override addEventListener(...args: Parameters<EventTarget['addEventListener']>): void {
        listeners++;
        super.addEventListener(...args);
      }

      override removeEventListener(...args: Parameters<EventTarget['removeEventListener']>): void {
        listeners--;
        super.removeEventListener(...args);
      }
    }
    const signal = Object.assign(new CountingSignal(), { throwIfAborted: () => undefined }) as AbortSignal;
    const client = clientAt(await serve(good));
    for (let count = 0; count < 3; count++) await client.insight.whoAmI({ signal });
    expect(listeners).toBe(0);
  });
});

describe('a stream', () => {
  const begin = (response: ServerResponse): ServerResponse =>
    response.writeHead(200, { 'Content-Type': 'application/x-ndjson' });

  it('gives each event as it arrives, and ends the connection when nobody reads on', async () => {
    let closed: Promise<unknown> | undefined;
    const served = await serve((response) => {
      closed = once(response, 'close');
      begin(response).write('{"id":"2"}\n{"id":"1"}\n{"id"');
    });
    const ids: string[] = [];
    for await (const { id } of clientAt(served).auditEvents.stream()) if (ids.push(String(id)) === 2) break;
    expect(ids).toEqual(['2', '1']);
    await closed;
  });

  it('that is cut off throws, after what had arrived', async () => {
    const served = await serve((response) => {
      begin(response).write('{"id":"1"}\n{"i', () => response.destroy());
    });
    const ids: string[] = [];
    const read = async (): Promise<void> => {
      for await (const { id } of clientAt(served).auditEvents.stream()) ids.push(String(id));
    };
    expect(await errorOf(read())).toMatchObject({ reason: 'client_unreachable' });
    expect(ids).toEqual(['1']);
  });

  it('throws when nothing arrives within the time limit, or its signal says so', async () => {
    const served = await serve((response) => void begin(response).write('{"id":"1"}\n'));
    const stalled = async (): Promise<void> => {
      for await (const { id } of clientAt(served, { timeoutMs: 100 }).auditEvents.stream())
        expect(id).toBe('1');
    };
    expect(await errorOf(stalled())).toMatchObject({ reason: 'client_timeout' });

    const controller = new AbortController();
    const left = clientAt(served).auditEvents.stream({}, { signal: controller.signal });
    await left.next();
    const reason = new Error('the page was left');
    controller.abort(reason);
    await expect(left.next()).rejects.toBe(reason);
  });

  it('of another type is refused', async () => {
    const csv = clientAt(await serve(good)).auditEvents.streamCsv();
    expect(await errorOf(csv.next())).toMatchObject({ reason: 'client_bad_answer' });
  });
});
