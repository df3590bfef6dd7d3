/** What an attacker holds, and how requests are sent with it. */
import type { Random } from '../faults/random.js';
import type { Client, HttpAnswer, Key } from '../support/client.js';
import type { Person } from '../support/person.js';
import type { Asked } from './power.js';
import type { Attempt } from './attempts.js';

export type Credential = { kind: 'key'; key: Key } | { kind: 'session'; user: string; person: Person };

export function nameOf(credential: Credential): string {
  return credential.kind === 'key' ? `key ${credential.key.id}` : `session of ${credential.user}`;
}

export interface Outcome {
  /** Over which adapter. */
  adapter: '/api/' | 'REST v1' | 'REST dialect';
  isDone: boolean;
  text: string;
  /** Secrets of keys in the answer. */
  keys: readonly Key[];
}

export async function send(
  service: Client,
  credential: Credential,
  attempt: Attempt,
  { client: from, random }: { client: Asked['client']; random: Random },
): Promise<Outcome | undefined> {
  const { rest } = attempt;
  if (credential.kind === 'session')
    return rest === undefined || rest.path.startsWith('/api/')
      ? undefined
      : overRest(await credential.person.send(rest.method, rest.path, rest.body), rest.path);
  const { key } = credential;
  if (rest !== undefined && (attempt.isRestOnly === true || random.next() < 0.5)) {
    const body = rest.body === undefined ? undefined : JSON.stringify(rest.body);
    const type = rest.method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    const headers = {
      Authorization: `Bearer ${key.pair}`,
      ...(body !== undefined && { 'Content-Type': type }),
    };
    const answer = await service.request(rest.method, rest.path, body, { from, headers });
    return overRest({ ...answer, text: answer.body }, rest.path);
  }
  const answer = await service.call(key, attempt.command, attempt.args, { from });
  return { adapter: '/api/', isDone: answer.code === 0, text: answer.body, keys: keysIn(answer.body) };
}

function overRest({ status, text }: Pick<HttpAnswer, 'status'> & { text: string }, path: string): Outcome {
  const adapter = path.startsWith('/api/') ? 'REST dialect' : 'REST v1';
  return { adapter, isDone: status < 300, text: `${String(status)} ${text}`, keys: keysIn(text) };
}

/** Wherever they stand: an answer that should not have one may have one all the same. */
function keysIn(text: string): Key[] {
  const pairs = [...text.matchAll(/\b([0-9A-Za-z]{20}):([0-9A-Za-z_-]{40})(?![0-9A-Za-z_-])/g)];
  const json = /"accessKeyId":"([0-9A-Za-z]{20})".*"secretAccessKey":"([0-9A-Za-z_-]{40})"/s.exec(text);
  const other = /"secretAccessKey":"([0-9A-Za-z_-]{40})".*"accessKeyId":"([0-9A-Za-z]{20})"/s.exec(text);
  const found = pairs.map(([, id = '', secret = '']) => [id, secret] as const);
  if (json !== null) found.push([json[1]!, json[2]!]);
  else if (other !== null) found.push([other[2]!, other[1]!]);
  return found.map(([id, secret]) => ({ id, secret, pair: `${id}:${secret}` }));
}
