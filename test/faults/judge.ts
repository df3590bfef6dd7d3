/** What may not be seen whatever becomes of Redis: a wrong answer. A long wait is told. */
import { decidesNothing, Findings } from './findings.js';
import type { Machine } from './machine.js';
import type { Asked } from './traffic.js';

/** Longer than argon2 and two commands of Redis take; more where the machine holds up everybody. */
const waitLimitMs = 1500;

interface Wait {
  fromMs: number;
  tookMs: number;
  told: string;
}

/** A time in which Redis was away or spoiled. */
interface Period {
  name: string;
  fromMs: number;
  toMs: number;
}

/** So many first uses within a period show whether they wait for its end. */
const enoughFirstUses = 3;

/** Answers with 14, 17 or nothing, which a machine that was held up explains. */
interface Undecided {
  fromMs: number;
  toMs: number;
  told: string;
}

/** Only a right secret is allowed, and each right one is. */
export class Judge {
  private readonly found = new Findings();
  private readonly counts: Record<Asked['kind'], number> = { 'in use': 0, 'first use': 0, wrong: 0 };
  private overloaded = 0;
  private slowestMs = 0;
  private readonly longWaits: Wait[] = [];
  private readonly undecided: Undecided[] = [];
  private readonly firstUses: { fromMs: number; toMs: number }[] = [];
  private readonly periods: Period[] = [];

  constructor(
    private readonly state: () => string,
    private readonly machine: Machine,
  ) {}

  take(asked: Asked): void {
    const { kind, beganMs, answer, second } = asked;
    this.counts[kind]++;
    const told = `${this.state()}: ${kind}, answered ${String(answer.code)}`;
    if (second !== undefined) this.overloaded++;
    this.judgeCode(asked, second === undefined ? told : `${told}, and then ${String(second.code)}`);
    if (kind === 'first use') this.firstUses.push({ fromMs: beganMs, toMs: beganMs + answer.tookMs });
    this.slowestMs = Math.max(this.slowestMs, answer.tookMs, second?.tookMs ?? 0);
    this.found.judged();
    if (answer.tookMs <= waitLimitMs / 3) return;
    this.longWaits.push({ fromMs: beganMs, tookMs: answer.tookMs, told });
    // A key in use needs nobody but its node: what it waited for, the machine had held up.
    if (kind === 'in use' && !decidesNothing(answer.code))
      this.machine.wasHeldUp(beganMs, beganMs + answer.tookMs);
  }

  /** Something was the matter with Redis from then to then; to be told before it ends. */
  lasted(name: string, fromMs: number, toMs: number): void {
    this.periods.push({ name, fromMs, toMs });
  }

  /** To be called when all answers are there. */
  findings(): Findings {
    for (const { fromMs, toMs, told } of this.undecided)
      (this.machine.mayRefuse(fromMs, toMs) ? this.found.slow : this.found.wrong).push(told);
    for (const { fromMs, tookMs, told } of this.longWaits) {
      const heldUpMs = this.machine.heldUpMs(fromMs, fromMs + tookMs);
      if (tookMs > waitLimitMs * this.machine.slowness + 3 * heldUpMs)
        this.found.slow.push(`${told} after ${tookMs.toFixed(0)} ms`);
    }
    this.judgeWaitsForRedis();
    return this.found;
  }

  summary(): string {
    const { 'in use': inUse, 'first use': first, wrong } = this.counts;
    return (
      `right secrets: ${String(inUse)} of keys in use, ${String(first)} first uses, ${String(this.overloaded)} of them ` +
      `at the second try; wrong secrets: ${String(wrong)}; longest wait ${this.slowestMs.toFixed(0)} ms`
    );
  }

  /**
   * Where all first uses are answered only once Redis is back, they waited for it; no slow machine waits for that very
   * moment, unless it held up everybody.
   */
  private judgeWaitsForRedis(): void {
    for (const { name, fromMs, toMs } of this.periods) {
      const lastMs = toMs - waitLimitMs * this.machine.slowness;
      const uses = this.firstUses.filter((use) => use.fromMs >= fromMs && use.fromMs <= lastMs);
      if (uses.length < enoughFirstUses || uses.some((use) => use.toMs < toMs)) continue;
      const isSlow = this.machine.mayRefuse(fromMs, toMs);
      (isSlow ? this.found.slow : this.found.wrong).push(
        `${name}: first uses were answered only when that was over`,
      );
    }
  }

  private judgeCode({ kind, beganMs, answer, second }: Asked, told: string): void {
    const { code, tookMs } = second ?? answer;
    if (code === (kind === 'wrong' ? 9 : 0)) return;
    if (!decidesNothing(code)) this.found.wrong.push(told);
    else this.undecided.push({ fromMs: beganMs, toMs: beganMs + answer.tookMs + tookMs, told });
  }
}
