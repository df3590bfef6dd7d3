import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describeChange, type ChangeOrigin } from '../audit/audit-event.js';
import { AppError, invalid, invalidFormat, notFound, ReturnCode } from '../errors.js';
import { apiNamePattern, commandNamePattern } from '../names.js';
import type { Changes } from '../storage/changes.js';
import { formatRoleFile, parseRoleFile, type ApiRole, type RoleFile } from './role-file.js';
import type { RoleDirectory } from './role-directory.js';
import { shippedRoles } from './shipped-roles.js';

export interface NewApi {
  name: string;
  role: ApiRole;
  commands: readonly string[];
  safe: readonly string[];
}

/** What becomes of a role file of another installation: `changed_here` is one that somebody edited here; it stays. */
export type ApiTakeOver = 'taken' | 'present' | 'changed_here';

/** What can be done to API role files by command: whole files, in force when the command returns. */
export class Apis {
  constructor(
    private readonly directory: string,
    private readonly roles: RoleDirectory,
    private readonly changes: Changes,
  ) {}

  /** Lays the six shipped files into a directory that did not exist before; one that exists is the operator's. */
  static layShippedFiles(directory: string): void {
    if (mkdirSync(directory, { recursive: true, mode: 0o755 }) === undefined) return;
    for (const [name, { role, commands }] of Object.entries(shippedRoles)) {
      writeWholeFile(directory, name, formatRoleFile(role, commands, []));
    }
  }

  async add(api: NewApi, origin: ChangeOrigin): Promise<void> {
    if (this.roles.find(api.name) !== undefined)
      throw new AppError(ReturnCode.EXISTS, `API ${api.name} already exists`);
    await this.write(api, origin);
  }

  async change(api: NewApi, origin: ChangeOrigin): Promise<void> {
    if (this.roles.find(api.name) === undefined) throw notFound(`API ${api.name}`);
    await this.write(api, origin);
  }

  async delete(name: string, origin: ChangeOrigin): Promise<void> {
    if (this.roles.find(name) === undefined) throw notFound(`API ${name}`);
    unlinkSync(join(this.directory, name));
    syncDirectory(this.directory);
    this.roles.adopt(name);
    await this.record(origin, { api: name });
  }

  /** What `takeOver` would make of a role file; throws RoleFileError for one that is none. */
  judgeTakeOver(name: string, text: string): ApiTakeOver {
    const present = this.roles.find(name);
    if (present === undefined) return 'taken';
    if (present.role === undefined) return 'changed_here';
    if (isSameRole(present.role, parseRoleFile(text))) return 'present';
    const shipped = shippedRoles[name];
    const isAsShipped =
      shipped !== undefined &&
      isSameRole(present.role, parseRoleFile(formatRoleFile(shipped.role, shipped.commands, [])));
    return isAsShipped ? 'taken' : 'changed_here';
  }

  /** Takes over a role file as it is, unless there is another one here that was changed here. */
  async takeOver(name: string, text: string, origin: ChangeOrigin): Promise<ApiTakeOver> {
    const role = parseRoleFile(text);
    const verdict = this.judgeTakeOver(name, text);
    if (verdict !== 'taken') return verdict;
    writeWholeFile(this.directory, name, text);
    this.roles.adopt(name);
    await this.record(origin, {
      api: name,
      role: role.role ?? '',
      commands: [...role.commands].join(','),
      ...(role.safe.size > 0 ? { safe: [...role.safe].join(',') } : {}),
    });
    return verdict;
  }

  private async write(api: NewApi, origin: ChangeOrigin): Promise<void> {
    writeWholeFile(this.directory, api.name, formatRoleFile(api.role, api.commands, api.safe));
    this.roles.adopt(api.name);
    const target = { api: api.name, role: api.role, commands: api.commands.join(',') };
    await this.record(origin, api.safe.length > 0 ? { ...target, safe: api.safe.join(',') } : target);
  }

  private async record(origin: ChangeOrigin, target: Record<string, string>): Promise<void> {
    await this.changes.run((change) => {
      change.record(describeChange(origin, target));
      return Promise.resolve();
    });
  }
}

function isSameRole(one: RoleFile, other: RoleFile): boolean {
  const text = ({ role, listed, safe }: RoleFile) => JSON.stringify([role, listed, [...safe]]);
  return text(one) === text(other);
}

export function parseApiName(text: string): string {
  if (!apiNamePattern.test(text)) throw invalidFormat('api', text);
  return text;
}

export function parseApiRole(text: string): ApiRole {
  if (text === 'admin' || text === 'user') return text;
  throw invalid(`invalid role format :: ${text} (expected admin or user)`);
}

/** Names between commas; blanks round them and duplicates are taken away. */
export function parseCommandList(text: string): string[] {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  for (const name of names) if (!commandNamePattern.test(name)) throw invalidFormat('command', name);
  return [...new Set(names)];
}

/** A reader sees the old file or the new one, never a part; the new one is on the disk when this returns. */
function writeWholeFile(directory: string, name: string, text: string): void {
  const file = join(directory, name);
  // A leading dot keeps it from being taken for an API.
  const temporary = join(directory, `.${name}.${String(process.pid)}.new`);
  try {
    const descriptor = openSync(temporary, 'w', 0o644);
    try {
      writeFileSync(descriptor, text); // unlike writeSync it goes on after a part was written, and so fails on a full disk
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw new AppError(ReturnCode.DISK, `the API role file ${name} could not be written`, { cause: error });
  }
  syncDirectory(directory);
}

function syncDirectory(directory: string): void {
  const descriptor = openSync(directory, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}
