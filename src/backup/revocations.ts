import type { AuditEvent } from '../audit/audit-event.js';
import type { AuditReader } from '../audit/record/audit-reader.js';
import type { SinceLine } from '../audit/verify/unbroken-since.js';
import type { CopyHead } from './copy-format.js';
import type { Revocation } from './restore-guard.js';

/**
 * Commands that take away, each with the one that gives back just that. Nothing else does: who is added anew is somebody
 * else, and what a restore holds back is no less revoked by it.
 */
const taking: Readonly<Record<string, string | undefined>> = {
  'v-delete-access-key': undefined,
  'v-delete-access-keys': undefined,
  'v-suspend-access-key': 'v-unsuspend-access-key',
  'v-rotate-access-key': undefined,
  'v-change-access-key': undefined,
  'v-delete-user': undefined,
  'v-suspend-user': 'v-unsuspend-user',
  'v-change-user-password': undefined,
  'v-change-user-config-value': undefined,
  'v-revoke-api-key': undefined,
  'v-revoke-secret': undefined,
  'v-delete-sys-api-ip': 'v-add-sys-api-ip',
  'v-delete-api': undefined,
  'v-change-api': undefined,
  'v-change-sys-api': undefined,
  'v-change-sys-config-value': undefined,
};

/** Members of what a change was made to. */
const kinds = { accessKeyId: 'key', legacyKeyId: 'legacy', address: 'address', api: 'api' } as const;

/** Clocks of nodes may differ by this much; what is older than that is in the copy. */
const clockSlackMs = 60_000;

/**
 * Whether the record of this node begins after the copy, so that it can't say all that was taken away since. The lines
 * that are there decide this. The statement of what was put away doesn't: it may be gone too.
 *
 * @param first - from which line on the record is unbroken; undefined: from none
 * @param chain - this node's
 */
export function isPartForgotten(
  first: SinceLine | undefined,
  { createdAt, audit }: CopyHead,
  chain: string,
): boolean {
  if (chain === audit.chain) return (first?.number ?? Infinity) > audit.sequence + 1;
  if (first?.number === 1) return false;
  // An unknown time is NaN, which is before none.
  return !((first?.timeMs ?? Number.NaN) <= Date.parse(createdAt) - clockSlackMs);
}

/**
 * What the audit record of this node says was taken away since a copy was made, by the words of held-back.ts. It is
 * what is left to know where the store itself is new.
 *
 * @param chain - this node's: where it made the copy, the copy says exactly what was recorded before
 */
export async function revocationsSince(
  reader: AuditReader,
  { createdAt, audit }: CopyHead,
  chain: string,
): Promise<Map<string, Revocation>> {
  const sinceMs = Date.parse(createdAt) - clockSlackMs;
  const isLater = (event: RecordedEvent): boolean =>
    chain === audit.chain ? sequenceOf(event) > audit.sequence : Date.parse(event.time) >= sinceMs;
  /** The newest event of a command for each word. */
  const newestOf = async (command: string): Promise<Map<string, RecordedEvent>> => {
    const newest = new Map<string, RecordedEvent>();
    const terms = [{ field: 'command', value: command }] as const;
    for await (const event of reader.search({ terms, sinceMs, untilMs: Infinity })) {
      if (event.type !== 'change' || event.command !== command || !isLater(event)) continue;
      for (const word of wordsOf(event)) if (isNewer(event, newest.get(word))) newest.set(word, event);
    }
    return newest;
  };
  const revoked = new Map<string, RecordedEvent>();
  for (const [command, undoing] of Object.entries(taking)) {
    const given = undoing === undefined ? undefined : await newestOf(undoing);
    for (const [word, event] of await newestOf(command)) {
      if (isNewer(event, given?.get(word)) && isNewer(event, revoked.get(word))) revoked.set(word, event);
    }
  }
  return new Map([...revoked].map(([word, { time, command = '' }]) => [word, { time, command }]));
}

type RecordedEvent = AuditEvent & { seq?: number };

/** By their places in the record, which is one node's: clocks may be set. */
function isNewer(event: RecordedEvent, other: RecordedEvent | undefined): boolean {
  return other === undefined || sequenceOf(event) > sequenceOf(other);
}

/** One without a number counts as new. */
function sequenceOf({ seq = Infinity }: RecordedEvent): number {
  return seq;
}

function wordsOf({ target = {} }: AuditEvent): string[] {
  const words = Object.entries(kinds).flatMap(([member, kind]) => {
    const value = target[member];
    return value === undefined ? [] : [`${kind}:${value}`];
  });
  if (words.length > 0) return words;
  const switches = ['API', 'API_SYSTEM'].filter((name) => target[name] !== undefined);
  const user = target['user'] === undefined ? [] : [`user:${target['user']}`];
  return [...switches.map((name) => `switch:${name}`), ...user];
}
