/** The REST dialect under `/api/server` and `/api/accounts`: paths, methods, credentials and bodies. */
import type { Random } from '../../faults/random.js';
import { Finding, type Adapter, type Target } from '../adapter.js';
import { HttpPort, sendable, shown, type Outgoing } from '../exchange.js';
import { mutated, mutatedBytes, text, word } from '../inputs.js';
import { KnownWorld, type KnownKey } from '../world.js';

const paths = [
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

/** None of the known keys has the commands of a route that changes something, but the root user's of everything. */
export const rest: Adapter = {
  name: 'rest',
  what: '/api/server and /api/accounts',
  atOnce: 12,
  async open(): Promise<Target> {
    const world = await KnownWorld.start();
    const restricted = world.keys.filter(({ facts }) => facts.permissions.length > 0);
    const before = await world.state();
    const http = new HttpPort(Number(new URL(world.service.url).port));
    return {
      pid: world.service.pid,
      async try(random) {
        const outgoing = randomRequest(random, restricted);
        const { status, body } = await http.send(outgoing);
        if (status >= 200 && status < 300)
          throw new Finding(`no key may do this, and it was done: ${body.slice(0, 200)}`, shown(outgoing));
        return String(status);
      },
      async close() {
        http.close();
        const after = await world.state();
        await world.service.end();
        if (after !== before) throw new Finding('a request has changed something', { before, after });
      },
    };
  },
};

function randomRequest(random: Random, keys: readonly KnownKey[]): Outgoing {
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
  return {
    method: random.pick(['GET', 'POST', 'POST', 'DELETE', 'PUT']),
    path: path.startsWith('/') ? path : `/api/${path}`,
    headers: { Authorization: sendable(sent), 'Content-Type': type },
    body: random.next() < 0.8 ? plain : mutatedBytes(random, plain),
  };
}

function oddBody(random: Random): unknown {
  const other = (): unknown =>
    random.pick([null, -1, 1e300, true, [], {}, text(random), { a: { a: [] } }, '10']);
  const body = { ...random.pick(bodies), [text(random)]: other() };
  return random.next() < 0.2 ? other() : { ...body, [random.pick(Object.keys(body))]: other() };
}
