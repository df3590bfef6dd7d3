import type { Actor, AuditEvent } from '../audit-event.js';
import type { Query } from './index-block.js';

/**
 * - `programs`: what comes over the API with a credential
 * - `people`: operators at the command line, and users who have logged in
 */
export const actorGroups = ['programs', 'people', 'service'] as const;
export type ActorGroup = (typeof actorGroups)[number];

const groupOfKind: Readonly<Record<Actor['kind'], ActorGroup>> = {
  access_key: 'programs',
  legacy_key: 'programs',
  password: 'programs',
  operator: 'people',
  session: 'people',
  service: 'service',
};

/** Which events are looked for; what is absent narrows nothing. */
export interface EventFilter {
  /** Of this key, or about it. */
  accessKeyId?: string | undefined;
  /** Of this user, or about this user. */
  user?: string | undefined;
  /** Of this user alone, in which nobody else is named. */
  actingUser?: string | undefined;
  command?: string | undefined;
  clientAddress?: string | undefined;
  actor?: ActorGroup | undefined;
  type?: string | undefined;
  outcome?: string | undefined;
  reason?: string | undefined;
  sinceMs?: number | undefined;
  untilMs?: number | undefined;
  /** Whether an event is left out that matches otherwise. */
  leavesOut?: ((event: AuditEvent) => boolean) | undefined;
}

/** What the index of the record knows. */
const indexedFields = [
  ...(['accessKeyId', 'user', 'clientAddress', 'command', 'reason', 'type', 'outcome'] as const),
];

/** What to ask the index for: all events that match, and some that don't. */
export function queryOf(filter: EventFilter): Query {
  const terms = indexedFields.flatMap((field) => {
    const value = filter[field] ?? (field === 'user' ? filter.actingUser : undefined);
    return value === undefined ? [] : [{ field, value }];
  });
  const kinds = Object.entries(groupOfKind).filter(([, group]) => group === filter.actor);
  const oneOf =
    filter.actor === undefined ? undefined : kinds.map(([value]) => ({ field: 'kind' as const, value }));
  return { terms, oneOf, sinceMs: filter.sinceMs ?? -Infinity, untilMs: filter.untilMs ?? Infinity };
}

export function matches(event: AuditEvent, filter: EventFilter): boolean {
  const timeMs = Date.parse(event.time);
  const { actor, target } = event;
  return (
    timeMs >= (filter.sinceMs ?? -Infinity) &&
    timeMs <= (filter.untilMs ?? Infinity) &&
    is(
      filter.accessKeyId,
      actor.kind === 'access_key' ? actor.accessKeyId : undefined,
      target?.['accessKeyId'],
    ) &&
    is(filter.user, 'user' in actor ? actor.user : undefined, target?.['user']) &&
    is(filter.actingUser, 'user' in actor ? actor.user : undefined) &&
    is(filter.command, event.command) &&
    is(filter.clientAddress, event.clientAddress) &&
    is(filter.actor, groupOfKind[actor.kind]) &&
    is(filter.type, event.type) &&
    is(filter.outcome, event.outcome) &&
    is(filter.reason, event.reason) &&
    filter.leavesOut?.(event) !== true
  );
}

/**
 * What people only looked at: that they might, and that it was done.
 *
 * @param onlyReads - whether a command changes nothing
 */
export function isReadOfPeople(
  { type, outcome, actor, command }: AuditEvent,
  onlyReads: (command: string) => boolean,
): boolean {
  if (groupOfKind[actor.kind] !== 'people' || command === undefined) return false;
  const isDone = (type === 'decision' && outcome === 'allow') || (type === 'result' && outcome === 'done');
  return isDone && onlyReads(command);
}

function is(wanted: string | undefined, ...values: (string | undefined)[]): boolean {
  return wanted === undefined || values.includes(wanted);
}
