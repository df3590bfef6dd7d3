/** What strangers do with connections. Each attack lasts for a while and tells what it saw. */
import { generateAccessKeyId, generateSecretAccessKey } from '../../../src/secrets/generated-secret.js';
import { requestFor } from '../load.js';
import { Sockets, type Ending } from './sockets.js';
import { repeatedly, Tally, type AttackResult } from './tally.js';

export interface Attack {
  port: number;
  ms: number;
  /** How many are opened at most, where the attack is to open many. */
  connections: number;
}

const head = 'POST /api/ HTTP/1.1\r\nHost: 127.0.0.1\r\n';
const form = 'Content-Type: application/x-www-form-urlencoded\r\n';

export const attacks: Readonly<Record<string, (attack: Attack) => Promise<AttackResult>>> = {
  'idle connections': (attack) => hold(attack, ''),
  'half-open requests': (attack) => hold(attack, head),
  'header bombs': throwHeaderBombs,
  'pipelined requests': pipeline,
  'answers that nobody reads': leaveUnread,
  'slow clients': sendByteByByte,
  'large bodies': sendLargeBodies,
};

/** Opened evenly while it lasts, and held; the service has to end some. */
async function hold({ port, ms, connections }: Attack, greeting: string): Promise<AttackResult> {
  const sockets = new Sockets(port);
  await repeatedly(ms, connections / (ms / 1000), () => {
    sockets.connect(greeting);
    return Promise.resolve();
  });
  const told = `${String(sockets.opened)} opened, ${String(sockets.ended)} ended by the service, ${String(sockets.held)} held`;
  sockets.close();
  return { told, wrong: [] };
}

const get = (path: string, fields = ''): string => `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${fields}\r\n`;
const manyFields = (count: number): string =>
  Array.from({ length: count }, (_, index) => `x-${String(index)}: 1\r\n`).join('');

/** Each with the answers that it may get; a connection that is closed with unread bytes may lose its answer. */
const bombs: readonly (readonly [name: string, request: string, answers: readonly (number | Ending)[]])[] = [
  ['1,000 fields', get('/livez', manyFields(1000)), [200]],
  ['5,000 fields', get('/livez', manyFields(5000)), [431, 'closed']],
  ['a field of 1 MiB', get('/livez', `x: ${'x'.repeat(1_048_576)}\r\n`), [431, 'closed']],
  ['a path of 64 KiB', get(`/${'x'.repeat(65_536)}`), [431, 414, 'closed']],
  ['fields without end', `${head}${manyFields(200_000)}`, [431, 'closed']],
  ['two lengths', `${head}${form}Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx`, [400, 'closed']],
];
const bombsPerSecond = 60;

async function throwHeaderBombs({ port, ms }: Attack): Promise<AttackResult> {
  const sockets = new Sockets(port);
  const tally = new Tally();
  await repeatedly(ms, bombsPerSecond, async (count) => {
    const [name, request, answers] = bombs[count % bombs.length]!;
    const [status = 'closed'] = await sockets.exchange(request);
    tally.add(name, status, answers);
  });
  return tally.result();
}

const pipelined = 1000;
const batchesPerSecond = 1;
const question = (): string => {
  const accessKeyId = generateAccessKeyId();
  const asked = { accessKeyId, secretAccessKey: generateSecretAccessKey(), command: 'v-list-api' };
  const body = JSON.stringify(asked);
  return (
    'POST /v1/authorize HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n' +
    `Content-Length: ${String(body.length)}\r\n\r\n${body}`
  );
};
const wrongSecret = (): string =>
  requestFor(`${generateAccessKeyId()}:${generateSecretAccessKey()}`).toString();
const kinds: readonly (readonly [name: string, requests: () => readonly [string, number][]])[] = [
  ['/livez', () => [[get('/livez'), 200]]],
  [
    'wrong secrets and /livez',
    () => [
      [wrongSecret(), 401],
      [get('/livez'), 200],
    ],
  ],
  ['/v1/authorize', () => [[question(), 200]]],
];

