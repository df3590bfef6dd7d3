import { fstatSync } from 'node:fs';
import type { Query } from './index-block.js';
import { isCurrentFile, type RecordFile } from './record-files.js';

interface Span {
  earliestMs: number;
  latestMs: number;
}

/** From when to when the events of a whole file are, once its index was looked through: it is left out then. */
export class FileSpans {
  private readonly spans = new Map<string, Span>();

  isOutside(file: RecordFile, { sinceMs, untilMs }: Query): boolean {
    if (file.problem !== undefined) return false;
    const span = this.spans.get(nameOf(file));
    return span !== undefined && (span.latestMs < sinceMs || span.earliestMs > untilMs);
  }

  /**
   * Of a look through all entries of a file's index.
   *
   * @param upTo - where the last entry ends
   */
  begin(file: RecordFile, upTo: number): { add(span: Span): void; end(): void } {
    const name = nameOf(file);
    const whole: Span = { earliestMs: Infinity, latestMs: -Infinity };
    return {
      add: ({ earliestMs, latestMs }) => {
        whole.earliestMs = Math.min(whole.earliestMs, earliestMs);
        whole.latestMs = Math.max(whole.latestMs, latestMs);
      },
      end: () => {
        // Unless somebody has changed it meanwhile.
        if (!isCurrentFile(file) && upTo === file.size && nameOf(file) === name) this.spans.set(name, whole);
      },
    };
  }
}

/** As it is now: one that somebody has changed is another. */
function nameOf({ descriptor }: RecordFile): string {
  const { ino, size, ctimeMs } = fstatSync(descriptor);
  return `${String(ino)} ${String(size)} ${String(ctimeMs)}`;
}
