/** What an attack does again and again, and how it was answered. */
import { steadily } from '../steadily.js';
import type { Ending } from './sockets.js';

export interface AttackResult {
  told: string;
  /** Answers that are not what the documents promise. */
  wrong: string[];
}

/** Does it so many times a second, evenly, and waits for all. */
export async function repeatedly(
  ms: number,
  perSecond: number,
  step: (count: number) => Promise<void>,
): Promise<void> {
  const endMs = performance.now() + ms;
  let count = 0;
  const ask = (): Promise<void> => step(count++);
  await steadily([{ perSecond, ask }], () => performance.now() >= endMs);
}

/** How often each thing was answered how. */
export class Tally {
  private readonly counts = new Map<string, Map<number | Ending, number>>();
  private readonly wrong = new Set<string>();

  add(name: string, status: number | Ending, allowed: readonly (number | Ending)[]): void {
    const counts = this.counts.get(name) ?? new Map<number | Ending, number>();
    this.counts.set(name, counts);
    counts.set(status, (counts.get(status) ?? 0) + 1);
    if (!allowed.includes(status)) this.wrong.add(`${name}: answered ${String(status)}`);
  }

  result(): AttackResult {
    const told = [...this.counts].map(([name, counts]) => {
      const answers = [...counts].map(([status, times]) => `${String(status)}×${String(times)}`);
      return `${name} ${answers.join(' ')}`;
    });
    return { told: told.join(', '), wrong: [...this.wrong] };
  }
}
