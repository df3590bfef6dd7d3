import { requireArgumentNames } from '../catalogue/argument-names.js';
import { actorName, type ChangeOrigin } from '../audit/audit-event.js';
import { AppError, invalid, notFound, ReturnCode } from '../errors.js';
import type { Change } from '../storage/changes.js';
import type { AccessKey, Adoption } from './access-key.js';
import type { AccessKeysParts } from './access-keys-parts.js';
import { withLimits, type WantedLimits } from './limits/key-limits.js';
import { noPolicy, requireEnd } from './limits/key-policy.js';
import { requireStorable } from './limits/limits-row.js';
import { widenedParts } from './limits/widened.js';
import { requireMayHandle, type Authority } from './makers/authority.js';
import { checkPermissions } from './makers/check-permissions.js';
import { requireApprovedKey } from './makers/require-approved.js';
import { describeKey, recordKeyChange } from './record-key-change.js';
import { triedPartsOf, triesNothing, withTried, type Trial, type TriedParts } from './trials/trial.js';

/** What is wanted of a key: what is absent stays as it is. */
export interface WantedChange
  extends Partial<Pick<AccessKey, 'permissions' | 'comment'>>, WantedLimits, Adoption {
  /** Begins a trial, in the place of one that there is; null ends it. */
  trial?: TriedParts | null;
}

/** Who changes a key, and what he may do. */
export interface KeyChange {
  change: Change;
  authority: Authority;
  origin: ChangeOrigin;
}

/**
 * Changes a key, as part of a change.
 *
 * @param why - what the event says besides
 * @returns the key as it is from then on
 * @throws AppError 3 (no such API), 2 (what the user or the policy does not allow), 10 (beyond the authority)
 */
export async function changeKey(
  parts: AccessKeysParts,
  key: AccessKey,
  { trial: wantedTrial, ...wanted }: WantedChange,
  { change, authority, origin }: KeyChange,
  why: Record<string, string> = {},
): Promise<AccessKey> {
  const { store, policy = noPolicy, now = Date.now, rootUser } = parts;
  requireMayHandle(authority, key);
  const { permissions = key.permissions, comment = key.comment } = wanted;
  const changed = withLimits({ ...key, permissions, comment }, wanted);
  // What was granted before may have lost its role file since: that must not keep the rest from being changed.
  if (wanted.permissions) await checkPermissions(parts, key.user, permissions, change.trx);
  requireArgumentNames(wanted.only, parts.catalogue);
  if (wanted.isAdopted === true) {
    delete changed.makerId;
    delete changed.isDerived;
  }
  // Without an end it would count nowhere, and stay for good.
  if (changed.isDerived === true && wanted.expiresAtMs === null)
    throw invalid(`key ${key.id} was derived from another one: it has an end until it is adopted`);
  requireMayHandle(authority, changed);
  if (wanted.expiresAtMs !== undefined) requireEnd(policy, changed.expiresAtMs, now());
  const widened = widenedParts(key, changed, rootUser);
  if (widened.length > 0 || wanted.isAdopted === true) {
    const told = { accessKeyId: key.id, widened: widened.join(',') };
    await requireApprovedKey(parts, change, { key: changed, origin, told });
  }
  const trial = wantedTrial && (await beginTrial(parts, changed, wantedTrial, { change, authority, origin }));
  if (trial === null) delete changed.trial;
  else if (trial !== undefined) changed.trial = trial;
  await store.update(change.trx, key.id, { ...wanted, ...(trial !== undefined && { trial }) });
  const adopted = wanted.isAdopted === true ? { adopted: 'yes' } : {};
  const more = widened.length === 0 ? {} : { widened: widened.join(',') };
  const ended = trial === null && key.trial !== undefined ? { trial: 'ended' } : {};
  recordKeyChange(change, key, origin, { ...describeKey(changed), ...ended, ...adopted, ...more, ...why });
  return changed;
}

/**
 * Puts what is tried of a key in place, and ends the trial. The caller makes the change: all that is asked of any
 * change of a key is asked of that caller now.
 *
 * @throws AppError as `changeKey`; 3 where there is no trial, 12 where it can't be read
 */
export async function enforceTrial(
  parts: AccessKeysParts,
  key: AccessKey,
  by: KeyChange,
): Promise<AccessKey> {
  const { trial } = key;
  if (trial === undefined) throw notFound(`trial of key ${key.id}`);
  if (trial.isUnreadable === true)
    throw new AppError(ReturnCode.PARSING, `the trial of key ${key.id} can not be read: begin another one`);
  return changeKey(parts, key, { ...triedPartsOf(trial), trial: null }, by, { trial: 'enforced' });
}

/** As strict as the change that it tries: who could not make that does not try it. */
async function beginTrial(
  parts: AccessKeysParts,
  key: AccessKey,
  wanted: TriedParts,
  { change, authority, origin }: KeyChange,
): Promise<Trial> {
  const { now = Date.now } = parts;
  if (triesNothing(wanted)) throw invalid('a trial tries permissions, addresses, a rate limit or arguments');
  if (wanted.permissions !== undefined)
    await checkPermissions(parts, key.user, wanted.permissions, change.trx);
  requireArgumentNames(wanted.only, parts.catalogue);
  requireStorable(wanted);
  requireMayHandle(authority, withTried(key, wanted));
  // Its decisions are told from those of the trial before by when it began.
  const sinceMs = Math.max(now(), (key.trial?.sinceMs ?? 0) + 1);
  return { sinceMs, by: actorName(origin.actor), ...triedPartsOf(wanted) };
}
