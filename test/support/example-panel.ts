/** The small panel of examples/, in a folder of its own: real commands that keep what they do in files. */
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { atEnd } from './clean-up.js';
import { installation, temporaryFolder } from './folders.js';
import { signal } from './process-tree.js';

export class ExamplePanel {
  readonly root = join(temporaryFolder(), 'panel');
  readonly commandsDir = join(this.root, 'bin');

  /** Without the units of systemd that this machine may have: no test touches those. */
  constructor() {
    execFileSync(join(installation, 'examples/new-panel'), [this.root], { stdio: 'ignore' });
    cpSync(join(installation, 'examples/commands'), this.commandsDir, { recursive: true });
    for (const unit of readdirSync(join(this.root, 'services'))) rmSync(join(this.root, 'services', unit));
    atEnd(() => this.endDaemons());
  }

  get settings(): Readonly<Record<string, string>> {
    return { HESTIA_ROOT: this.root };
  }

  /** A little daemon that the panel manages as a service of that name. */
  addService(name: string): void {
    const file = join(this.root, 'services', name);
    writeFileSync(file, '#!/bin/sh\nwhile :; do sleep 1; done\n');
    chmodSync(file, 0o755);
  }

  /** The process of a service; undefined where none runs. */
  pidOf(service: string): number | undefined {
    const file = join(this.root, 'run', `${service}.pid`);
    const pid = existsSync(file) ? Number(readFileSync(file, 'utf8')) : undefined;
    return pid !== undefined && signal(pid, 0) ? pid : undefined;
  }

  file(path: string): string {
    return readFileSync(join(this.root, path), 'utf8');
  }

  has(path: string): boolean {
    return existsSync(join(this.root, path));
  }

  /** Puts another command in the place of one, or a new one. */
  writeCommand(name: string, options: string, script: string): void {
    const file = join(this.commandsDir, name);
    rmSync(file, { force: true });
    writeFileSync(file, `#!/bin/sh\n# info: ${name} of a test\n# options: ${options}\n${script}\n`);
    chmodSync(file, 0o755);
  }

  private endDaemons(): void {
    if (!this.has('run')) return;
    for (const name of readdirSync(join(this.root, 'run'))) {
      const pid = this.pidOf(name.replace(/\.pid$/, ''));
      if (pid !== undefined) signal(pid, 'SIGKILL');
    }
  }
}
