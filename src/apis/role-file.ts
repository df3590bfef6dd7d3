import { commandNamePattern } from '../names.js';

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
}

/** A file that isn't a role file; `message` names the line and what was expected. */
export class RoleFileError extends Error {}

const maxLength = 65_536;
const known = new Set(['ROLE', 'COMMANDS', 'SAFE']);
const linePattern = /^([A-Z_]+)=(?:'([^']*)'|"([^"]*)")$/;

/**
 * Reads an API role file: lines `ROLE='admin'` or `'user'`, `COMMANDS='v-a,v-b'` and optionally `SAFE='v-a'`; blank
 * lines and lines that start with `#` are skipped. Anything else is an error, and such a file grants nothing.
 */
export function parseRoleFile(text: string): RoleFile {
  if (text.length > maxLength) throw new RoleFileError(`longer than ${String(maxLength)} characters`);
  const values = new Map<string, string>();
  text.split('\n').forEach((line, index) => {
    const at = `line ${String(index + 1)}`;
    const content = line.trim();
    if (content === '' || content.startsWith('#')) return;
    const match = linePattern.exec(content);
    const name = match?.[1] ?? '';
    if (match === null) throw new RoleFileError(`${at}: expected NAME='value'`);
    if (!known.has(name)) throw new RoleFileError(`${at}: ${name} is not ROLE, COMMANDS or SAFE`);
    if (values.has(name)) throw new RoleFileError(`${at}: ${name} stands there twice`);
    values.set(name, match[2] ?? match[3] ?? '');
  });
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
  };
}

/** The text of a role file, as `v-add-api` writes it. */
export function formatRoleFile(role: ApiRole, commands: readonly string[], safe: readonly string[]): string {
  const lines = [`ROLE='${role}'`, `COMMANDS='${commands.join(',')}'`];
  if (safe.length > 0) lines.push(`SAFE='${safe.join(',')}'`);
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
