/** What may not be seen whatever becomes of Redis: a wrong answer, or a long wait. */
import type { Asked } from './traffic.js';

/** Longer than argon2 and two commands of Redis take; more where the machine holds up everybody. */
const waitLimitMs = 1500;
/** However busy the machine is. */
const longestWaitMs = 15_000;

interface Wait {
  kind: Asked['kind'];
  fromMs: number;
  tookMs: number;
  told: string;
}

/** Only a right secret is allowed, each right one is, and nobody waits for long. */
export class Judge {
  readonly problems: string[] = [];
  private readonly counts: Record<Asked['kind'], number> = { 'in use': 0, 'first use': 0, wrong: 0 };
  private overloaded = 0;
  private slowestMs = 0;
  private readonly longWaits: Wait[] = [];

  constructor(private readonly state: () => string) {}

  take({ kind, beganMs, answer, second }: Asked): void {
    this.counts[kind]++;
    const told = `${this.state()}: ${kind}, answered ${String(answer.code)}`;
    if (second !== undefined) this.overloaded++;
    if (kind === 'wrong' && answer.code !== 9) this.problems.push(told);
    if (kind !== 'wrong' && (second ?? answer).code !== 0)
      this.problems.push(second === undefined ? told : `${told}, and then ${String(second.code)}`);
    this.slowestMs = Math.max(this.slowestMs, answer.tookMs, second?.tookMs ?? 0);
    if (answer.tookMs > waitLimitMs / 3)
      this.longWaits.push({ kind, fromMs: beganMs, tookMs: answer.tookMs, told });
  }

  /** To be called when all answers are there. */
  judgeWaits(): void {
    for (const { kind, fromMs, tookMs, told } of this.longWaits) {
      // A key in use needs nobody but its node: what it waited for, the machine had held up.
      const heldUpMs = Math.max(
        0,
        ...this.longWaits
          .filter((other) => other.kind === 'in use')
          .filter((other) => other.fromMs < fromMs + tookMs && other.fromMs + other.tookMs > fromMs)
          .map((other) => other.tookMs),
      );
      const limitMs = kind === 'in use' ? longestWaitMs : Math.min(waitLimitMs + 3 * heldUpMs, longestWaitMs);
      if (tookMs > limitMs) this.problems.push(`${told} after ${tookMs.toFixed(0)} ms`);
    }
  }

  summary(): string {
    const { 'in use': inUse, 'first use': first, wrong } = this.counts;
    return (
      `right secrets: ${String(inUse)} of keys in use, ${String(first)} first uses, ${String(this.overloaded)} of them ` +
      `at the second try; wrong secrets: ${String(wrong)}; longest wait ${this.slowestMs.toFixed(0)} ms`
    );
  }
}
