/** The gate against servers that behave in every wrong way. The real service: test/integrations/gateway-package.test.ts. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { temporaryFolder } from '../../../test/support/folders.js';
import { within } from '../../../test/support/waiting.js';
import { createGate, type DecisionEvent, type Gate, type GateOptions, type GateQuestion } from './gate.js';

const secret = 'SECRETSECRETSECRETSECRETSECRETSECRETSECR';
const question: GateQuestion = {
  ...{ accessKeyId: 'InNqgp01kO3v0W22eg6Z', secretAccessKey: secret, command: 'v-list-mail-domains' },
  ...{ args: ['alice'], clientIp: '203.0.113.9' },
};
const allow = {
  ...{ allowed: true, code: 0, reason: 'allowed', user: 'alice', isRootUser: false },
  ...{ permissions: ['mail-accounts'], userArgPosition: 1, userArgPositions: [1] },
};
const { allowed: decision, ...context } = allow;

interface Asked {
  path: string;
  body: { args?: string[]; evaluations?: { resource: { properties: { args: string[] } } }[] };
  response: ServerResponse;
}

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** A server that does what the test says, at a socket of its own. */
async function serve(answer: (asked: Asked, request: IncomingMessage) => void): Promise<string> {
  const socketPath = join(temporaryFolder(), 'gate.sock');
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    request.on('end', () =>
      answer({ path: request.url ?? '', body: JSON.parse(text) as Asked['body'], response }, request),
    );
  }).listen(socketPath);
  await once(server, 'listening');
  cleanUps.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  return socketPath;
}

function gateAt(socketPath: string, options: GateOptions = {}): Gate {
  const gate = createGate({ socketPath, timeoutMs: 300_000, ...options });
  cleanUps.push(() => gate.close());
  return gate;
}

const json = (response: ServerResponse, body: unknown): void =>
  void response.setHeader('Content-Type', 'application/json').end(JSON.stringify(body));

/** Answers a bundle with what `answer` says to each argument. */
const answerBundle = ({ body, response }: Asked, answer: (arg: string) => unknown): void =>
  json(response, {
    evaluations: body.evaluations?.map(({ resource }) => answer(resource.properties.args[0] ?? '')),
  });
const yesTo = (arg: string) => ({ decision, context: { ...context, user: arg } });
const denied = { decision: false, context: { code: 9, reason: 'key_unknown' } };

describe('a service that does not answer', () => {
  it('denies where there is none', async () => {
    const gate = gateAt(join(temporaryFolder(), 'none.sock'));
    expect(await gate.authorize(question)).toEqual({
      ...{ allowed: false, code: 15, reason: 'gateway_unreachable', detail: 'ENOENT' },
    });
  });

  it('denies after the time limit, and gives the connection up, so that others can be asked', async () => {
    let received = 0;
    let closed = 0;
    const socketPath = await serve(({ response }) => {
      received++;
      response.on('close', () => closed++);
    });
    const gate = gateAt(socketPath, { timeoutMs: 50, connections: 1 });
    // The second waits for the first, and may be sent or not before its own time is over.
    const decisions = await Promise.all([gate.authorize(question), gate.authorize(question)]);
    for (const one of decisions) expect(one).toMatchObject({ allowed: false, reason: 'gateway_timeout' });
    await within(1000, 'another one is asked', async () => {
      expect(await gate.authorize(question)).toMatchObject({ reason: 'gateway_timeout' });
      return received >= 2;
    });
    await within(1000, 'the connections are given up', () => closed === received);
  });

  it('denies where an allow comes too late', async () => {
    const socketPath = await serve(({ response }) => json(response, allow));
    const gate = gateAt(socketPath, { timeoutMs: 1 });
    const asked = gate.authorize(question);
    // This process is busy itself: timer and answer are there together.
    const untilMs = performance.now() + 100;
    while (performance.now() < untilMs);
    expect(await asked).toMatchObject({ allowed: false, reason: 'gateway_timeout' });
  });

  it('denies while a bundle is not answered, each call at its own time', async () => {
    const asked: Asked[] = [];
    const gate = gateAt(await serve((one) => asked.push(one)), { timeoutMs: 200, connections: 1 });
    const decisions = await Promise.all(Array.from({ length: 5 }, () => gate.authorize(question)));
    expect(new Set(decisions.map(({ reason }) => reason))).toEqual(new Set(['gateway_timeout']));
  });
});

