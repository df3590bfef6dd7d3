/** The REST dialect under `/api/server` and `/api/accounts`: paths, methods, credentials and bodies. */
import type { Random } from '../../faults/random.js';
import { Finding } from '../adapter.js';
import { type HttpPort, sendable, shown, type Outgoing } from '../exchange.js';
import { mutated, mutatedBytes, text, word } from '../inputs.js';
import { overHttp } from '../over-http.js';
import type { KnownKey, KnownWorld } from '../world.js';

const paths = [
  ...[
    '/api/accounts/alice/domains',
    '/api/accounts/bob/domains',
    '/api/server/services',
    '/api/server/services/',
  ],
  ...[
    '/api/accounts',
    '/api/accounts/alice/domains',
    '/api/accounts/bob/suspend',
    '/api/accounts/bob',
    '/api/server/stats',
  ],
  ...[
    '/api/accounts/alice/email',
    '/api/server/services',
    '/api/server/services/nginx/restart',
    '/api/accounts/',
    '/api/x',
  ],
];
const bodies = [
  {
    username: 'carol',
    domain: 'c.example',
    password: 'pass-word-of-carol',
    disk_mb: 10,
    email: 'c@example.com',
  },
  { address: 'a@c.example', password: 'pass-word-of-mail', quota_mb: '0' },
  {},
];

/** The routes that a known key may use; none of them changes anything. */
const reads = new Map<string, [command: string, args: readonly string[]]>([
  ['/api/accounts/alice/domains', ['v-list-web-domains', ['alice', 'json']]],
  ['/api/accounts/bob/domains', ['v-list-web-domains', ['bob', 'json']]],
  ['/api/server/services', ['v-list-sys-services', ['json']]],
]);

export const rest = overHttp({
  name: 'rest',
  what: '/api/server and /api/accounts',
  changesNothing: true,
  tryOne,
});

async function tryOne(world: KnownWorld, http: HttpPort, random: Random): Promise<string> {
  // What a key of everything changes is no finding.
  const outgoing = randomRequest(
    random,
    world.keys.filter(({ facts }) => facts.permissions.length > 0),
  );
  const { status, body } = await http.send(outgoing);
  if ((status >= 200 && status < 300) !== mayRead(world, outgoing))
    throw new Finding(
      `${String(status)}, by the documents it is not: ${body.slice(0, 200)}`,
      shown(outgoing),
    );
  return String(status);
}

/** Whether the documents allow it: the route, its command, and the one form of a header that has a key. */
function mayRead(world: KnownWorld, { method, path, headers }: Outgoing): boolean {
  const [command, args = []] = reads.get(path.replace(/\/$/, '')) ?? [];
  const sent = String(headers['Authorization'])
    .replace(/^bearer[ \t]+/i, '')
    .trim();
  const key = world.keys.find(({ pair }) => pair === sent);
  return method === 'GET' && command !== undefined && key !== undefined && world.allows(key, command, args);
}

function randomRequest(random: Random, keys: readonly KnownKey[]): Outgoing {
  if (random.next() < 0.2) {
    const Authorization = `Bearer ${random.pick(keys.filter(({ isFast }) => isFast)).pair}`;
    return { method: 'GET', path: random.pick([...reads.keys()]), headers: { Authorization } };
  }
  const { pair } = random.pick(keys);
  const authorization = random.pick([
    `Bearer ${pair}`,
    pair,
    `bearer  ${pair}`,
    `Basic ${pair}`,
    text(random),
  ]);
  const sent = random.next() < 0.8 ? authorization : mutated(random, authorization);
  const plain = Buffer.from(JSON.stringify(random.next() < 0.7 ? random.pick(bodies) : oddBody(random)));
  const type = sendable(word(random, ['application/json']));
  const path = word(random, paths).replace(/[^\x21-\x7e]/g, (one) =>
    encodeURIComponent(Buffer.from(one).toString()),
  );
  const method = random.pick(['GET', 'GET', 'GET', 'POST', 'POST', 'DELETE', 'PUT']);
  return {
    method,
    path: path.startsWith('/') ? path : `/api/${path}`,
    headers: { Authorization: sendable(sent), 'Content-Type': type },
    body: method === 'GET' ? Buffer.alloc(0) : random.next() < 0.8 ? plain : mutatedBytes(random, plain),
  };
}

function oddBody(random: Random): unknown {
  const other = (): unknown =>
    random.pick([null, -1, 1e300, true, [], {}, text(random), { a: { a: [] } }, '10']);
  const body = { ...random.pick(bodies), [text(random)]: other() };
  return random.next() < 0.2 ? other() : { ...body, [random.pick(Object.keys(body))]: other() };
}
