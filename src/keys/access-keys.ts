import { requireArgumentNames } from '../catalogue/argument-names.js';
import type { ChangeOrigin } from '../audit/audit-event.js';
import { AppError, notFound, ReturnCode } from '../errors.js';
import type { Change, Changes } from '../storage/changes.js';
import type { RepeatableCreation } from '../storage/creation-store.js';
import type { AccessKey, NewAccessKey } from './access-key.js';
import type { AccessKeysParts } from './access-keys-parts.js';
import { changeKey, enforceTrial, type WantedChange } from './change-key.js';
import {
  maySeeKey,
  openLimits,
  requireMayEnd,
  requireMayHandle,
  requireMayMakeCanary,
  type Authority,
} from './makers/authority.js';
import { withLimits, type WantedLimits } from './limits/key-limits.js';
import type { WantedChild } from './derived/child-of.js';
import { deriveKey } from './derived/derive-key.js';
import { deleteKeysOf, deleteMadeBy, madeBy } from './end-keys.js';
import { noPolicy, requireEnd } from './limits/key-policy.js';
import { requireStorable } from './limits/limits-row.js';
import type { KeyUsage } from './usage/key-use-store.js';
import { makeKey } from './make-key.js';
import { recordKeyChange } from './record-key-change.js';
import { checkPermissions } from './makers/check-permissions.js';
import { requireApprovedKey } from './makers/require-approved.js';
import { refuseCommands } from './makers/refuse-commands.js';
import { refuseRevokedCaller } from './makers/revoked-caller.js';
import { rotateSecret } from './secrets/rotate-secret.js';

/** What can be done to access keys. Each verb is one change; `authority` is whose doing it is. */
export class AccessKeys {
  constructor(private readonly parts: AccessKeysParts) {}

  async get(id: string, authority: Authority): Promise<AccessKey> {
    const key = await this.parts.store.find(id);
    if (key === undefined || !maySeeKey(authority, key)) throw notFound(`key ${id}`);
    return key;
  }

  count(): Promise<number> {
    return this.parts.store.count();
  }

  /** What is kept beside keys, by their IDs; of all of them, or of these. */
  async usage(ids?: readonly string[]): Promise<KeyUsage> {
    const { store, uses, now = Date.now } = this.parts;
    return { uses: (await uses?.list(ids)) ?? new Map(), overlaps: await store.overlaps(now(), ids) };
  }

  /** Those whose secrets came from a source that can be guessed, in the order of their IDs. */
  async listWeak(): Promise<AccessKey[]> {
    return this.parts.store.listWeak();
  }

  /**
   * Makes a key. Its secret is in the answer and nowhere else. Limits that are left open are those of the authority.
   *
   * @throws AppError 3 (no such user or API), 2 (an API that only the root user may have, an end that the policy does
   *   not allow), 8 (too many keys, or too long a chain of keys that made each other), 10 (beyond the authority),
   *   AlreadyCreated (4) where the caller repeats a creation
   */
  async add(
    wanted: Pick<AccessKey, 'user' | 'permissions' | 'comment' | 'isCanary'> & WantedLimits,
    authority: Authority,
    origin: ChangeOrigin,
    creation?: RepeatableCreation,
  ): Promise<NewAccessKey> {
    const { users, policy = noPolicy, now = Date.now } = this.parts;
    const { user, permissions, comment, isCanary } = wanted;
    if (!(await users.isKnown(user))) throw notFound(`user ${user}`);
    await checkPermissions(this.parts, user, permissions);
    requireArgumentNames(wanted.only, this.parts.catalogue);
    const allowed = withLimits({ user, permissions, comment, ...openLimits(authority) }, wanted);
    requireMayHandle(authority, allowed);
    requireStorable(allowed);
    if (isCanary === true) requireMayMakeCanary(authority);
    requireEnd(policy, allowed.expiresAtMs, now());
    const { actor } = origin;
    const key = {
      ...allowed,
      ...(isCanary === true && { isCanary }),
      ...(actor.kind === 'access_key' && { makerId: actor.accessKeyId }),
    };
    return makeKey(this.parts, key, {
      ...{ origin, creation },
      run: (work) => this.run(authority, origin, work),
      requireAllowed: async (drawn, change) => {
        await requireApprovedKey(this.parts, change, { key: drawn, origin, told: { made: 'yes' } });
        return drawn;
      },
    });
  }

  /** Makes a key that can do no more than this one, and ends with it (derived/derive-key.ts). */
  async derive(
    parentId: string,
    wanted: WantedChild,
    authority: Authority,
    origin: ChangeOrigin,
    creation?: RepeatableCreation,
  ): Promise<NewAccessKey> {
    const run: Changes['run'] = (work) => this.run(authority, origin, work);
    return deriveKey(this.parts, parentId, wanted, authority, { origin, creation, run });
  }

  async change(
    id: string,
    wanted: WantedChange,
    authority: Authority,
    origin: ChangeOrigin,
    requireState: (key: AccessKey) => void = () => undefined,
  ): Promise<AccessKey> {
    return this.handle(id, authority, origin, async (key, change) => {
      requireMayHandle(authority, key);
      requireState(key);
      return changeKey(this.parts, key, wanted, { change, authority, origin });
    });
  }

