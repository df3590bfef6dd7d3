import argon2 from 'argon2';
import { Semaphore } from '../concurrency/semaphore.js';
import { SingleFlight } from '../concurrency/single-flight.js';
import { loneSurrogatePattern } from '../text/byte-text.js';
import { AppError, invalid, ReturnCode } from '../errors.js';

/**
 * argon2id with pinned parameters: 19 MiB, 2 passes, 1 lane (OWASP's first choice). The text that is stored names
 * its parameters, so they can be raised here later: `needsRehash` then tells which hashes are older.
 */
const parameters = { type: argon2.argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** On a machine so busy that it takes longer, a client is better told than kept waiting. */
const usualPatienceMs = 10_000;

export interface SlowHashLimits {
  /** How many run at once: each takes a thread and 19 MiB. */
  concurrency: number;
  /** How many may wait; one more is refused with E_LA (14). */
  queueLength: number;
  /** How long a check may wait for its turn until it is refused with 14 as well; 10 s. */
  patienceMs?: number;
}

/**
 * Runs argon2 in a bounded pool with a bounded queue, so that no number of requests makes it run without limit.
 * Callers that ask for the same thing at the same time can share one run.
 */
export class SlowHash {
  private readonly pool: Semaphore;
  private readonly shared = new SingleFlight<boolean>();

  constructor(private readonly limits: SlowHashLimits) {
    this.pool = new Semaphore(limits);
  }

  /** How many run at once. */
  get concurrency(): number {
    return this.limits.concurrency;
  }

  get runningCount(): number {
    return this.pool.runningCount;
  }

  get waitingCount(): number {
    return this.pool.waitingCount;
  }

  /** How many have begun since the process started. */
  get startedCount(): number {
    return this.pool.startedCount;
  }

  /**
   * @returns the hash as a PHC text, about 100 characters
   * @throws AppError 2 for a secret that is not UTF-8: others would have the same hash
   */
  async hash(secret: string): Promise<string> {
    if (loneSurrogatePattern.test(secret)) throw invalid('a secret has to be UTF-8');
    return this.run(() => argon2.hash(secret, parameters));
  }

  /**
   * Whether the secret belongs to the hash.
   *
   * @param shareAs - the same text for the same hash and secret: such calls share one run (never holds the secret)
   * @throws AppError 14 when too many are waiting, or it has waited too long
   */
  async verify(hash: string, secret: string, shareAs?: string): Promise<boolean> {
    const run = () => this.run(() => argon2.verify(hash, secret), this.limits.patienceMs ?? usualPatienceMs);
    return shareAs === undefined ? run() : this.shared.run(shareAs, run);
  }

  needsRehash(hash: string): boolean {
    return argon2.needsRehash(hash, parameters);
  }

  private async run<T>(work: () => Promise<T>, patienceMs?: number): Promise<T> {
    const ran = await this.pool.run(work, patienceMs);
    if (ran !== undefined) return ran.result;
    throw new AppError(ReturnCode.BUSY, 'the server is too busy to check the secret, try again');
  }
}
