import type { DenyReason } from '../errors.js';

/** Who asked: somebody at the admin socket, the holder of a credential, or the service itself. */
export type Actor =
  | { kind: 'operator'; sudoUser?: string }
  | { kind: 'access_key'; accessKeyId: string; user?: string }
  | { kind: 'legacy_key'; user: string }
  | { kind: 'password'; user: string }
  | { kind: 'service' };

/**
 * - `decision`: may this run, and why not
 * - `change`: something that Hearthkey keeps was changed; commits together with the change
 * - `result`: how a command that was allowed, or that an operator ran, ended
 */
export type AuditEventType = 'decision' | 'change' | 'result';

export type AuditOutcome = 'allow' | 'deny' | 'done' | 'failed';

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
  command?: string;
  args?: readonly string[];
  reason?: DenyReason;
  code?: number;
  /** What a change was made to. */
  target?: Readonly<Record<string, string>>;
}

/** Where a change comes from: part of each change event. */
export interface ChangeOrigin {
  actor: Actor;
  clientAddress?: string;
  command?: string;
}

/** What a verb records of the change that it makes; time and ID are given when it is carried into the record. */
export type ChangeRecord = Pick<
  AuditEvent,
  'type' | 'outcome' | 'actor' | 'clientAddress' | 'command' | 'target'
>;

export function describeChange(origin: ChangeOrigin, target: Record<string, string>): ChangeRecord {
  return { type: 'change', outcome: 'done', ...origin, target };
}