/** A thousand requests in one piece; all have to be answered, in their order. */
async function pipeline({ port, ms }: Attack): Promise<AttackResult> {
  const sockets = new Sockets(port);
  const tally = new Tally();
  await repeatedly(ms, batchesPerSecond, async (count) => {
    const [name, make] = kinds[count % kinds.length]!;
    const sent: [string, number][] = [];
    while (sent.length < pipelined) sent.push(...make());
    const statuses = await sockets.exchange(sent.map(([request]) => request).join(''), sent.length);
    // A limit on failed attempts (429) may come in; else each has its own answer.
    const wrongAt = sent.findIndex(
      ([, status], index) => statuses[index] !== status && !(status === 401 && statuses[index] === 429),
    );
    tally.add(`1,000 of ${name}`, wrongAt === -1 ? 200 : (statuses[wrongAt] ?? 'closed'), [200]);
  });
  return tally.result();
}

const [unreadConnections, unreadAtOnce, unreadPerSecond] = [20, 50, 10];

/** Requests without end, as long as the service takes them: it has to stop reading. */
async function leaveUnread({ port, ms }: Attack): Promise<AttackResult> {
  const sockets = new Sockets(port);
  const request = get('/livez').repeat(unreadAtOnce);
  const held = Array.from({ length: unreadConnections }, () => sockets.connect().pause());
  await repeatedly(ms, unreadPerSecond, (count) => {
    const socket = held[count % held.length]!;
    if (!socket.destroyed && socket.writableLength < request.length) socket.write(request);
    return Promise.resolve();
  });
  const sentBytes = held.reduce(
    (sum, { bytesWritten, writableLength }) => sum + bytesWritten - writableLength,
    0,
  );
  sockets.close();
  return { told: `${String(Math.round(sentBytes / get('/livez').length))} requests were taken`, wrong: [] };
}

/** More clients than there may be connections, half of them in the head and half in the body. */
async function sendByteByByte({ port, ms }: Attack): Promise<AttackResult> {
  const sockets = new Sockets(port);
  const slow = Array.from({ length: 400 }, (_, index) =>
    sockets.connect(index % 2 === 0 ? head : `${head}${form}Content-Length: 10000\r\n\r\n`),
  );
  await repeatedly(ms, 5, () => {
    for (const socket of slow) if (!socket.destroyed) socket.write('x');
    return Promise.resolve();
  });
  const told = `${String(slow.length)} clients, ${String(sockets.ended)} ended by the service, ${String(sockets.held)} held`;
  sockets.close();
  return { told, wrong: [] };
}

const bodiesPerSecond = 8;

/** Of strangers whose address is not allowed, and of such whose secret is wrong; some stop before their end. */
async function sendLargeBodies({ port, ms }: Attack): Promise<AttackResult> {
  const notAllowed = new Sockets(port, '127.200.0');
  const allowed = new Sockets(port);
  const tally = new Tally();
  const content = `hash=${generateAccessKeyId()}:${generateSecretAccessKey()}&cmd=v-list-api&other=`;
  const body = Buffer.from(content.padEnd(2_000_000, 'x'));
  const whole = Buffer.concat([
    Buffer.from(`${head}${form}Content-Length: ${String(body.length)}\r\n\r\n`),
    body,
  ]);
  await repeatedly(ms, bodiesPerSecond, async (count) => {
    if (count % 4 === 3) {
      allowed.connect(whole.subarray(0, -1));
      return;
    }
    const isAllowed = count % 2 === 0;
    const [status = 'closed'] = await (isAllowed ? allowed : notAllowed).exchange(whole);
    // 429: too many attempts; 503: the budget for bodies is used up.
    if (isAllowed) tally.add('of a wrong secret', status, [401, 429, 503, 'closed']);
    else tally.add('of an address that is not allowed', status, [401, 403, 'closed']);
  });
  notAllowed.close();
  allowed.close();
  return tally.result();
}
