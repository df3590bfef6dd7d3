import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { freePort } from '../test/support/free-port.js';
import { endAtExit } from './at-exit.js';

/** A script of this folder that serves, as a process of its own: its port comes before the other arguments. */
export class ServerProcess {
  private constructor(
    readonly port: number,
    private readonly child: ChildProcess,
  ) {}

  /** Waits until it has printed something: it listens then. */
  static async start(script: string, ...args: readonly string[]): Promise<ServerProcess> {
    const port = await freePort();
    const child = spawn(process.execPath, [join(import.meta.dirname, script), String(port), ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    endAtExit(child);
    const [said] = (await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])) as [unknown];
    if (typeof said === 'number') throw new Error(`${script} ended by itself`);
    return new ServerProcess(port, child);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  async stop(): Promise<void> {
    this.child.kill('SIGTERM');
    await once(this.child, 'exit');
  }
}
