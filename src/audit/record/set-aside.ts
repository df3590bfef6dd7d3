import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppendOnlyFile } from './append-only-file.js';
import { lineEnding, macMember, type Head } from './chain.js';
import { auditFolder, newestRotatedFile } from './record-files.js';
import { mostBytes } from './record-tail.js';

/** Lines that nobody with the key has written are kept as evidence, but not among the events. */
export function setAside(
  file: AppendOnlyFile,
  dataDir: string,
  { sequence, hash }: Head,
  nowMs: number,
): void {
  const rest = file.takeAwayAfter(`${macMember}${hash}${lineEnding}\n`, mostBytes);
  if (rest === undefined || rest.length === 0) return;
  const name = `set-aside-after-${String(sequence)}-${String(nowMs)}`;
  writeFileSync(join(auditFolder(dataDir), name), rest, { mode: 0o600 });
}

/** Of the file that was moved away just before a kill; how many bytes were torn. */
export function cutTornRotatedFile(dataDir: string): number {
  const rotated = newestRotatedFile(dataDir);
  if (rotated === undefined) return 0;
  const file = new AppendOnlyFile(rotated);
  try {
    return file.cutTornLine();
  } finally {
    file.close(() => undefined);
  }
}
