import type { AuditRecordSettings } from '../config/audit-record-settings.js';
import type { RecordGrowth } from '../audit/record/record-growth.js';
import { finding, type Finding } from './finding.js';

const dayMs = 86_400_000;
const leastDays = 30;
const units = ['bytes', 'KB', 'MB', 'GB', 'TB', 'PB'];

export interface DiskOutlook {
  bytesPerDay: number;
  /** Until the disk is full; Infinity: older files are put away before it is. */
  days: number;
}

/**
 * How long the disk lasts if the audit record goes on growing as it does.
 *
 * @param heldBack - why files are still there that are due to be put away; while they are, nothing makes room
 */
export function diskOutlook(
  { bytesPerDay, presentBytes }: RecordGrowth,
  freeBytes: number,
  { keepMs, keepBytes, fileAgeMs, fileBytes }: AuditRecordSettings,
  heldBack: string | undefined,
): DiskOutlook {
  // The present file and the oldest one are never put away in part.
  const byAge = keepMs === undefined ? Infinity : (bytesPerDay * (keepMs + fileAgeMs)) / dayMs;
  const bySize = keepBytes === undefined ? Infinity : keepBytes + fileBytes;
  const isBounded = heldBack === undefined && Math.min(byAge, bySize) - presentBytes <= freeBytes;
  return { bytesPerDay, days: isBounded ? Infinity : freeBytes / bytesPerDay };
}

export function diskThatFills(outlook: DiskOutlook | undefined, dataDir: string): Finding[] {
  if (outlook === undefined || outlook.days >= leastDays) return [];
  const { bytesPerDay, days } = outlook;
  return [finding('disk', 'disk_fills', { dataDir, perDay: inWords(bytesPerDay), days: Math.floor(days) })];
}

/** `the audit record grows by 12 MB a day, and the disk lasts for 29 days`. */
export function outlookText({ bytesPerDay, days }: DiskOutlook): string {
  const grows = `the audit record grows by ${inWords(bytesPerDay)} a day`;
  if (days === Infinity) return `${grows}; what is put away makes room for it (33 bytes of each event stay)`;
  const lasts = days >= 3650 ? 'more than ten years' : `${String(Math.floor(days))} days`;
  return `${grows}, and the disk lasts for ${lasts}`;
}

function inWords(bytes: number): string {
  const unit = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${String(Number((bytes / 1000 ** unit).toPrecision(2)))} ${units[unit] ?? ''}`;
}
