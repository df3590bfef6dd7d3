/** Small scripts over the sources in real processes of their own, for what a process can't do to itself. */
import { afterAll } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { installation } from './folders.js';
import { ownEnvironment } from './own-environment.js';

const running = new Set<ChildProcess>();

afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
});

/** The path of a source file, to import it from. */
export function source(path: string): string {
  return JSON.stringify(join(installation, 'src', path));
}

export class ChildScript {
  private text = '';

  private constructor(private readonly child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (chunk: string) => (this.text += chunk));
    }
  }

  /** @param maxFileKib - no file may grow beyond that, as on a disk that is full */
  static start(script: string, { maxFileKib }: { maxFileKib?: number } = {}): ChildScript {
    const node = [process.execPath, '--import', 'tsx', '--input-type=module', '--eval', script];
    const limit = maxFileKib === undefined ? '' : `ulimit -f ${String(maxFileKib)}; `;
    const child = spawn('/bin/bash', ['-c', `${limit}exec "$@"`, 'bash', ...node], {
      cwd: installation,
      env: ownEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.add(child);
    child.on('exit', () => running.delete(child));
    return new ChildScript(child);
  }

  /** Resolves when the script has printed that line. */
  async prints(line: string): Promise<void> {
    while (!this.text.split('\n').includes(line)) {
      if (this.child.exitCode !== null || this.child.signalCode !== null) {
        throw new Error(`the script ended without "${line}":\n${this.text}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** All that it printed, once it has ended by itself. */
  async output(): Promise<string> {
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'close');
    return this.text;
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await once(this.child, 'close');
  }
}
