/** How fast the machine is, so that what is slow is not taken for what is wrong. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import argon2 from 'argon2';
import { atEnd } from '../support/clean-up.js';
import { temporaryFolder } from '../support/folders.js';
import { ownEnvironment } from '../support/own-environment.js';

/** What each takes on a machine that has nothing else to do, in milliseconds, generously. */
const quietMs = { 'an argon2 run': 100, 'a start of Node.js': 150, 'a write to the disk': 20 };
const rounds = 3;
const lookEveryMs = 100;
/** Shorter ones are usual on a quiet machine too. */
const noticedMs = 50;
/** From here on an answer that says "not now" may be the machine's doing. */
const slowFrom = 3;
const heldUpFromMs = 500;
/** What was held up is noticed only later: a lease ends some seconds after its renewal was missed. */
const recoveryMs = 10_000;

interface HoldUp {
  fromMs: number;
  toMs: number;
}

export class Machine {
  private readonly holdUps: HoldUp[] = [];

  /** @param slowness - how many times longer than a quiet machine it needs; at least 1 */
  constructor(readonly slowness = 1) {}

  /** Measures it, tells what was found, and watches it from then on. */
  static async measure(print: (line: string) => void): Promise<Machine> {
    const file = join(temporaryFolder(), 'probe');
    const works: Record<keyof typeof quietMs, () => Promise<unknown>> = {
      'an argon2 run': () =>
        argon2.hash('probe', { type: argon2.argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 }),
      'a start of Node.js': async () => {
        const child = spawn(process.execPath, ['-e', '0'], { env: ownEnvironment(), stdio: 'ignore' });
        await once(child, 'close');
      },
      'a write to the disk': () => writeAndSync(file),
    };
    const told: string[] = [];
    let slowness = 1;
    for (const [what, quiet] of Object.entries(quietMs) as [keyof typeof quietMs, number][]) {
      let longestMs = 0;
      for (let round = 0; round < rounds; round++) longestMs = Math.max(longestMs, await timed(works[what]));
      slowness = Math.max(slowness, longestMs / quiet);
      told.push(`${what} ${longestMs.toFixed(0)} ms`);
    }
    print(`this machine: ${told.join(', ')}; limits of time are ${slowness.toFixed(1)} times the usual ones`);
    const machine = new Machine(slowness);
    machine.watch(file);
    return machine;
  }

  /** So slow that much can't be judged. */
  get isSlow(): boolean {
    return this.slowness >= slowFrom;
  }

  /** Something in this time was kept waiting by the machine, not by the service. */
  wasHeldUp(fromMs: number, toMs: number): void {
    this.holdUps.push({ fromMs, toMs });
  }

  /** The longest time for which the machine held up everybody, of those that reach into this time. */
  heldUpMs(fromMs: number, toMs: number): number {
    const meant = this.holdUps.filter((one) => one.fromMs < toMs && one.toMs > fromMs);
    return Math.max(0, ...meant.map((one) => one.toMs - one.fromMs));
  }

  /** Whether "too busy", "the store is unavailable" or no answer at all may be the machine's doing. */
  mayRefuse(fromMs: number, toMs: number): boolean {
    return this.isSlow || this.heldUpMs(fromMs - recoveryMs, toMs) >= heldUpFromMs;
  }

  /** A timer that is late tells of the processors, a write that takes long of the disk. */
  private watch(file: string): void {
    let lookedMs = performance.now();
    let isWriting = false;
    const timer = setInterval(() => {
      const nowMs = performance.now();
      this.note(lookedMs, nowMs, lookEveryMs);
      lookedMs = nowMs;
      if (isWriting) return;
      isWriting = true;
      void writeAndSync(file)
        .catch(() => undefined)
        .finally(() => {
          isWriting = false;
          this.note(nowMs, performance.now(), 0);
        });
    }, lookEveryMs);
    timer.unref();
    atEnd(() => clearInterval(timer));
  }

  private note(fromMs: number, toMs: number, expectedMs: number): void {
    if (toMs - fromMs > expectedMs + noticedMs) this.wasHeldUp(fromMs, toMs);
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const beganMs = performance.now();
  await work();
  return performance.now() - beganMs;
}

async function writeAndSync(file: string): Promise<void> {
  const handle = await open(file, 'w', 0o600);
  try {
    await handle.write(Buffer.alloc(4096));
    await handle.sync();
  } finally {
    await handle.close();
  }
}
