import { version } from '../../config/version.js';
import type { EventFields, FormatEvent, RecordedEvent } from './sink.js';

/** Of the Open Cybersecurity Schema Framework. */
const schemaVersion = '1.3.0';

const severities = { informational: 1, low: 2, medium: 3 } as const;

/** What a command does, by the first word of its name. */
const activities: Readonly<Record<string, number>> = {
  ...Object.fromEntries(['add', 'generate', 'make', 'import'].map((verb) => [verb, 1])),
  ...Object.fromEntries(['list', 'check', 'get', 'search', 'explain', 'verify'].map((verb) => [verb, 2])),
  ...Object.fromEntries(
    ['change', 'suspend', 'unsuspend', 'rotate', 'update', 'rebuild', 'restart'].map((verb) => [verb, 3]),
  ),
  ...Object.fromEntries(['delete', 'revoke', 'purge'].map((verb) => [verb, 4])),
};
const otherActivity = 99;

/** Refusals of a client that could not prove who it is. */
const authenticationReasons: ReadonlySet<string> = new Set([
  ...['credentials_malformed', 'key_unknown', 'key_expired', 'key_suspended', 'secret_mismatch'],
  ...['secret_replaced', 'too_many_attempts', 'too_many_failures', 'user_suspended', 'user_unknown'],
  ...['passkey_cloned', 'login_disabled', 'session_ended', 'sessions_disabled'],
]);

/**
 * Events as OCSF has them: logins and failed proofs of identity are of class Authentication (3002), all others of class
 * API Activity (6003). What OCSF has no place for stands in `unmapped`.
 */
export function ocsfFormat(chain: string): FormatEvent {
  return (event) => JSON.stringify(toOcsf(chain, event));
}

function toOcsf(chain: string, { number, line }: RecordedEvent): object {
  const event = JSON.parse(line) as EventFields & { hash?: string };
  const isAuthentication =
    event.type === 'decision' &&
    (event.command === 'log-in' || authenticationReasons.has(event.reason ?? ''));
  const isSuccess = event.outcome === 'allow' || event.outcome === 'done';
  return {
    ...(isAuthentication ? authentication(event) : apiActivity(event)),
    time: Date.parse(event.time ?? ''),
    severity_id: severityOf(event),
    status_id: isSuccess ? 1 : 2,
    status: isSuccess ? 'Success' : 'Failure',
    ...(event.code !== undefined && { status_code: String(event.code) }),
    ...(event.reason !== undefined && { status_detail: event.reason }),
    ...(event.count !== undefined && { count: event.count }),
    src_endpoint: sourceOf(event),
    metadata: {
      version: schemaVersion,
      product: { name: 'Hearthkey', vendor_name: 'Hearthkey', version },
      uid: `${chain}:${String(number)}`,
      sequence: number,
      log_name: 'audit',
      event_code: event.type,
    },
    unmapped: unmapped(chain, event),
  };
}

function apiActivity(event: EventFields): object {
  const operation = event.command ?? event.note ?? event.alert ?? event.type ?? 'unknown';
  const activity = activities[/^v-([a-z]+)/.exec(operation)?.[1] ?? ''] ?? otherActivity;
  return {
    ...classOf(6, 6003, activity),
    ...(activity === otherActivity && { activity_name: operation }),
    actor: { user: userOf(event), ...sessionOf(event), invoked_by: event.actor?.kind ?? 'service' },
    api: {
      operation,
      service: { name: 'hearthkey' },
      ...(event.id !== undefined && { request: { uid: event.id } }),
    },
  };
}

function authentication(event: EventFields): object {
  return {
    ...classOf(3, 3002, 1),
    user: userOf(event),
    service: { name: 'hearthkey' },
    is_remote: event.clientAddress !== undefined,
    auth_protocol_id: 99,
    auth_protocol: event.actor?.kind ?? 'unknown',
  };
}

function classOf(category: number, classUid: number, activity: number): object {
  return {
    category_uid: category,
    class_uid: classUid,
    activity_id: activity,
    type_uid: classUid * 100 + activity,
  };
}

/** A credential is the account's: `credential_uid` tells which one. */
function userOf({ actor }: EventFields): object {
  const name = actor?.user ?? actor?.sudoUser ?? actor?.accessKeyId ?? actor?.kind ?? 'unknown';
  return { name, ...(actor?.accessKeyId !== undefined && { credential_uid: actor.accessKeyId }) };
}

function sessionOf({ actor }: EventFields): object {
  return actor?.sessionId === undefined ? {} : { session: { uid: actor.sessionId } };
}

/** OCSF wants something of the source also where there is no address, as at the admin socket. */
function sourceOf({ clientAddress = '' }: EventFields): object {
  return clientAddress === '' ? { name: 'localhost' } : { ip: clientAddress };
}

function severityOf({ type, outcome }: EventFields): number {
  if (type === 'alert') return severities.medium;
  return outcome === 'deny' || outcome === 'failed' ? severities.low : severities.informational;
}

function unmapped(chain: string, event: EventFields & { hash?: string }): object {
  const { id, hash, outcome, args, target, note, alert, addressClaimedBy, trial } = event;
  return { chain, id, hash, outcome, args, target, note, alert, addressClaimedBy, trial };
}
