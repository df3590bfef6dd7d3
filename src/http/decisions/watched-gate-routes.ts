import { readFileSync } from 'node:fs';
import { isOutOfDescriptors } from '../../concurrency/out-of-descriptors.js';
import { lookEveryMs, signatureOf, WatchedFile } from '../../concurrency/watched-file.js';
import { withoutByteOrderMark } from '../../text/conf-file.js';
import { GateRoutesError, parseGateRoutes, type GateRoute } from './gate-routes.js';
import { systemReason } from '../../text/system-reason.js';

/**
 * The operator's route table, kept in memory and looked at again while the service runs, in the manner of API role
 * files (apis/role-directory.ts): an edit counts within a second, a half-written file is never believed, and one that
 * is gone or isn't a route table has no routes, so that everything is denied.
 */
export class WatchedGateRoutes {
  private routes: readonly GateRoute[] = [];
  private watched = new WatchedFile();
  private lookedAtMs = -Infinity;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly file: string,
    private readonly onProblem: (problem: string) => void,
    private readonly monotonicMs: () => number = () => performance.now(),
  ) {}

  /** Reads the file and keeps looking; throws when it can't be used. */
  start(): void {
    this.watched = new WatchedFile(signatureOf(this.file));
    try {
      this.routes = readRoutes(this.file);
    } catch (error) {
      throw new Error(`HEARTHKEY_GATE_ROUTES: ${this.file} ${(error as Error).message}`, { cause: error });
    }
    this.lookedAtMs = this.monotonicMs();
    this.timer = setInterval(() => this.look(), lookEveryMs);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  current(): readonly GateRoute[] {
    if (this.monotonicMs() - this.lookedAtMs > 2 * lookEveryMs) this.look();
    return this.routes;
  }

  private look(): void {
    const nowMs = this.monotonicMs();
    const lastLookMs = this.lookedAtMs;
    this.lookedAtMs = nowMs;
    const signature = signatureOf(this.file);
    const state = this.watched.look(signature, nowMs, lastLookMs);
    if (state === 'settled') this.believe(signature);
    else if (state === 'restless') this.routes = [];
  }

  private believe(signature: string | undefined): void {
    let routes: readonly GateRoute[] = [];
    let problem: string | undefined;
    let isRead = true;
    try {
      routes = readRoutes(this.file);
    } catch (error) {
      problem = (error as Error).message;
      isRead = !isOutOfDescriptors((error as Error).cause);
    }
    if (signatureOf(this.file) !== signature) return; // it changed while it was read: the next look decides
    this.routes = routes;
    // It is read again at the next look.
    if (!isRead) return;
    this.watched.believe(signature);
    if (problem !== undefined) this.onProblem(problem);
  }
}

/** Throws with a message that goes on after the file's name. */
function readRoutes(file: string): GateRoute[] {
  let text: string;
  try {
    text = withoutByteOrderMark(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`can't be read: ${systemReason(error)}`, { cause: error });
  }
  try {
    return parseGateRoutes(text);
  } catch (error) {
    if (error instanceof GateRoutesError)
      throw new Error(`is no route table: ${error.message}`, { cause: error });
    throw error;
  }
}
