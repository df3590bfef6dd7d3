import { randomUUID } from 'node:crypto';
import type { AuditEvent, AuditNote } from '../audit-event.js';

/** A note on the record itself, as JSON. */
export function noteBody(note: AuditNote, target: Record<string, string>, nowMs: number): string {
  const time = new Date(nowMs).toISOString();
  const about = { type: 'note', outcome: 'done', actor: { kind: 'service' }, note, target } as const;
  const event: AuditEvent = { id: randomUUID(), time, ...about };
  return JSON.stringify(event);
}
