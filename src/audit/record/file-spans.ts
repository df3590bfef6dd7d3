import type { Query } from './index-block.js';
import { fileState, isCurrentFile, type RecordFile } from './record-files.js';

interface Span {
  earliestMs: number;
  latestMs: number;
}

/** From when to when the events of a whole file are, once its index was looked through: it is left out then. */
export class FileSpans {
  private readonly spans = new Map<string, Span>();

  isOutside(file: RecordFile, { sinceMs, untilMs }: Query): boolean {
    if (file.problem !== undefined) return false;
    const span = this.spans.get(fileState(file.descriptor));
    return span !== undefined && (span.latestMs < sinceMs || span.earliestMs > untilMs);
  }

  /**
   * Of a look through all entries of a file's index.
   *
   * @param upTo - where the last entry ends
   */
  begin(file: RecordFile, upTo: number): { add(span: Span): void; end(): void } {
    const name = fileState(file.descriptor);
    const whole: Span = { earliestMs: Infinity, latestMs: -Infinity };
    return {
      add: ({ earliestMs, latestMs }) => {
        whole.earliestMs = Math.min(whole.earliestMs, earliestMs);
        whole.latestMs = Math.max(whole.latestMs, latestMs);
      },
      end: () => {
        // Unless somebody has changed it meanwhile.
        if (!isCurrentFile(file) && upTo === file.size && fileState(file.descriptor) === name)
          this.spans.set(name, whole);
      },
    };
  }
}
