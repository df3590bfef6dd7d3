import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { freePort } from '../test/support/free-port.js';
import { endAtExit } from './at-exit.js';

/** The echo as a process of its own. */
export class Echo {
  private constructor(
    readonly port: number,
    private readonly child: ChildProcess,
  ) {}

  /** @param answer - a flat JSON object of the size that the subject answers */
  static async start(answer: string): Promise<Echo> {
    const port = await freePort();
    const child = spawn(
      process.execPath,
      [join(import.meta.dirname, 'echo-server.mjs'), String(port), answer],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    await once(child.stdout, 'data');
    return new Echo(port, endAtExit(child));
  }

  async stop(): Promise<void> {
    this.child.kill('SIGTERM');
    await once(this.child, 'exit');
  }
}
