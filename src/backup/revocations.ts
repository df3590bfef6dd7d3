import type { AuditEvent } from '../audit/audit-event.js';
import type { AuditReader } from '../audit/audit-reader.js';
import type { CopyHead } from './copy-format.js';
import type { Revocation } from './held-back.js';

/** Commands that take away, and those that give back; the newest of them counts. */
const taking = [
  ...['v-delete-access-key', 'v-delete-access-keys', 'v-suspend-access-key', 'v-rotate-access-key'],
  ...['v-change-access-key', 'v-delete-user', 'v-suspend-user', 'v-revoke-api-key'],
  ...['v-delete-sys-api-ip', 'v-delete-api', 'v-change-api', 'v-change-sys-api'],
  ...['v-change-sys-config-value', 'v-change-user-password', 'v-change-user-config-value'],
];
const giving = [
  ...['v-unsuspend-access-key', 'v-add-user', 'v-unsuspend-user'],
  ...['v-add-sys-api-ip', 'v-add-api', 'restore'],
];

/** Members of what a change was made to. */
const kinds = { accessKeyId: 'key', legacyKeyId: 'legacy', address: 'address', api: 'api' } as const;

/** Clocks of nodes may differ by this much; what is older than that is in the copy. */
const clockSlackMs = 60_000;

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
  const newest = new Map<string, { time: string; command: string; takes: boolean }>();
  const sinceMs = Date.parse(createdAt) - clockSlackMs;
  const isLater = (event: AuditEvent & { seq?: number }): boolean =>
    chain === audit.chain ? (event.seq ?? Infinity) > audit.sequence : Date.parse(event.time) >= sinceMs;
  for (const command of [...taking, ...giving]) {
    const terms = [{ field: 'command', value: command }] as const;
    for await (const event of reader.search({ terms, sinceMs, untilMs: Infinity })) {
      const isMeant = event.type === 'change' && event.command === command && isLater(event);
      for (const word of isMeant ? wordsOf(event) : []) {
        if ((newest.get(word)?.time ?? '') > event.time) continue;
        newest.set(word, { time: event.time, command, takes: taking.includes(command) });
      }
    }
  }
  return new Map([...newest].filter(([, { takes }]) => takes));
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
