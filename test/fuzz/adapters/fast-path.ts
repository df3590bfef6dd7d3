/** The fast paths against Node.js' own parser: two services on the same data, one without them, the same bytes to both. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from '../../faults/random.js';
import { temporaryFolder } from '../../support/folders.js';
import { ServiceProcess } from '../../support/processes.js';
import { Finding, type Adapter, type Target } from '../adapter.js';
import { converse } from '../exchange.js';
import { inPieces, mutated, mutatedBytes, word } from '../inputs.js';
import { KnownWorld, type KnownKey } from '../world.js';

export const fastPath: Adapter = {
  name: 'fast-path',
  what: 'bytes to the fast paths and to Node.js’ parser',
  atOnce: 6,
  async open(): Promise<Target> {
    const world = await KnownWorld.start();
    const usual = await standardTwin(world);
    const ports = [world.service, usual].map(({ url }) => Number(new URL(url).port)) as [number, number];
    return {
      pid: world.service.pid,
      // What is left of a rate limit is told, and differs.
      try: (random) =>
        tryOne(
          ports,
          world.keys.filter(({ isFast }) => !isFast),
          random,
        ),
      async close() {
        await Promise.all([world.end(), usual.end()]);
      },
    };
  },
};

/** Starts a second service on a copy of the first one's data. It is another node of no group: they don't know each other. */
async function standardTwin({ service: first, commandsDir }: KnownWorld): Promise<ServiceProcess> {
  const DATA_DIR = join(temporaryFolder(), 'data');
  cpSync(first.dataDir, DATA_DIR, { recursive: true, filter: (file) => !file.includes('/run') });
  return ServiceProcess.start({
    DATA_DIR,
    COMMANDS_DIR: commandsDir,
    FAST_PATH: 'no',
    FAILURE_LIMIT: '0',
    LOG_LEVEL: 'error',
  });
}