describe('a service that answers anything else', () => {
  const answers: Record<string, [(response: ServerResponse) => void, string, string?]> = {
    'no JSON': [(response) => response.end('yes'), 'gateway_bad_answer', 'not JSON'],
    'another status': [
      (response) => response.writeHead(500).end(JSON.stringify(allow)),
      'gateway_bad_answer',
      'status 500',
    ],
    'a redirect': [
      (response) => response.writeHead(307, { Location: '/v1/authorize' }).end(),
      'gateway_bad_answer',
      'status 307',
    ],
    'that this is no gateway': [(response) => response.writeHead(403).end('{}'), 'gateway_refused'],
    'half of it': [
      (response) => {
        const text = JSON.stringify(allow);
        response.writeHead(200, { 'Content-Length': text.length + 10 }).write(text, () => response.destroy());
      },
      'gateway_unreachable',
    ],
    'without an end': [
      (response) => {
        const more = (): void => {
          while (!response.destroyed && response.write('[['.repeat(10_000)));
          response.once('drain', more);
        };
        more();
      },
      'gateway_bad_answer',
      'too long or cut off',
    ],
    'the end of the connection': [(response) => response.destroy(), 'gateway_unreachable', 'ECONNRESET'],
  };

  it.each(Object.entries(answers))('denies: %s', async (_name, [answer, reason, detail]) => {
    const gate = gateAt(await serve(({ response }) => answer(response)));
    const denial = await gate.authorize(question);
    expect(denial).toMatchObject({ allowed: false, reason, ...(detail !== undefined && { detail }) });
    expect(JSON.stringify(denial)).not.toContain(secret);
  });

  it('denies what is no HTTP at all', async () => {
    const server = createTcpServer((socket: Socket) => socket.on('error', () => undefined).end('hello\n\n'));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    cleanUps.push(async () => server.close());
    const { port } = server.address() as AddressInfo;
    const gate = createGate({ url: `http://127.0.0.1:${String(port)}` });
    expect(await gate.authorize(question)).toMatchObject({ allowed: false, reason: 'gateway_unreachable' });
    await gate.close();
  });
});

describe('calls at the same time', () => {
  /** Holds the first request back; the test answers it. */
  async function behindOne(options: GateOptions = {}) {
    const asked: Asked[] = [];
    const gate = gateAt(await serve((one) => void asked.push(one)), { connections: 1, ...options });
    const first = gate.authorize(question);
    await within(1000, 'the first is asked', () => asked.length === 1);
    return { asked, gate, first, release: () => json(asked[0]!.response, allow) };
  }

  it('are asked alone while few are under way, over connections that are kept', async () => {
    const ports = new Set<Socket>();
    const paths: string[] = [];
    const socketPath = await serve(({ path, response }, { socket }) => {
      ports.add(socket);
      paths.push(path);
      json(response, allow);
    });
    const gate = gateAt(socketPath);
    for (let count = 0; count < 5; count++) expect((await gate.authorize(question)).allowed).toBe(true);
    expect(paths).toEqual(Array.from({ length: 5 }, () => '/v1/authorize'));
    expect(ports.size).toBe(1);
  });

  it('wait while others are under way, and then go as one request, each with its own answer', async () => {
    const events: DecisionEvent[] = [];
    const { asked, gate, first, release } = await behindOne({ onDecision: (event) => events.push(event) });
    const waiting = ['bob', 'carol', 'dave'].map((user) => gate.authorize({ ...question, args: [user] }));
    release();
    await within(1000, 'the bundle is asked', () => asked.length === 2);
    answerBundle(asked[1]!, (arg) => (arg === 'carol' ? denied : yesTo(arg)));
    expect((await first).allowed).toBe(true);
    const decisions = await Promise.all(waiting);
    expect(decisions.map(({ allowed, reason, user }) => [allowed, reason, user])).toEqual([
      [true, 'allowed', 'bob'],
      [false, 'key_unknown', undefined],
      [true, 'allowed', 'dave'],
    ]);
    expect(asked.map(({ path }) => path)).toEqual(['/v1/authorize', '/access/v1/evaluations']);
    expect(events.map(({ allowed, bundled }) => [allowed, bundled])).toEqual([
      [true, false],
      [true, true],
      [false, true],
      [true, true],
    ]);
  });

  it('are at most a hundred in a request', async () => {
    const { asked, gate, release } = await behindOne();
    const waiting = Array.from({ length: 150 }, () => gate.authorize(question));
    release();
    await within(1000, 'the first bundle is asked', () => asked.length === 2);
    answerBundle(asked[1]!, yesTo);
    await within(1000, 'the second bundle is asked', () => asked.length === 3);
    answerBundle(asked[2]!, yesTo);
    expect((await Promise.all(waiting)).every(({ allowed }) => allowed)).toBe(true);
    expect(asked.map(({ body }) => body.evaluations?.length)).toEqual([undefined, 100, 50]);
  });

  it('without arguments go alone: in a bundle they would mean a command with none', async () => {
    const { asked, gate, release } = await behindOne();
    const waiting = [
      ...[gate.authorize({ ...question, args: undefined }), gate.authorize(question)],
      ...[gate.authorize({ ...question, args: undefined }), gate.authorize(question)],
    ];
    release();
    for (const index of [1, 2, 3]) {
      await within(1000, 'the next is asked', () => asked.length > index);
      const one = asked[index]!;
      if (one.path === '/v1/authorize') json(one.response, allow);
      else answerBundle(one, yesTo);
    }
    expect((await Promise.all(waiting)).every(({ allowed }) => allowed)).toBe(true);
    expect(asked.map(({ path, body }) => [path, body.args])).toEqual([
      ['/v1/authorize', ['alice']],
      ['/v1/authorize', undefined],
      ['/access/v1/evaluations', undefined],
      ['/v1/authorize', undefined],
    ]);
  });

  it('beyond the limit are denied at once', async () => {
    const { gate, first, release, asked } = await behindOne({ maxWaiting: 2 });
    const waiting = [gate.authorize(question), gate.authorize(question)];
    expect(await gate.authorize(question)).toEqual({
      ...{ allowed: false, code: 14, reason: 'gateway_overloaded' },
    });
    release();
    await within(1000, 'the bundle is asked', () => asked.length === 2);
    answerBundle(asked[1]!, yesTo);
    expect((await Promise.all([first, ...waiting])).every(({ allowed }) => allowed)).toBe(true);
  });

  it('ask what they asked when they were made', async () => {
    const { gate, release, asked } = await behindOne();
    const args = ['alice'];
    const waiting = [gate.authorize({ ...question, args }), gate.authorize(question)];
    args[0] = 'bob';
    release();
    await within(1000, 'the bundle is asked', () => asked.length === 2);
    answerBundle(asked[1]!, yesTo);
    expect((await Promise.all(waiting)).every(({ allowed }) => allowed)).toBe(true);
  });

  it('are all denied where their one request fails', async () => {
    const { gate, first, release, asked } = await behindOne();
    const waiting = [gate.authorize(question), gate.authorize(question)];
    release();
    await within(1000, 'the bundle is asked', () => asked.length === 2);
    asked[1]!.response.destroy();
    expect((await first).allowed).toBe(true);
    for (const one of await Promise.all(waiting)) expect(one.reason).toBe('gateway_unreachable');
  });

  it('are decided before a gate closes; later ones are denied', async () => {
    const { gate, first, release } = await behindOne();
    const closed = gate.close();
    expect(await gate.authorize(question)).toMatchObject({ allowed: false, reason: 'gateway_closed' });
    release();
    expect((await first).allowed).toBe(true);
    await closed;
    await gate.close();
  });
});

