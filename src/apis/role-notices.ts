import { lstatSync, statSync } from 'node:fs';
import { apiNamePattern } from '../text/names.js';
import type { RoleFile } from './role-file.js';

/** What somebody who looks into the directory might take for a role that grants something. */
export interface RoleNotice {
  name: string;
  /** No role file at all, or one that grants less than it seems to. */
  kind: 'ignored' | 'incomplete';
  problem: string;
}

/** Why what is in the directory is no role file; undefined: it is one, is gone, or is hidden. */
export function whyIgnored(path: string, name: string): string | undefined {
  // Editors, and this service, keep unfinished files under such names.
  if (name.startsWith('.')) return undefined;
  if (!apiNamePattern.test(name))
    return 'is ignored: that is no name of an API (letters, digits, _ and -, at most 64)';
  try {
    const stats = statSync(path);
    if (stats.isFile()) return undefined;
    return stats.isDirectory() ? 'is ignored: it is a directory' : 'is ignored: it is no regular file';
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
    if (code === 'ENOENT') return isLink ? 'is ignored: it is a link to nothing' : undefined;
    return `is ignored: it can't be looked at (${code})`;
  }
}

/** What a role file that can be read doesn't grant, though it is there; undefined: it grants something to each key. */
export function whatIsMissing({ role, listed, commands }: RoleFile): string | undefined {
  if (role === undefined && listed.length === 0) return 'grants nothing: it has neither ROLE nor COMMANDS';
  if (listed.length === 0) return 'grants nothing: it has no COMMANDS';
  if (commands.size === 0) return 'grants nothing: no item of COMMANDS is the name of a command';
  if (role === undefined) return 'grants nothing to the keys of users: it has no ROLE';
  return undefined;
}
