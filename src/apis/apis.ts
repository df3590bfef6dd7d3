import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeChange, type ChangeOrigin } from '../audit/audit-event.js';
import { AppError, invalid, invalidFormat, notFound, ReturnCode } from '../errors.js';
import { apiNamePattern, commandNamePattern } from '../names.js';
import type { Changes } from '../storage/changes.js';
import type { AppliedChange } from '../storage/settling.js';
import type { ApiStore } from './api-store.js';
import { formatRoleFile, parseRoleFile, type ApiRole } from './role-file.js';
import { removeRoleFile, writeRoleFile } from './role-files.js';
import { isSameRole, readSharedRoles, roleDifferences } from './shared-roles.js';
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

export interface ApisParts {
  directory: string;
  roles: RoleDirectory;
  changes: Changes;
  /** Where several nodes share a database: what they agree on. */
  shared: ApiStore | undefined;
  onError: (error: unknown) => void;
}

/** A role file as a command wants it; null: gone. */
interface Wanted {
  name: string;
  text: string | null;
  /** For the audit. */
  target: Record<string, string>;
}

/**
 * What can be done to API role files by command: whole files, in force when the command returns. Where nodes share a
 * database it is changed there, and each node writes its own file as it applies the change.
 */
export class Apis {
  constructor(private readonly parts: ApisParts) {
    if (parts.shared !== undefined) parts.changes.onApplied((change) => this.apply(change));
  }

  async add(api: NewApi, origin: ChangeOrigin): Promise<void> {
    await this.make(wantedFile(api), origin, (isThere) => {
      if (isThere) throw new AppError(ReturnCode.EXISTS, `API ${api.name} already exists`);
    });
  }

  async change(api: NewApi, origin: ChangeOrigin): Promise<void> {
    await this.make(wantedFile(api), origin, (isThere) => {
      if (!isThere) throw notFound(`API ${api.name}`);
    });
  }

  async delete(name: string, origin: ChangeOrigin): Promise<void> {
    await this.make({ name, text: null, target: { api: name } }, origin, (isThere) => {
      if (!isThere) throw notFound(`API ${name}`);
    });
  }

  /** Puts this node's role files into the database, where no node has done so before. */
  async share(): Promise<void> {
    const { shared, changes, roles, directory } = this.parts;
    if (shared === undefined || (await shared.isShared())) return;
    await changes.run(async (change) => {
      if (await shared.isShared(change.trx)) return;
      for (const { name, role } of roles.list()) {
        if (role === undefined) continue;
        const text = readFileSync(join(directory, name), 'utf8');
        await shared.put(change.trx, name, text);
        change.touchApi(name, text);
      }
      await shared.setShared(change.trx);
      change.record(describeChange({ actor: { kind: 'service' } }, { apis: 'put into the database' }));
    });
  }

  /** How this node's files differ from what the nodes agree on. */
  async differences(): Promise<{ api: string; problem: string }[]> {
    const { shared, roles } = this.parts;
    return shared === undefined ? [] : roleDifferences(roles.list(), readSharedRoles(await shared.all()));
  }

  /** What `takeOver` would make of a role file; throws RoleFileError for one that is none. */
  judgeTakeOver(name: string, text: string): ApiTakeOver {
    const present = this.parts.roles.find(name);
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
    const target = {
      api: name,
      role: role.role ?? '',
      commands: [...role.commands].join(','),
      ...(role.safe.size > 0 ? { safe: [...role.safe].join(',') } : {}),
    };
    await this.make({ name, text, target }, origin, () => undefined);
    return verdict;
  }

  private async make(wanted: Wanted, origin: ChangeOrigin, check: (isThere: boolean) => void): Promise<void> {
    const { roles, shared, changes } = this.parts;
    const { name, text, target } = wanted;
    if (shared === undefined) {
      check(roles.find(name) !== undefined);
      this.writeFile(name, text);
      await changes.run((change) => {
        change.record(describeChange(origin, target));
        return Promise.resolve();
      });
      return;
    }
    await changes.run(async (change) => {
      check(await shared.has(name, change.trx));
      if (text === null) await shared.delete(change.trx, name);
      else await shared.put(change.trx, name, text);
      change.touchApi(name, text);
      change.record(describeChange(origin, target));
    });
  }

  /** What can't be written grants no more than before: the database has to grant it too. */
  private apply({ touched }: AppliedChange): void {
    for (const item of touched) {
      if (item.kind !== 'api') continue;
      try {
        this.writeFile(item.id, item.text);
      } catch (error) {
        this.parts.onError(error);
      }
    }
  }

  private writeFile(name: string, text: string | null): void {
    const { directory, roles } = this.parts;
    if (text !== null) writeRoleFile(directory, name, text);
    else if (existsSync(join(directory, name))) removeRoleFile(directory, name);
    roles.adopt(name);
  }
}

function wantedFile({ name, role, commands, safe }: NewApi): Wanted {
  const target = { api: name, role, commands: commands.join(',') };
  return {
    name,
    text: formatRoleFile(role, commands, safe),
    target: safe.length > 0 ? { ...target, safe: safe.join(',') } : target,
  };
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
