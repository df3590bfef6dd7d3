/** What a node of the version before does to keys counts at a node of this version. */
import type { Client, Key } from '../support/client.js';
import { decidesNothing, type Findings } from './findings.js';

export interface MixedNodes {
  /** Of the version before. */
  old: Client;
  /** Of this version. */
  present: Client;
  /** Asks the database that they share. */
  query: (text: string) => Promise<Record<string, unknown>[]>;
}

/**
 * The version before knows neither a second secret that counts for a while nor which keys were deleted: the first secret
 * is dead at the new node once the old one has rotated the key, and the deletion is known.
 */
export async function checkOldWriter({ old, present, query }: MixedNodes, findings: Findings): Promise<void> {
  const expectCode = async (key: Key, isAllowed: boolean, which: string, when: string): Promise<void> => {
    const { code } = await present.call(key, 'v-list-api', ['load']);
    findings.judged();
    if ((code === 0) !== isAllowed && !(isAllowed && decidesNothing(code)))
      findings.wrong.push(`${when}, its ${which} secret was answered with ${String(code)} at a new node`);
  };
  const first = await present.makeKey('alice', 'load');
  const second = await rotate(present, first, '--overlap', '1h');
  await expectCode(first, true, 'first', 'within an overlap');
  await expectCode(second, true, 'second', 'within an overlap');
  const third = await rotate(old, first);
  const when = 'after an old node had rotated a key';
  await expectCode(first, false, 'first', when);
  await expectCode(second, false, 'second', when);
  await expectCode(third, true, 'third', when);
  await old.ok('v-delete-access-key', first.id);
  await expectCode(third, false, 'third', 'after an old node had deleted a key');
  const known = await query(`select id from deleted_keys where id = '${first.id}'`);
  findings.judged();
  if (known.length !== 1) findings.wrong.push('a key that an old node deleted is not known as deleted');
}

async function rotate(node: Client, { id }: Key, ...options: string[]): Promise<Key> {
  const pair = (await node.ok('v-rotate-access-key', id, 'plain', ...options)).trim();
  return { id, secret: pair.split(':')[1] ?? '', pair };
}
