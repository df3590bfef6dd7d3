import { spawn, spawnSync, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { endAtExit, removeAtExit } from './at-exit.js';

const folder = join(import.meta.dirname, 'peers');

/** A script of `bench/peers` as a process of its own, with the packages of that folder. */
export class Peer {
  private readonly lines: Interface;

  private constructor(
    private readonly child: ChildProcessByStdio<Writable, Readable, null>,
    private readonly dataDir: string,
  ) {
    this.lines = createInterface({ input: child.stdout });
  }

  static async start(script: string): Promise<Peer> {
    install();
    const dataDir = removeAtExit(mkdtempSync(join(tmpdir(), 'hearthkey-peer-')));
    const child = spawn(process.execPath, [join(folder, script), join(dataDir, 'peer.db')], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    child.stdin.on('error', () => undefined);
    const peer = new Peer(endAtExit(child), dataDir);
    try {
      await peer.nextLine();
    } catch (error) {
      await peer.stop();
      throw error;
    }
    return peer;
  }

  /** Has it work for so long; how many it did in a second. */
  async perSecond(seconds: number): Promise<number> {
    this.child.stdin.write(`${String(seconds)}\n`);
    return Number(await this.nextLine());
  }

  async stop(): Promise<void> {
    const { child } = this;
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  private async nextLine(): Promise<string> {
    const [line] = (await Promise.race([once(this.lines, 'line'), once(this.child, 'exit')])) as [unknown];
    if (typeof line !== 'string') throw new Error('what it is compared with ended by itself');
    return line;
  }
}

function install(): void {
  const noted = changedAtMs(join(folder, 'node_modules/.package-lock.json'));
  if (noted > changedAtMs(join(folder, 'package-lock.json'))) return;
  process.stderr.write('  installing what it is compared with: npm ci in bench/peers …\n');
  const args = ['ci', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status } = spawnSync('npm', args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error('npm ci in bench/peers failed');
}

/** 0: there is no such file. */
function changedAtMs(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