/** Ends the connection, where all before it was read as whole requests. */
const last = Buffer.from('GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
/** Where the answers differ, perhaps one was only late. */
const idleMs = [150, 1_500, 10_000];

async function tryOne(ports: [number, number], keys: readonly KnownKey[], random: Random): Promise<string> {
  const requests = Array.from({ length: random.next() < 0.8 ? 1 : 2 }, () => randomRequest(random, keys));
  const pieces = [...inPieces(random, Buffer.concat(requests)), last];
  const [fastPort, usualPort] = ports;
  // What follows the end of a connection is refused before or after the answer, as the pieces come together.
  const atOnce = [Buffer.concat(pieces)];
  let [one, others] = ['', ['']];
  for (const patience of idleMs) {
    const [fast, ...usual] = await Promise.all([
      converse(fastPort, pieces, patience),
      converse(usualPort, pieces, patience),
      converse(usualPort, atOnce, patience),
    ]);
    [one, others] = [comparable(fast), usual.map(comparable)];
    if (others.some((other) => isSame(one, other))) return /^HTTP\/1\.1 (\d+)/.exec(one)?.[1] ?? 'nothing';
  }
  throw new Finding('answered otherwise', {
    one,
    others,
    pieces: pieces.map((piece) => piece.toString('latin1')),
  });
}

/** Without what differs from one request to the next, and what follows the last answer of the connection. */
function comparable(answers: string): string {
  const cut =
    /^HTTP\/1\.1 [^]*?\r\nconnection: close\r\n(?:[^\r\n]+\r\n)*\r\n[^]*?(?=HTTP\/1\.1 )/i.exec(
      answers,
    )?.[0] ?? answers;
  return cut
    .replace(/^(date|x-request-id): [^\r]*/gim, '$1: …')
    .replace(/"(requestId|decisionId)":"[^"]*"/g, '"$1":"…"');
}

const malformed =
  /HTTP\/1\.1 400 Bad Request\r\nContent-Length: \d+\r\nContent-Type: application\/json\r\n\r\n[^]*$/;

const lastRefusal = /^HTTP\/1\.1 [^2]\d\d [^]*?\r\nconnection: close\r\n/i;

/**
 * What is no request ends the connection at once, perhaps before the request in front of it was answered. Only one of
 * them may see it where the other has ended the connection before, with a refusal.
 */
function isSame(one: string, other: string): boolean {
  if (one === other) return true;
  const [first, second] = [one.replace(malformed, ''), other.replace(malformed, '')];
  const [isFirst, isSecond] = [first !== one, second !== other];
  if (isFirst && isSecond) return first.startsWith(second) || second.startsWith(first);
  if (!isFirst && !isSecond) return false;
  const [cut, whole] = isFirst ? [first, second] : [second, first];
  return whole.startsWith(cut) && lastRefusal.test(whole.slice(cut.length));
}

function randomRequest(random: Random, keys: readonly KnownKey[]): Buffer {
  const key = random.pick(keys);
  const isQuestion = random.next() < 0.6;
  const plainBody = isQuestion ? question(random, key) : form(random, key);
  const body = random.next() < 0.85 ? plainBody : mutated(random, plainBody);
  const type = isQuestion ? 'application/json' : 'application/x-www-form-urlencoded';
  const length =
    random.next() < 0.9
      ? String(Buffer.byteLength(body))
      : word(random, ['0', '5', '+5', '5, 5', '99999', '05', '']);
  const lines = [
    word(random, [`POST ${isQuestion ? '/v1/authorize' : '/api/'} HTTP/1.1`]),
    'Host: x',
    `${word(random, ['Content-Type', 'content-type'])}: ${random.next() < 0.95 ? type : word(random, [type])}`,
    `${random.next() < 0.95 ? 'Content-Length' : word(random, ['Content-Length'])}: ${length}`,
  ];
  for (let more = random.below(3); more > 0; more--)
    lines.splice(1 + random.below(lines.length), 0, word(random, oddHeaders));
  const end = random.next() < 0.97 ? '\r\n' : random.pick(['\n', '\r', '\r\n ']);
  const whole = Buffer.from(`${lines.join(end)}\r\n\r\n${body}`, 'utf8');
  return random.next() < 0.85 ? whole : mutatedBytes(random, whole);
}

const oddHeaders = [
  ...[
    'Connection: close',
    'Connection: keep-alive',
    'Connection: Upgrade',
    'Upgrade: h2c',
    'Expect: 100-continue',
  ],
  ...[
    'Transfer-Encoding: chunked',
    'Transfer-Encoding: identity',
    'Content-Length: 3',
    'Content-Encoding: gzip',
  ],
  ...[
    'X-Forwarded-For: 203.0.113.9',
    'Host: y',
    'Accept: */*',
    'User-Agent: curl/8',
    ' folded',
    'X : y',
    'X:y',
    ': z',
  ],
  ...[
    'Content-Type: text/plain',
    'Cookie: a=b',
    'Authorization: Bearer a:b',
    `X-Long: ${'x'.repeat(3000)}`,
    'Keep-Alive: 5',
  ],
];

function question(random: Random, key: KnownKey): string {
  const { id: accessKeyId, secret: secretAccessKey } = key;
  const args = random.next() < 0.8 ? { args: [word(random, ['alice', 'bob', 'admin'])] } : {};
  const clientIp = random.next() < 0.5 ? { clientIp: word(random, ['127.0.0.1', '203.0.113.9']) } : {};
  return JSON.stringify({
    accessKeyId,
    secretAccessKey,
    command: word(random, ['v-list-alphas']),
    ...args,
    ...clientIp,
  });
}

function form(random: Random, key: KnownKey): string {
  const fields = {
    hash: word(random, [key.pair]),
    cmd: 'v-list-api',
    arg1: word(random, ['some', 'few']),
    arg2: 'json',
  };
  return new URLSearchParams({ ...fields, ...(random.next() < 0.5 && { returncode: 'yes' }) }).toString();
}
