import { readFileSync, statSync } from 'node:fs';
import { withoutByteOrderMark } from '../../text/conf-file.js';
import { GateRoutesError, parseGateRoutes, type GateRoute } from './gate-routes.js';

/** How often a look at the file is due, and how long it must have kept still to be believed. */
const intervalMs = 200;
const settledMs = 250;
/** A file that does not keep still for this long has no routes until it does. */
const restlessMs = 700;

/**
 * The operator's route table, kept in memory and looked at again while the service runs, in the manner of API role
 * files (apis/role-directory.ts): an edit counts within a second, a half-written file is never believed, and one that
 * is gone or isn't a route table has no routes, so that everything is denied.
 */
export class WatchedGateRoutes {
  private routes: readonly GateRoute[] = [];
  private signature: string | undefined;
  private pending: { signature: string | undefined; sinceMs: number; restlessSinceMs: number } | undefined;
  private lookedAtMs = -Infinity;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly file: string,
    private readonly onProblem: (problem: string) => void,
    private readonly monotonicMs: () => number = () => performance.now(),
  ) {}

  /** Reads the file and keeps looking; throws when it can't be used. */
  start(): void {
    this.signature = this.readSignature();
    try {
      this.routes = readRoutes(this.file);
    } catch (error) {
      throw new Error(`HEARTHKEY_GATE_ROUTES: ${this.file} ${(error as Error).message}`, { cause: error });
    }
    this.lookedAtMs = this.monotonicMs();
    this.timer = setInterval(() => this.look(), intervalMs);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  current(): readonly GateRoute[] {
    if (this.monotonicMs() - this.lookedAtMs > 2 * intervalMs) this.look();
    return this.routes;
  }

  private look(): void {
    const nowMs = this.monotonicMs();
    const lastLookMs = this.lookedAtMs;
    this.lookedAtMs = nowMs;
    const signature = this.readSignature();
    if (signature === this.signature) {
      this.pending = undefined;
      return;
    }
    if (this.pending?.signature !== signature || this.pending === undefined) {
      // After a pause in which nobody looked, the change may be as old as the last look.
      const restlessSinceMs = this.pending?.restlessSinceMs ?? lastLookMs;
      this.pending = { signature, sinceMs: nowMs, restlessSinceMs };
    } else if (nowMs - this.pending.sinceMs >= settledMs) {
      this.believe(signature);
      return;
    }
    if (nowMs - this.pending.restlessSinceMs > restlessMs) {
      this.routes = [];
      this.signature = ''; // what it looked like before has to be believed anew, too
    }
  }

  private believe(signature: string | undefined): void {
    let routes: readonly GateRoute[] = [];
    let problem: string | undefined;
    try {
      routes = readRoutes(this.file);
    } catch (error) {
      problem = (error as Error).message;
    }
    if (this.readSignature() !== signature) return; // it changed while it was read: the next look decides
    this.routes = routes;
    this.signature = signature;
    this.pending = undefined;
    if (problem !== undefined) this.onProblem(problem);
  }

  private readSignature(): string | undefined {
    try {
      const { ino, size, mtimeNs, ctimeNs } = statSync(this.file, { bigint: true });
      return [ino, size, mtimeNs, ctimeNs].join(':');
    } catch {
      return undefined;
    }
  }
}

/** Throws with a message that goes on after the file's name. */
function readRoutes(file: string): GateRoute[] {
  let text: string;
  try {
    text = withoutByteOrderMark(readFileSync(file, 'utf8'));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new Error(`can't be read (${code})`, { cause: error });
  }
  try {
    return parseGateRoutes(text);
  } catch (error) {
    if (error instanceof GateRoutesError)
      throw new Error(`is no route table: ${error.message}`, { cause: error });
    throw error;
  }
}
