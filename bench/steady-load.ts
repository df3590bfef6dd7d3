import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endAtExit, removeAtExit } from './at-exit.js';
import type { WrkRequest } from './wrk.js';

export interface SteadyResult {
  /** How many were answered with 200. */
  perSecond: number;
  medianMs: number;
  p99Ms: number;
  slowestMs: number;
}

/** So many requests a second, whatever the answers do, from a process of its own; the bodies in turn. */
export class SteadyLoad {
  private constructor(
    private readonly child: ChildProcess,
    /** Undefined when it ended without a word. */
    private readonly told: Promise<string>,
    private readonly folder: string,
  ) {}

  static start(port: number, request: WrkRequest, perSecond: number, seconds: number): SteadyLoad {
    const { method = 'POST', path, headers = {}, bodies } = request;
    const folder = removeAtExit(mkdtempSync(join(tmpdir(), 'hearthkey-load-')));
    const file = join(folder, 'bodies');
    writeFileSync(file, `${bodies.join('\n')}\n`);
    const work = JSON.stringify({ port, method, path, headers, file, perSecond, seconds });
    const child = spawn(process.execPath, [join(import.meta.dirname, 'load-client.mjs'), work], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
    return new SteadyLoad(
      endAtExit(child),
      once(child, 'close').then(() => text),
      folder,
    );
  }

  /** Waits until it has ended; throws when a request had no good answer. */
  async result(): Promise<SteadyResult> {
    const text = await this.told;
    if (text === '') throw new Error('the steady load ended by itself');
    const { failed, ...result } = JSON.parse(text) as SteadyResult & { failed: number };
    if (failed > 0) throw new Error(`${String(failed)} requests failed`);
    return result;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill('SIGTERM');
    await this.told;
    rmSync(this.folder, { recursive: true, force: true });
  }
}
