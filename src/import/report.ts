import { visible } from '../text/visible-text.js';

/** What becomes of a thing of the tree. */
export type Fate = 'imported' | 'unchanged' | 'skipped' | 'conflict';

export const kinds = ['API roles', 'users', 'access keys', 'legacy keys', 'settings'] as const;
export type Kind = (typeof kinds)[number];

export interface Result {
  fate: Fate;
  /** Why it was skipped, or what it conflicts with. */
  why?: string;
  remarks?: readonly string[];
}

const words: Record<'done' | 'planned', Record<Fate, string>> = {
  done: { imported: 'imported', unchanged: 'unchanged', skipped: 'skipped', conflict: 'conflict' },
  planned: {
    imported: 'would be imported',
    unchanged: 'would stay unchanged',
    skipped: 'would be skipped',
    conflict: 'would conflict',
  },
};

/** The summary as it grows: a line for each thing, then how many of each kind had which fate. */
export class Report {
  private readonly lines: string[] = [];
  private readonly counts = new Map<Kind, Record<Fate, number>>();

  constructor(private readonly isDryRun: boolean) {}

  /** @param path - where it stands in the tree; nothing secret */
  add(kind: Kind, path: string, { fate, why, remarks = [] }: Result): void {
    const counts = this.counts.get(kind) ?? { imported: 0, unchanged: 0, skipped: 0, conflict: 0 };
    counts[fate]++;
    this.counts.set(kind, counts);
    const reason = why === undefined ? '' : `: ${why}`;
    const notes = remarks.length === 0 ? '' : ` (${remarks.join('; ')})`;
    this.lines.push(visible(`${path}: ${this.words[fate]}${reason}${notes}`));
  }

  count(fate: Fate, kind?: Kind): number {
    const counted = kind === undefined ? [...this.counts.values()] : [this.counts.get(kind)];
    return counted.reduce((sum, counts) => sum + (counts?.[fate] ?? 0), 0);
  }

  text(): string {
    const fates = Object.entries(this.words) as [Fate, string][];
    const totals = kinds.map((kind) => {
      const parts = fates.map(([fate, word]) => `${this.count(fate, kind)} ${word}`);
      return `${kind}: ${parts.join(', ')}`;
    });
    return `${[...this.lines, '', ...totals].join('\n')}\n`;
  }

  private get words(): Record<Fate, string> {
    return words[this.isDryRun ? 'planned' : 'done'];
  }
}
