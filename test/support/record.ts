/** The audit record as it lies on the disk. */
import { readFileSync } from 'node:fs';
import type { AuditEvent } from '../../src/audit/audit-event.js';

/** A line with its place in the chain. */
export type RecordLine = AuditEvent & { seq: number; mac: string };

/** Every line, notes on the record itself among them. */
export function recordLines(file: string): RecordLine[] {
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as RecordLine);
}

/** What was asked, decided, changed and run. */
export function recordedEvents(file: string): RecordLine[] {
  return recordLines(file).filter(({ type }) => type !== 'note');
}

/** What befell the record, with what the note tells. */
export function recordedNotes(file: string): (readonly [string | undefined, RecordLine['target']])[] {
  const notes = recordLines(file).filter(({ type }) => type === 'note');
  return notes.map(({ note, target }) => [note, target]);
}
