/** `POST /api/`: forms, JSON and multipart, with every mixture of credentials, commands and arguments. */
import type { Random } from '../../faults/random.js';
import { Finding } from '../adapter.js';
import { type HttpPort, sendable, shown, type Outgoing } from '../exchange.js';
import { mutatedBytes, text, word } from '../inputs.js';
import { overHttp } from '../over-http.js';
import { commands, type KnownWorld, type KnownKey } from '../world.js';

type Field = readonly [name: string, value: string];

const users = ['alice', 'bob', 'admin', 'nobody', 'ALICE', ''];
const argWords = [...users, 'x.example', 'billing', 'json', 'plain', 'some', 'few', '', '0', 'yes'];
const oddNames = [
  'arg0',
  'arg14',
  'arg01',
  'arg',
  'CMD',
  'cmd[]',
  'arg1[]',
  'hash[]',
  '__proto__',
  'constructor',
  'q',
];

export const hestia = overHttp({
  name: 'hestia',
  what: 'POST /api/ as form, JSON and multipart',
  changesNothing: true,
  tryOne,
});

async function tryOne(world: KnownWorld, http: HttpPort, random: Random): Promise<string> {
  const fields = randomFields(random, world.keys);
  const { isExact, ...outgoing } = encode(random, fields);
  const answer = await http.send(outgoing);
  const isAllowed = answer.status === 200 || answer.status === 204;
  const ownCode = Number(
    answer.headers['hestia-exit-code'] ?? (/^\d+\s*$/.test(answer.body) ? answer.body : 0),
  );
  // With returncode=yes a refusal has the status 200 as well.
  if (isAllowed && ownCode === 0 && isExact && !mayBeAllowed(world, fields))
    throw new Finding(`allowed, by the documents no key may: ${answer.body.slice(0, 200)}`, shown(outgoing));
  return String(answer.status);
}

function randomFields(random: Random, keys: readonly KnownKey[]): Field[] {
  const fields: Field[] = [];
  const add = (share: number, name: string, value: () => string): void => {
    while (random.next() < share) {
      fields.push([name, value()]);
      share = 0.03; // seldom twice
    }
  };
  const key = random.pick(keys);
  add(0.8, 'hash', () => word(random, [key.pair]));
  add(0.3, 'access_key', () => word(random, [key.id]));
  add(0.3, 'secret_key', () => word(random, [key.secret]));
  add(0.06, 'user', () => word(random, users));
  add(0.06, 'password', () => word(random, ['pass-word-of-alice', 'x']));
  add(0.5, 'returncode', () => word(random, ['yes', 'no', 'json', '']));
  add(0.95, 'cmd', () => word(random, [...commands.keys()]));
  for (let place = 1, most = random.below(5); place <= most; place++)
    add(0.95, `arg${String(place)}`, () => word(random, argWords));
  add(0.1, random.pick(oddNames), () => text(random));
  return random.next() < 0.7 ? fields : fields.sort(() => random.next() - 0.5);
}

function encode(random: Random, fields: readonly Field[]): Outgoing & { isExact: boolean } {
  const [type, plain] = random.pick([asForm, asForm, asJson, asMultipart])(random, fields);
  const isExact = random.next() < 0.85;
  const body = isExact ? plain : mutatedBytes(random, plain);
  const types = [type, type, type, type, sendable(word(random, [type, 'text/plain', 'application/json']))];
  const path = random.pick(['/api/', '/api/', '/api', '/api/index.php']);
  return { method: 'POST', path, headers: { 'Content-Type': random.pick(types) }, body, isExact };
}

function asForm(_random: Random, fields: readonly Field[]): [string, Buffer] {
  return [
    'application/x-www-form-urlencoded',
    Buffer.from(new URLSearchParams([...fields.map(([n, v]) => [n, v])] as [string, string][]).toString()),
  ];
}

function asJson(random: Random, fields: readonly Field[]): [string, Buffer] {
  const members = fields.map(([name, value]) => {
    const asNumber = /^\d{1,9}$/.test(value) && random.next() < 0.5;
    return `${JSON.stringify(name)}:${asNumber ? String(Number(value)) : JSON.stringify(value)}`;
  });
  return ['application/json', Buffer.from(`{${members.join()}}`)];
}

function asMultipart(random: Random, fields: readonly Field[]): [string, Buffer] {
  const boundary = random.pick(['----x', 'b0undary', "a'b()+_,-./:=?"]);
  const parts = fields.map(
    ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const type = `multipart/form-data; boundary=${boundary.includes("'") ? `"${boundary}"` : boundary}`;
  return [type, Buffer.from(`${parts.join('')}--${boundary}--\r\n`)];
}

/** Whether some reading of the fields, which may be there twice, is allowed to some key that is among them. */
function mayBeAllowed(world: KnownWorld, fields: readonly Field[]): boolean {
  const valuesOf = (name: string): string[] =>
    fields.flatMap(([own, value]) => (own === name ? [value] : []));
  const sent = world.keys.filter(({ id, secret, pair }) => {
    const hashes = valuesOf('hash').map((hash) => hash.trim());
    const [ids, secrets] = [valuesOf('access_key'), valuesOf('secret_key')];
    return hashes.includes(pair) || (hasTrimmed(ids, id) && hasTrimmed(secrets, secret));
  });
  const lists = [[]] as string[][];
  for (let place = 1; place <= 4; place++) {
    const values = valuesOf(`arg${String(place)}`);
    const choices = values.length === 0 ? [''] : values;
    lists.splice(0, lists.length, ...lists.flatMap((list) => choices.map((value) => [...list, value])));
  }
  const named = valuesOf('cmd');
  return sent.some((key) => named.some((command) => lists.some((args) => world.allows(key, command, args))));
}

function hasTrimmed(values: readonly string[], wanted: string): boolean {
  return values.some((value) => value.trim() === wanted);
}