describe('a question', () => {
  it('that the service would not read is denied without being asked', async () => {
    const gate = gateAt(await serve(() => undefined));
    expect(await gate.authorize({ ...question, args: ['x'.repeat(200_000)] })).toEqual({
      ...{ allowed: false, code: 2, reason: 'gateway_question_too_large' },
    });
  });

  it.each([
    [{ ...question, accessKeyId: undefined }, 'accessKeyId must be a string'],
    [{ ...question, secretAccessKey: 7 }, 'secretAccessKey must be a string'],
    [{ ...question, args: 'alice' }, 'args must be an array of strings'],
    [{ ...question, args: [secret, undefined] }, 'args must be an array of strings'],
    [{ ...question, clientIp: null }, 'clientIp must be a string'],
  ])('of another type is an error of the program: %#', async (wrong, message) => {
    const gate = gateAt(await serve(() => undefined));
    await expect(gate.authorize(wrong as GateQuestion)).rejects.toThrow(new TypeError(message));
  });
});

describe('a gate', () => {
  it('shows no secret while it asks', async () => {
    const gate = gateAt(await serve(() => undefined), { timeoutMs: 50 });
    const asked = gate.authorize(question);
    expect(`${inspect(gate, { depth: 20, showHidden: true })} ${JSON.stringify(gate)}`).not.toContain(secret);
    expect(JSON.stringify(await asked)).not.toContain(secret);
  });

  it.each([
    [
      () => {
        throw new Error('metrics');
      },
    ],
    [
      async () => {
        throw new Error('metrics');
      },
    ],
  ])('decides though its metrics fail: %#', async (onDecision) => {
    const gate = gateAt(await serve(({ response }) => json(response, allow)), { onDecision });
    expect((await gate.authorize(question)).allowed).toBe(true);
  });

  it.each<[GateOptions, string]>([
    [{}, 'either socketPath or url'],
    [{ socketPath: '/run/gate.sock', url: 'http://localhost' }, 'either socketPath or url'],
    [{ url: 'ftp://localhost' }, 'url must be http: or https:'],
    [{ url: 'localhost:8183' }, 'url must be http: or https:'],
    [{ url: 'http://user:secret@localhost' }, 'nothing else'],
    [{ url: 'http://localhost/v1/authorize' }, 'nothing else'],
    [{ url: 'http://localhost', timeoutMs: 0 }, 'timeoutMs'],
    [{ url: 'http://localhost', timeoutMs: Number.NaN }, 'timeoutMs'],
    [{ url: 'http://localhost', timeoutMs: Infinity }, 'timeoutMs'],
    [{ url: 'http://localhost', connections: 0 }, 'connections'],
    [{ url: 'http://localhost', maxWaiting: -1 }, 'maxWaiting'],
  ])('is not made of wrong options: %j', (options, message) => {
    expect(() => createGate(options)).toThrow(message);
  });
});