  /** Makes what is tried of a key real, and ends the trial, in one change (change-key.ts). */
  async enforceTrial(
    id: string,
    authority: Authority,
    origin: ChangeOrigin,
    requireState: (key: AccessKey) => void = () => undefined,
  ): Promise<AccessKey> {
    return this.handle(id, authority, origin, async (key, change) => {
      requireMayHandle(authority, key);
      requireState(key);
      return enforceTrial(this.parts, key, { change, authority, origin });
    });
  }

  /** Draws a new secret, which is in the answer and nowhere else. The old one is dead then, or counts for so long. */
  async rotate(
    id: string,
    authority: Authority,
    origin: ChangeOrigin,
    overlapMs?: number,
    creation?: RepeatableCreation,
  ): Promise<NewAccessKey> {
    const run: Changes['run'] = (work) => this.run(authority, origin, work);
    return rotateSecret({ ...this.parts, changes: { run } }, id, authority, origin, overlapMs, creation);
  }

  async suspend(id: string, authority: Authority, origin: ChangeOrigin): Promise<void> {
    await this.handle(id, authority, origin, async (key, change) => {
      requireMayEnd(authority, key);
      if (key.isSuspended) throw new AppError(ReturnCode.SUSPENDED, `key ${id} is already suspended`);
      await this.parts.store.update(change.trx, id, { isSuspended: true });
      recordKeyChange(change, key, origin);
    });
  }

  async unsuspend(id: string, authority: Authority, origin: ChangeOrigin): Promise<void> {
    const { store, users } = this.parts;
    // An owner whom a panel elsewhere has again is known here only once it has been asked.
    const owner = (await store.find(id))?.user;
    if (owner !== undefined) await users.isKnown(owner);
    await this.handle(id, authority, origin, async (key, change) => {
      requireMayHandle(authority, key);
      if (!key.isSuspended) throw new AppError(ReturnCode.UNSUSPENDED, `key ${id} is not suspended`);
      await requireApprovedKey(this.parts, change, {
        ...{ key, origin, told: { accessKeyId: id, suspended: 'no' } },
      });
      await this.parts.store.update(change.trx, id, { isSuspended: false });
      recordKeyChange(change, key, origin);
    });
  }

  /**
   * The keys that it made are deleted with it.
   *
   * @param requireState - throws where the key is not as the caller last saw it
   * @returns the IDs of those that it made
   */
  async delete(
    id: string,
    authority: Authority,
    origin: ChangeOrigin,
    requireState: (key: AccessKey) => void = () => undefined,
  ): Promise<string[]> {
    return this.handle(id, authority, origin, async (key, change) => {
      requireMayEnd(authority, key);
      requireState(key);
      const made = await deleteMadeBy(this.parts.store, change, [id]);
      await this.parts.store.delete(change.trx, id);
      for (const each of [key, ...made]) recordKeyChange(change, each, origin, madeBy(each));
      return made.map((each) => each.id);
    });
  }

  /**
   * Deletes all keys of a user, or none where one of them is beyond the authority; none is no error.
   *
   * @throws AppError 10
   */
  async deleteOf(user: string, authority: Authority, origin: ChangeOrigin): Promise<number> {
    return this.parts.changes.run(async (change) => {
      await refuseRevokedCaller(this.parts, change, authority, origin);
      for (const key of await this.parts.store.list(user, change.trx)) requireMayHandle(authority, key);
      const keys = await deleteKeysOf(this.parts.store, change, user);
      for (const key of keys) recordKeyChange(change, key, origin, madeBy(key));
      return keys.length;
    });
  }

  /**
   * Whether that authority may delete or suspend a user, and end all of its keys with it. A key of the root user may if
   * its APIs say so, for they are about users; a user's own key needs authority over each of them.
   *
   * @throws AppError 10
   */
  async requireMayEndUser(user: string, authority: Authority): Promise<void> {
    if (authority === 'everything' || authority.isRootUser) return;
    for (const key of await this.parts.store.list(user)) requireMayHandle(authority, key);
  }

  private async handle<T>(
    id: string,
    authority: Authority,
    origin: ChangeOrigin,
    work: (key: AccessKey, change: Change) => Promise<T>,
  ): Promise<T> {
    return this.run(authority, origin, async (change) => {
      const key = await this.parts.store.find(id, change.trx);
      if (key === undefined) throw notFound(`key ${id}`);
      return work(key, change);
    });
  }

  /** Of a single key: operators who change many at once wait for one change, not for one another's. */
  private async run<T>(
    authority: Authority,
    origin: ChangeOrigin,
    work: (change: Change) => Promise<T>,
  ): Promise<T> {
    return this.parts.changes.runTogether(async (change) => {
      await refuseRevokedCaller(this.parts, change, authority, origin);
      return work(change);
    });
  }

  /** @throws AppError 3 that says how to make a role, where a command stands in the place of an API */
  refuseCommands(user: string, permissions: readonly string[]): void {
    refuseCommands(this.parts, user, permissions);
  }
}
