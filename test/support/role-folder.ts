/** A folder with API role files, as somebody edits it by hand, and what the service makes of it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RoleDirectory } from '../../src/apis/role-directory.js';
import { temporaryFolder } from './folders.js';

export const userRole = (...commands: string[]): string => `ROLE='user'\nCOMMANDS='${commands.join(',')}'\n`;

export class RoleFolder {
  readonly path = join(temporaryFolder(), 'api');
  readonly problems: string[] = [];
  readonly roles: RoleDirectory;

  /** @param clock - where a test sets the time by hand; the timer then looks at a clock that stands still */
  constructor(clock?: () => number) {
    mkdirSync(this.path);
    const onProblem = (name: string, problem: string): unknown => this.problems.push(`${name}: ${problem}`);
    this.roles = new RoleDirectory(this.path, onProblem, clock);
  }

  /** The path of one of its files. */
  file(name: string): string {
    return join(this.path, name);
  }

  write(name: string, text: string): void {
    writeFileSync(this.file(name), text);
  }

  open(): void {
    this.roles.start();
  }

  granted(name: string): string[] | undefined {
    const entry = this.roles.find(name);
    return entry && [...(entry.role?.commands ?? [])];
  }
}
