/** `POST /v1/authorize` and AuthZEN: each question that can be read is decided as the documents have it. */
import type { Random } from '../../faults/random.js';
import { Finding, type Adapter, type Target } from '../adapter.js';
import { HttpPort, shown, type Incoming, type Outgoing } from '../exchange.js';
import { mutatedBytes, text, word } from '../inputs.js';
import { commands, KnownWorld, type KnownKey } from '../world.js';

interface Question {
  accessKeyId?: unknown;
  secretAccessKey?: unknown;
  command?: unknown;
  args?: unknown;
  clientIp?: unknown;
}

const members = ['accessKeyId', 'secretAccessKey', 'command', 'args', 'clientIp'];
const clients = ['127.0.0.1', '127.255.0.9', '203.0.113.9', '::1', '::ffff:127.0.0.1', 'nowhere', ''];
const argWords = ['alice', 'bob', 'admin', 'Admin', 'x.example', '', 'bob,ADMIN', 'json'];

function adapterOf(name: string, what: string, tryOne: typeof tryAuthorize): Adapter {
  return {
    ...{ name, what, atOnce: 12 },
    async open(): Promise<Target> {
      const world = await KnownWorld.start();
      const http = new HttpPort(Number(new URL(world.service.url).port));
      return {
        pid: world.service.pid,
        try: (random) => tryOne(world, http, random),
        async close() {
          http.close();
          await world.service.end();
        },
      };
    },
  };
}

export const authorize = adapterOf('authorize', 'POST /v1/authorize', tryAuthorize);
export const authzen = adapterOf('authzen', 'POST /access/v1/evaluation', tryAuthzen);

async function tryAuthorize(world: KnownWorld, http: HttpPort, random: Random): Promise<string> {
  const question = randomQuestion(random, world.keys);
  const outgoing = post(random, '/v1/authorize', JSON.stringify(question));
  const answer = await http.send(outgoing);
  const isAllowed = answer.status === 200 && (parsed(answer.body) as { allowed?: unknown }).allowed === true;
  judge(world, outgoing, isAllowed, parsed(outgoing.body?.toString() ?? ''));
  return kindOf(answer, isAllowed);
}

async function tryAuthzen(world: KnownWorld, http: HttpPort, random: Random): Promise<string> {
  const { accessKeyId, secretAccessKey, command, args, clientIp } = randomQuestion(random, world.keys);
  const evaluation = {
    subject: { type: word(random, ['access_key']), id: accessKeyId, properties: { secretAccessKey } },
    action: { name: word(random, ['run']) },
    resource: { type: word(random, ['command']), id: command, properties: { args } },
    ...(clientIp !== undefined && { context: { clientIp } }),
  };
  const outgoing = post(random, '/access/v1/evaluation', JSON.stringify(evaluation));
  const answer = await http.send(outgoing);
  const isAllowed =
    answer.status === 200 && (parsed(answer.body) as { decision?: unknown }).decision === true;
  judge(world, outgoing, isAllowed, asked(parsed(outgoing.body?.toString() ?? '')));
  return kindOf(answer, isAllowed);
}

/** What an evaluation asks; nothing where a part is not as AuthZEN names it. */
function asked(value: unknown): Question {
  const { subject, action, resource, context } = value as Record<string, Record<string, unknown> | undefined>;
  if (subject?.['type'] !== 'access_key' || resource?.['type'] !== 'command' || action?.['name'] !== 'run')
    return {};
  const [about, of] = [subject['properties'], resource['properties']] as (
    Record<string, unknown> | undefined
  )[];
  return {
    ...{ accessKeyId: subject['id'], secretAccessKey: about?.['secretAccessKey'], command: resource['id'] },
    ...{ args: of?.['args'] ?? [], clientIp: context?.['clientIp'] },
  };
}

function randomQuestion(random: Random, keys: readonly KnownKey[]): Question {
  const key = random.pick(keys);
  const is = (share: number): boolean => random.next() < share;
  const args = Array.from({ length: random.below(4) }, () => word(random, argWords));
  const other = (): unknown => random.pick([null, 1, true, [], {}, text(random), [null], [1], ['a', null]]);
  return {
    accessKeyId: is(0.97) ? word(random, [key.id]) : other(),
    secretAccessKey: is(0.97) ? word(random, [key.secret]) : other(),
    command: is(0.97) ? word(random, [...commands.keys()]) : other(),
    ...(is(0.85) && { args: is(0.97) ? args : other() }),
    ...(is(0.6) && { clientIp: is(0.97) ? word(random, clients) : other() }),
    ...(is(0.03) && { [text(random)]: other() }),
  };
}

function post(random: Random, path: string, body: string): Outgoing {
  const plain = Buffer.from(body);
  const sent = random.next() < 0.85 ? plain : mutatedBytes(random, plain);
  const type = random.pick(['application/json', 'application/json; charset=utf-8']);
  return { method: 'POST', path, headers: { 'Content-Type': type }, body: sent };
}

function judge(world: KnownWorld, outgoing: Outgoing, isAllowed: boolean, question: Question): void {
  if (isAllowed !== isAllowedByTheBook(world, question))
    throw new Finding(`${isAllowed ? 'allowed' : 'denied'}, by the documents it is not`, shown(outgoing));
}

function isAllowedByTheBook(world: KnownWorld, question: Question): boolean {
  const { accessKeyId, secretAccessKey, command, args, clientIp = '127.0.0.1' } = question;
  const key = world.keys.find(({ id, secret }) => id === accessKeyId && secret === secretAccessKey);
  if (key === undefined || typeof command !== 'string' || typeof clientIp !== 'string') return false;
  if (Object.keys(question).some((name) => !members.includes(name))) return false;
  if (args === undefined) return world.allows(key, command, undefined, clientIp);
  const isList = Array.isArray(args) && args.every((arg) => typeof arg === 'string');
  return isList && args.every(isReadable) && world.allows(key, command, args, clientIp);
}

/** Command lines are bytes that end with NUL, and texts are UTF-8. */
function isReadable(arg: string): boolean {
  return !arg.includes('\0') && !/[\ud800-\udfff]/u.test(arg);
}

function kindOf({ status }: Incoming, isAllowed: boolean): string {
  return status === 200 ? (isAllowed ? 'allowed' : 'denied') : String(status);
}

function parsed(json: string): object {
  try {
    const value = JSON.parse(json) as unknown;
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
