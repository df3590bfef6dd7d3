import { randomUUID } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the command line needs to know of a running service; find-service.cts reads it. */
export interface RunningService {
  pid: number;
  version: string;
  /** The admin socket. */
  socket: string;
  dataDir: string;
  /** The folder of the program. */
  installation: string;
}

/**
 * Writes which services run on this machine where the command line looks for it, so that it finds them whatever its own
 * environment is. There is no secret in the file, and everybody may read it.
 */
export class Announcement {
  private file: string | undefined;

  /** @param folders - the first one that this process can write to is used */
  constructor(
    private readonly service: RunningService,
    private readonly folders: readonly string[],
  ) {}

  /** @returns false where no folder can be used; the service works all the same */
  publish(): boolean {
    return this.folders.some((folder) => this.publishIn(folder));
  }

  withdraw(): void {
    if (this.file !== undefined) rmSync(this.file, { force: true });
    this.file = undefined;
  }

  private publishIn(folder: string): boolean {
    const file = join(folder, `${String(this.service.pid)}.json`);
    const draft = join(folder, `.${randomUUID()}`);
    try {
      if (mkdirSync(folder, { recursive: true, mode: 0o755 }) !== undefined) chmodSync(folder, 0o755);
      // Another user could name a service of its own there, which would be told passwords.
      if ((statSync(folder).mode & 0o022) !== 0) return false;
      removeLeftovers(folder);
      // A new file: it follows no link that the owner of the folder has put there.
      writeFileSync(draft, `${JSON.stringify(this.service)}\n`, { flag: 'wx', mode: 0o644 });
      chmodSync(draft, 0o644);
      renameSync(draft, file);
    } catch {
      return false;
    }
    this.file = file;
    return true;
  }
}

/** Of services that were killed. */
function removeLeftovers(folder: string): void {
  for (const name of readdirSync(folder)) {
    const pid = /^(\d+)\.json$/.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) rmSync(join(folder, name), { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
