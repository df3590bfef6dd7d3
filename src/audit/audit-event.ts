import type { DenyReason } from '../errors.js';

/** Who asked: somebody at the admin socket, the holder of a credential, or the service itself. */
export type Actor =
  | Operator
  | { kind: 'access_key'; accessKeyId: string; user?: string }
  | { kind: 'legacy_key'; user: string }
  | { kind: 'password'; user: string }
  /** Somebody who has logged in: `sessionId` is public. Absent: nobody knows which session it was. */
  | { kind: 'session'; user?: string; sessionId?: string; method?: 'password' | 'link' | 'passkey' }
  | { kind: 'service' };

/** Somebody at the admin socket, as his command line says: the service can't check any of it. */
export interface Operator {
  kind: 'operator';
  /** The Unix user, by number and name. */
  uid?: string;
  unixUser?: string;
  /** Who became that user with `sudo`. */
  sudoUser?: string;
  /** The login name, which stays the same through `su` and `sudo`. */
  loginUser?: string;
  /** Such as `pts/3`; absent: there was none, as for a cron job. */
  terminal?: string;
}

/**
 * - `decision`: may this run, and why not
 * - `change`: something that Hearthkey keeps was changed; commits together with the change
 * - `result`: how a command that was allowed, or that an operator ran, ended
 * - `note`: what befell the record itself
 * - `alert`: what somebody should look at
 */
export const auditEventTypes = ['decision', 'change', 'result', 'note', 'alert'] as const;
export type AuditEventType = (typeof auditEventTypes)[number];

/**
 * - `key_expires_soon`: said once for each end that a key is given, and 7 days and 1 day before it (`notice`)
 * - `replaced_secret_used`: somebody still has a secret that was replaced; said once a minute for a key and an address
 * - `canary_used`: somebody has the secret of a canary; said once a minute for a key and an address
 * - `changed_outside`: another program changed a table of the store; said once a minute for a table
 * - `node_key_changed`: another node signs its record with another key than before
 * - `new_finding`: `hearthkey doctor` finds something that it did not find before
 */
export type AuditAlert =
  | ('key_expires_soon' | 'replaced_secret_used' | 'canary_used' | 'new_finding')
  | ('changed_outside' | 'node_key_changed');

/**
 * - `record_begun`: the first line of each file; names the chain and the hash that it goes on from
 * - `torn_line_cut`: a kill had cut off the last line, which was never answered for; it was taken away
 * - `record_cut`: lines are missing that were known to be there; the numbers go on after them
 * - `record_replaced`: another record was in its place
 * - `recording_resumed`: nothing could be recorded for a while, and what would have been allowed was denied
 * - `record_signed_from`: lines before it are from before there was an audit key; it fixes their head
 * - `identity_lost`: what names this node or its chain was not what the head beside the audit key says
 * - `audit_key_missing`, `audit_key_changed`, `audit_head_missing`: of a record that was signed before
 * - `store_went_back`: the database no longer has a head that it had stored
 * - `record_altered`: lines of the present tree are not what was written
 * - `record_put_away`: older files were put away on purpose, as a setting says
 */
export type AuditNote =
  | 'record_begun'
  | 'torn_line_cut'
  | 'record_cut'
  | 'record_replaced'
  | 'recording_resumed'
  | 'record_signed_from'
  | 'identity_lost'
  | 'audit_key_missing'
  | 'audit_key_changed'
  | 'audit_head_missing'
  | 'store_went_back'
  | 'record_altered'
  | 'record_put_away';

export const auditOutcomes = ['allow', 'deny', 'done', 'failed'] as const;
export type AuditOutcome = (typeof auditOutcomes)[number];

/** What would have become of a request if what is tried of a key were in place. */
export interface TrialVerdict {
  /** The key that something is tried of. */
  accessKeyId: string;
  /** When the trial began, which tells it from others of that key. */
  since: string;
  /** Absent: it would have been allowed. */
  wouldDeny?: DenyReason;
}

/**
 * A verdict as a line has it. Most requests would have been allowed by the trial of their own key: of those, `since`
 * alone is kept.
 */
export type RecordedVerdict = TrialVerdict | string;

/** One line of the audit record. Nothing in it is secret: arguments that may hold a secret are masked before. */
export interface AuditEvent {
  /** Unique, so that an event that is carried over twice is found out. */
  id: string;
  /** ISO 8601 with milliseconds, UTC. */
  time: string;
  type: AuditEventType;
  outcome: AuditOutcome;
  actor: Actor;
  clientAddress?: string;
  /** Who said that this is the client's address, where that caller is not trusted to know it. */
  addressClaimedBy?: string;
  command?: string;
  args?: readonly string[];
  reason?: DenyReason;
  code?: number;
  /** Of a request that was allowed: what each trial of the key, or of one that made it, would have made of it. */
  trial?: readonly RecordedVerdict[];
  /** What a change was made to, or what a note tells. */
  target?: Readonly<Record<string, string>>;
  note?: AuditNote;
  alert?: AuditAlert;
  /** How many failed attempts of one address, key and reason in one second this event stands for; absent: one. */
  count?: number;
}

/** ID and time are given by the log, unless the event has waited for its place in the record. */
export type NewAuditEvent = Omit<AuditEvent, 'id' | 'time'> & Partial<Pick<AuditEvent, 'id' | 'time'>>;

/** Where a change comes from: part of each change event. */
export interface ChangeOrigin {
  actor: Actor;
  clientAddress?: string;
  command?: string;
}

/** What a verb records of the change that it makes; time and ID are given when it is carried into the record. */
export type ChangeRecord = Pick<
  AuditEvent,
  'type' | 'outcome' | 'actor' | 'clientAddress' | 'command' | 'target' | 'alert'
>;

/** The verdicts of an event in full. */
export function readVerdicts({ actor, trial = [] }: Pick<AuditEvent, 'actor' | 'trial'>): TrialVerdict[] {
  const own = actor.kind === 'access_key' ? actor.accessKeyId : '';
  return trial.map((verdict) =>
    typeof verdict === 'string' ? { accessKeyId: own, since: verdict } : verdict,
  );
}

/** The shortest name of an actor, for listings. */
export function actorName(actor: Actor): string {
  if (actor.kind === 'access_key') return actor.accessKeyId;
  if (actor.kind === 'operator') return actor.sudoUser ?? actor.kind;
  return 'user' in actor ? actor.user : actor.kind;
}

export function describeChange(origin: ChangeOrigin, target: Record<string, string>): ChangeRecord {
  return { type: 'change', outcome: 'done', ...origin, target };
}
