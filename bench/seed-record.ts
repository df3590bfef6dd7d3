import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import type { NewAuditEvent } from '../src/audit/audit-event.js';
import { eventJson } from '../src/audit/event-json.js';
import { AuditRecord } from '../src/audit/record/audit-record.js';
import { auditFolder } from '../src/audit/record/record-files.js';
import { RecordTree } from '../src/audit/tree/record-tree.js';

const dayMs = 86_400_000;
const batch = 200;
const signEvery = 100_000;
/** Keys, each as often as the others. */
export const recordedKeys = Array.from({ length: 5000 }, (_, index) => `K${String(index).padStart(19, '0')}`);

/** Keys that are in the store, too, and their owner. */
export interface StoredKeys {
  ids: readonly string[];
  user: string;
  /** What they were used for: it reads something of a user. */
  command: string;
}

/**
 * Lays a record of that many events into a data directory, as the service would have written it in the last year: over
 * files, with its tree and its signed head.
 *
 * @param stored - each as often as the others, too; the first one has a tenth of all events besides
 */
export async function seedRecord(dataDir: string, count: number, stored: StoredKeys): Promise<void> {
  mkdirSync(auditFolder(dataDir), { recursive: true, mode: 0o700 });
  const endMs = Date.now() - 1000;
  let nowMs = endMs - 365 * dayMs;
  const rotation = { fileBytes: 1e9, fileAgeMs: 7 * dayMs };
  const record = new AuditRecord({ dataDir, rotation, now: () => nowMs, onNote: () => undefined });
  const tree = new RecordTree(dataDir, record);
  record.begin();
  await tree.catchUp();
  for (let number = 0; number < count; number += batch) {
    nowMs = Math.min(endMs, nowMs + (365 * dayMs * batch) / count);
    const time = new Date(nowMs).toISOString();
    const events = Array.from({ length: batch }, (_, index) =>
      eventJson(eventOf(number + index, stored), randomUUID(), time),
    );
    record.append(events);
    record.watch();
    if (number % signEvery === 0) await tree.sign(() => Promise.resolve());
  }
  await tree.sign(() => record.sync());
  record.close((error) => {
    throw error as Error;
  });
}

/** Decisions and results, some denials, few changes, and one alert among a hundred thousand. */
function eventOf(number: number, stored: StoredKeys): NewAuditEvent {
  const mixed = (Math.imul(number, 0x9e3779b1) >>> 0) >>> 3;
  const place = mixed % (recordedKeys.length + stored.ids.length);
  const storedId = number % 20 < 2 ? stored.ids[0] : stored.ids[place - recordedKeys.length];
  const accessKeyId = storedId ?? recordedKeys[place] ?? '';
  const user = storedId === undefined ? `user${String(mixed % 500)}` : stored.user;
  const command = storedId === undefined ? `v-list-${String(mixed % 30)}` : stored.command;
  const actor = { kind: 'access_key', accessKeyId, user } as const;
  const clientAddress = `192.0.2.${String(mixed % 250)}`;
  const asked = { actor, clientAddress, command, args: [user, 'json'] };
  if (number % 100_000 === 50_000)
    return {
      type: 'alert',
      outcome: 'done',
      alert: 'key_expires_soon',
      actor: { kind: 'service' },
      target: { accessKeyId },
    };
  if (number % 1000 === 7)
    return {
      type: 'change',
      outcome: 'done',
      actor: { kind: 'operator' },
      command: 'v-add-access-key',
      target: { accessKeyId },
    };
  if (number % 100 === 3)
    return { type: 'decision', outcome: 'deny', reason: 'permission_missing', code: 10, ...asked };
  if (number % 2 === 0) return { type: 'decision', outcome: 'allow', code: 0, ...asked };
  return { type: 'result', outcome: 'done', code: 0, ...asked };
}
