import { requireArgumentNames } from '../../catalogue/argument-names.js';
import type { ChangeOrigin } from '../../audit/audit-event.js';
import { AppError, notFound, ReturnCode } from '../../errors.js';
import type { Change } from '../../storage/changes.js';
import type { Database, Transaction } from '../../storage/database.js';
import type { AccessKey, NewAccessKey } from '../access-key.js';
import type { AccessKeysParts } from '../access-keys-parts.js';
import { noPolicy, requireEnd } from '../limits/key-policy.js';
import { makeKey, type Making } from '../make-key.js';
import { maySeeKey, requireMayHandle, type Authority } from '../makers/authority.js';
import { checkPermissions } from '../makers/check-permissions.js';
import { requireApprovedKey } from '../makers/require-approved.js';
import { readMakers } from '../makers/maker-store.js';
import { childOf, type Child, type WantedChild } from './child-of.js';
import { requireRoomForDerived } from './derived-room.js';

/**
 * Makes a key that can do no more than its parent, ends with it, and counts with it. A key derives from itself alone;
 * who handles keys otherwise, from each key that he may handle.
 *
 * @throws AppError 3 (no such key, user or API), 5 and 2 (the parent is suspended, has ended), 8 (too many derived
 *   keys, or too long a chain), 10 (another key, or more than the parent has), AlreadyCreated (4)
 */
export async function deriveKey(
  parts: AccessKeysParts,
  parentId: string,
  wanted: WantedChild,
  authority: Authority,
  making: Pick<Making, 'origin' | 'creation' | 'run'>,
): Promise<NewAccessKey> {
  const { store, users, policy = noPolicy, now = Date.now } = parts;
  const { origin } = making;
  requireItself(parentId, origin);
  requireArgumentNames(wanted.only, parts.catalogue);
  const read = async (db?: Transaction): Promise<{ child: Child; chain: Chain }> => {
    const chain = await readChain(parts, parentId, authority, origin, db);
    const [parent, ...makers] = chain;
    const child = childOf(parent, makers, wanted, { rootUser: parts.rootUser, nowMs: now() });
    if (wanted.permissions !== undefined) await checkPermissions(parts, parent.user, wanted.permissions, db);
    requireEnd(policy, child.expiresAtMs, now());
    return { child, chain };
  };
  // Before the hash: what is refused should not cost an argon2 run.
  const { child } = await read();
  if (!(await users.isKnown(child.user))) throw notFound(`user ${child.user}`);
  const requireAllowed = async (key: AccessKey, change: Change): Promise<AccessKey> => {
    // Again, now that nothing can come between: the parent may have less by now.
    const { child: present, chain } = await read(change.trx);
    await requireRoomForDerived(store, change, chain, now());
    const derived = { ...key, ...present };
    // Of itself a key has all that is in it.
    if (origin.actor.kind !== 'access_key') {
      const told = { derivedFrom: parentId };
      await requireApprovedKey(parts, change, { key: derived, origin, told, isForOwner: true });
    }
    return derived;
  };
  return makeKey(parts, child, { ...making, requireAllowed });
}

type Chain = readonly [AccessKey, ...Awaited<ReturnType<typeof readMakers>>];

function requireItself(parentId: string, { actor }: ChangeOrigin): void {
  if (actor.kind !== 'access_key' || actor.accessKeyId === parentId) return;
  throw new AppError(ReturnCode.FORBIDDEN, 'a key derives keys from itself alone');
}

async function readChain(
  { store }: AccessKeysParts,
  id: string,
  authority: Authority,
  { actor }: ChangeOrigin,
  db?: Database | Transaction,
): Promise<Chain> {
  const parent = await store.find(id, db);
  if (parent === undefined || !maySeeKey(authority, parent)) throw notFound(`key ${id}`);
  // Of a key itself its makers may have left less than stands in its row.
  if (actor.kind !== 'access_key') requireMayHandle(authority, parent);
  return [parent, ...(await readMakers(store, parent, db))];
}
