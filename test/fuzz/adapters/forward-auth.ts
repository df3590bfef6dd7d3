/** `GET /v1/forward-auth`: each question in headers is decided as the documents have it. */
import type { Random } from '../../faults/random.js';
import { Finding } from '../adapter.js';
import { type HttpPort, sendable, shown, type Outgoing } from '../exchange.js';
import { mutated, text, word } from '../inputs.js';
import { overHttp } from '../over-http.js';
import { commands, type KnownWorld } from '../world.js';

const clients = ['127.0.0.1', '127.0.0.1', '127.9.9.9', '203.0.113.9'];
const argWords = ['alice', 'bob', 'admin', 'Admin', 'x.example', 'json', ''];

export const forwardAuth = overHttp({
  name: 'forward-auth',
  what: 'GET /v1/forward-auth',
  settings: { TRUSTED_PROXIES: '127.0.0.1' },
  tryOne,
});

async function tryOne(world: KnownWorld, http: HttpPort, random: Random): Promise<string> {
  const key = random.pick(world.keys);
  const scheme = random.pick(['Bearer', 'bearer', 'Basic', 'Digest', '']);
  const pair = word(random, [key.pair]);
  const credentials = scheme === 'Basic' ? Buffer.from(pair).toString('base64') : pair;
  const authorization = sendable(
    `${scheme} ${random.next() < 0.95 ? credentials : mutated(random, credentials)}`,
  );
  const command = sendable(word(random, [...commands.keys()])).trim();
  const args = Array.from({ length: random.below(4) }, () => sendable(word(random, argWords)).trim());
  const named = args.map((arg, index) => [`X-Hearthkey-Arg${String(index + 1)}`, arg]);
  const strange =
    random.next() < 0.03 ? { [`X-Hearthkey-${sendable(text(random, 4)).replace(/\W/g, '')}Q`]: '1' } : {};
  const client = random.pick(clients);
  const headers = {
    Authorization: authorization,
    'X-Forwarded-For': client,
    'X-Hearthkey-Command': command,
    ...Object.fromEntries(named),
    ...strange,
  } as Outgoing['headers'];
  const outgoing: Outgoing = { method: 'GET', path: '/v1/forward-auth', headers };
  const { status } = await http.send(outgoing);
  const isReadable = Object.keys(strange).length === 0 && args.every((arg) => /^[\x20-\x7e]*$/.test(arg));
  const isRight =
    authorization.toLowerCase() === `bearer ${key.pair}`.toLowerCase()
      ? authorization.endsWith(` ${key.pair}`)
      : false;
  const isRightBasic =
    scheme === 'Basic' && authorization === `Basic ${Buffer.from(key.pair).toString('base64')}`;
  const isAllowed = isReadable && (isRight || isRightBasic) && world.allows(key, command, args, client);
  if ((status === 200) !== isAllowed)
    throw new Finding(
      `answered ${String(status)}; by the documents it is ${isAllowed ? 'allowed' : 'denied'}`,
      shown(outgoing),
    );
  return String(status);
}
