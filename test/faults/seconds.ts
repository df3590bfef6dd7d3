/** What callers saw, second by second. */

interface Kind {
  codes: Map<string, number>;
  slowestMs: number;
}

export class Seconds {
  private readonly kinds = new Map<string, Kind>();
  private readonly startedAt = performance.now();
  private readonly timer: NodeJS.Timeout;

  /** @param state - what is broken right now */
  constructor(
    private readonly print: (line: string) => void,
    private readonly state: () => string,
  ) {
    this.timer = setInterval(() => {
      this.tell();
    }, 1000);
  }

  add(name: string, code: number | string, tookMs: number): void {
    const kind = this.kinds.get(name) ?? { codes: new Map<string, number>(), slowestMs: 0 };
    this.kinds.set(name, kind);
    kind.codes.set(String(code), (kind.codes.get(String(code)) ?? 0) + 1);
    kind.slowestMs = Math.max(kind.slowestMs, tookMs);
  }

  stop(): void {
    clearInterval(this.timer);
    this.tell();
  }

  private tell(): void {
    const second = ((performance.now() - this.startedAt) / 1000).toFixed(0).padStart(4);
    const kinds = [...this.kinds].sort(([one], [other]) => (one < other ? -1 : 1));
    const seen = kinds.map(([name, { codes, slowestMs }]) => {
      const answers = [...codes].map(([code, count]) => `${code}×${String(count)}`).join(' ');
      return `${name} ${answers} (slowest ${slowestMs.toFixed(0)} ms)`;
    });
    this.print(`${second} s  ${this.state().padEnd(34)}  ${seen.join(', ')}`);
    this.kinds.clear();
  }
}
