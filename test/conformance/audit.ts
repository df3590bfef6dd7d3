/** The audit as the command line shows it. */
import { decoded } from './compare.js';
import type { Service } from './service.js';

/** One event, as far as the harness looks at it. */
export interface AuditEvent {
  readonly id: string;
  readonly type: string;
  readonly outcome: string;
  readonly command?: string;
  readonly code?: number;
  /** The access key ID, `api` for a legacy key, the user where it was a password. */
  readonly key: string | undefined;
}

/** How many of the newest events are asked for: far more than one case makes. */
const LIMIT = '1000';

/** The newest events, oldest first. */
export async function auditEvents(service: Service): Promise<AuditEvent[]> {
  const answer = await service.ask(['v-list-audit-events', 'json', '--limit', LIMIT]);
  const text = decoded(answer.stdout) ?? '';
  if (answer.exitCode !== 0) {
    throw new Error(`v-list-audit-events ended with ${answer.exitCode}: ${text}${answer.stderr}`);
  }
  return (JSON.parse(text) as ListedEvent[]).map((event) => ({ ...event, key: keyOf(event.actor) }));
}

/** Decisions that `after` has and `before` hasn't, oldest first. */
export function newDecisions(before: readonly AuditEvent[], after: readonly AuditEvent[]): AuditEvent[] {
  const known = new Set(before.map((event) => event.id));
  return after.filter((event) => event.type === 'decision' && !known.has(event.id));
}

/** The newest decision for a key; where none names it (a malformed ID isn't repeated), the newest at all. */
export function newestDecision(
  decisions: readonly AuditEvent[],
  key: string | undefined,
): AuditEvent | undefined {
  return decisions.findLast((event) => event.key === key) ?? decisions.at(-1);
}

type ListedEvent = Omit<AuditEvent, 'key'> & { readonly actor: Actor };

interface Actor {
  readonly kind: string;
  readonly accessKeyId?: string;
  readonly user?: string;
}

function keyOf(actor: Actor): string | undefined {
  if (actor.kind === 'legacy_key') return 'api';
  return actor.kind === 'password' ? actor.user : actor.accessKeyId;
}
