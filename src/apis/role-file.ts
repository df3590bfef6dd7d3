import { formatHeld, readHeld, type HeldArguments } from '../catalogue/held-arguments.js';
import type { CommandSpec } from '../catalogue/command-spec.js';
import { AppError } from '../errors.js';
import { readConfLines } from '../text/conf-file.js';
import { commandNamePattern } from '../text/names.js';

export type ApiRole = 'admin' | 'user';

/** An API role file, read. */
export interface RoleFile {
  /** Undefined where the file has no ROLE line: then it grants nothing to anybody but the root user. */
  role: ApiRole | undefined;
  /** The entries of COMMANDS as the file lists them, for people. */
  listed: readonly string[];
  /** The names among them: what the file grants. */
  commands: ReadonlySet<string>;
  /** Commands without a USER argument that a non-root key may run all the same. */
  safe: ReadonlySet<string>;
  /** What arguments of its commands may be (ONLY); absent: it doesn't say. */
  only?: HeldArguments;
  /** It is no file: it has every command that only reads. */
  isReadOnlyApi?: true;
}

/** Whether a role has the command in its COMMANDS. */
export function lists(role: RoleFile, { name, onlyReads }: Pick<CommandSpec, 'name' | 'onlyReads'>): boolean {
  return role.isReadOnlyApi === true ? onlyReads : role.commands.has(name);
}

/** A file that isn't a role file; `message` names the line and what was expected. */
export class RoleFileError extends Error {}

const maxLength = 65_536;
const known = new Set(['ROLE', 'COMMANDS', 'SAFE', 'ONLY']);

/**
 * Reads an API role file: lines `ROLE='admin'` or `'user'`, `COMMANDS='v-a,v-b'` and optionally `SAFE='v-a'` and
 * `ONLY='DOMAIN=example.com'`, in any form that a settings file may have (conf-file.ts). Anything else is an error, and
 * such a file grants nothing.
 */
export function parseRoleFile(text: string): RoleFile {
  if (text.length > maxLength) throw new RoleFileError(`longer than ${String(maxLength)} characters`);
  const values = readValues(text);
  const role = values.get('ROLE');
  if (role !== undefined && role !== 'admin' && role !== 'user') {
    throw new RoleFileError(`ROLE is neither 'admin' nor 'user'`);
  }
  const listed = splitList(values.get('COMMANDS'));
  return {
    role,
    listed,
    commands: commandNames(listed),
    safe: commandNames(splitList(values.get('SAFE'))),
    ...heldBy(values.get('ONLY')),
  };
}

/** An empty one is a mistake: it would look like a limit and be none. */
function heldBy(text: string | undefined): Pick<RoleFile, 'only'> {
  if (text === undefined) return {};
  try {
    return { only: readHeld(text) };
  } catch (error) {
    if (error instanceof AppError) throw new RoleFileError(`ONLY: ${error.message}`);
    throw error;
  }
}

function readValues(text: string): Map<string, string> {
  const { settings, others } = readConfLines(text);
  const values = new Map<string, string>();
  for (const { number, name, value } of settings) {
    const at = `line ${String(number)}`;
    if (value === undefined) throw new RoleFileError(`${at}: expected NAME='value'`);
    if (!known.has(name)) throw new RoleFileError(`${at}: ${name} is not ROLE, COMMANDS, SAFE or ONLY`);
    if (values.has(name) && values.get(name) !== value)
      throw new RoleFileError(`${at}: ${name} stands there twice`);
    values.set(name, value);
  }
  const [other] = others;
  if (other !== undefined) throw new RoleFileError(`line ${String(other)}: expected NAME='value'`);
  return values;
}

/** The text of a role file, as `v-add-api` writes it. */
export function formatRoleFile(
  role: ApiRole,
  commands: readonly string[],
  safe: readonly string[],
  only?: HeldArguments,
): string {
  const lines = [`ROLE='${role}'`, `COMMANDS='${commands.join(',')}'`];
  if (safe.length > 0) lines.push(`SAFE='${safe.join(',')}'`);
  if (only !== undefined) lines.push(`ONLY='${formatHeld(only)}'`);
  return `${lines.join('\n')}\n`;
}

function splitList(value: string | undefined): string[] {
  return (value ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** A path before a name is cut off, as Hestia does; what then isn't a command's name grants nothing. */
function commandNames(items: readonly string[]): Set<string> {
  const names = items.map((item) => item.slice(item.lastIndexOf('/') + 1));
  return new Set(names.filter((name) => commandNamePattern.test(name)));
}
