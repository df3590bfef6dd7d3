import { execFileSync } from 'node:child_process';
import type { SystemUser } from './exec-backend.js';

/** Looks a user of the machine up; throws where there is none of that name. */
export function findSystemUser(name: string): SystemUser {
  const id = (option: string): number =>
    Number(
      execFileSync('id', [option, '--', name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
    );
  try {
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    throw new Error(`HEARTHKEY_COMMANDS_USER: there is no system user ${name}`);
  }
}
