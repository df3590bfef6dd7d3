/** `POST /v1/authorize` and AuthZEN: each question that can be read is decided as the documents have it. */
import type { Random } from '../../faults/random.js';
import { Finding } from '../adapter.js';
import { type HttpPort, shown, type Incoming, type Outgoing } from '../exchange.js';
import { mutatedBytes, text, word } from '../inputs.js';
import { overHttp } from '../over-http.js';
import { commands, type KnownWorld, type KnownKey } from '../world.js';

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

export const authorize = overHttp({
  name: 'authorize',
  what: 'POST /v1/authorize',
  tryOne: tryAuthorize,
});
export const authzen = overHttp({
  name: 'authzen',
  what: 'POST /access/v1/evaluation',
  tryOne: tryAuthzen,
});

async function tryAuthorize(world: KnownWorld, http: HttpPort, random: Random): Promise<string> {
  const question = randomQuestion(random, world.keys);
  const outgoing = post(random, '/v1/authorize', JSON.stringify(question));
  const answer = await http.send(outgoing);
  const isAllowed = answer.status === 200 && (parsed(answer.body) as { allowed?: unknown }).allowed === true;
  judge(world, outgoing, isAllowed, sentBy(outgoing));
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
  const read = sentBy(outgoing);
  if (answer.status === 400 && hasUnknownMember(read)) return 'unknown member';
  judge(world, outgoing, isAllowed, asked(read));
  return kindOf(answer, isAllowed);
}

const places: Readonly<Record<string, readonly string[]>> = {
  subject: ['type', 'id', 'properties'],
  action: ['name', 'properties'],
  resource: ['type', 'id', 'properties'],
  context: ['clientIp'],
};

/** One that resembles a known member is refused; others are ignored, as AuthZEN asks. */
function hasUnknownMember(evaluation: object): boolean {
  return Object.entries(evaluation).some(
    ([place, value]) =>
      places[place] === undefined ||
      Object.keys(Object(value) as object).some((name) => places[place]?.includes(name) === false),
  );
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
    ...{ args: of !== undefined && 'args' in of ? of['args'] : [], clientIp: context?.['clientIp'] },
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

/** Nothing where the body is not UTF-8. */
function sentBy({ body }: Outgoing): object {
  const text = body?.toString() ?? '';
  return body?.equals(Buffer.from(text)) === true ? parsed(text) : {};
}

function parsed(json: string): object {
  try {
    const value = JSON.parse(json) as unknown;
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
