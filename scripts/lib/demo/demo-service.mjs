import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownEnvironment } from '../own-environment.mjs';
import { root } from '../run.mjs';

/** A stop waits for commands that run; those of the demo take no time. */
const stopLimitMs = 15_000;

/** The built service with the example panel behind it, on a free port, all in one temporary folder. */
export class DemoService {
  folder = mkdtempSync(join(tmpdir(), 'hearthkey-demo-'));
  #child;
  #isStopped = false;

  /** Answers where the service listens: `http://HOST:PORT`. */
  async start() {
    this.#makePanel();
    this.#child = spawn(process.execPath, [join(root, 'dist/bundle/serve.js')], {
      env: this.#environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let printed = '';
    let problem = '';
    this.#child.stderr.setEncoding('utf8').on('data', (text) => (problem += text));
    return new Promise((resolve, reject) => {
      this.#child.on('error', reject);
      this.#child.on('close', () => reject(new Error(`The service ended. ${problem}`)));
      this.#child.stdout.setEncoding('utf8').on('data', (text) => {
        printed += text;
        const url = /serves at (http:\S+)\/api\/\n/.exec(printed)?.[1];
        if (url !== undefined) resolve(url);
      });
    });
  }

  /** Runs a program of bin/ as an operator does, and answers what it printed; `input` is its standard input. */
  async command([name, ...args], input = '') {
    return new Promise((resolve, reject) => {
      const child = execFile(join(root, 'bin', name), args, { env: this.#environment() }, (error, stdout) =>
        error ? reject(new Error(`bin/${name} failed: ${error.message}${stdout}`)) : resolve(stdout),
      );
      child.stdin.on('error', () => undefined).end(input);
    });
  }

  /** Stops the service and removes the folder. */
  async stop() {
    this.#isStopped = true;
    const child = this.#child;
    if (child !== undefined && child.exitCode === null && child.signalCode === null) {
      const closed = once(child, 'close');
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), stopLimitMs);
      await closed;
      clearTimeout(timer);
    }
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  #makePanel() {
    if (this.#isStopped) throw new Error('The demo was interrupted.');
    const panel = join(this.folder, 'panel');
    execFileSync(join(root, 'examples/new-panel'), [panel], { stdio: 'ignore' });
    // A copy belongs to the user who runs the demo: the service runs no command that somebody else could change.
    cpSync(join(root, 'examples/commands'), join(panel, 'bin'), { recursive: true });
    // The demo has no business with the services of this machine.
    for (const unit of readdirSync(join(panel, 'services'))) rmSync(join(panel, 'services', unit));
  }

  #environment() {
    return {
      ...ownEnvironment(),
      HEARTHKEY_LISTEN: '127.0.0.1:0',
      HEARTHKEY_DATA_DIR: join(this.folder, 'data'),
      HEARTHKEY_HESTIA_ROOT: join(this.folder, 'panel'),
      HEARTHKEY_LOG_LEVEL: 'warn',
    };
  }
}
