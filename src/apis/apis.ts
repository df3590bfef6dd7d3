import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeChange, type ChangeOrigin } from '../audit/audit-event.js';
import { AppError, invalid, invalidFormat, notFound, ReturnCode } from '../errors.js';
import { apiNamePattern, commandNamePattern } from '../names.js';
import type { Change, Changes } from '../storage/changes.js';
import type { Database, Transaction } from '../storage/database.js';
import type { AppliedChange } from '../storage/settling.js';
import type { ApiStore } from './api-store.js';
import { formatRoleFile, parseRoleFile, type ApiRole } from './role-file.js';
import { readRoleTexts, removeRoleFile, writeRoleFile } from './role-files.js';
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
  /** Where one process owns the data: keeps what all files are to be until they are, whatever happens meanwhile. */
  staged?: ApiStore | undefined;
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
    if (parts.shared !== undefined || parts.staged !== undefined)
      parts.changes.onApplied((change) => this.apply(change));
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

  /** The texts of all role files that can be read as such, and which can't. */
  async texts(db?: Transaction | Database): Promise<{ texts: Map<string, string>; unreadable: string[] }> {
    const { shared, roles, directory } = this.parts;
    if (shared !== undefined) return { texts: await shared.all(db), unreadable: [] };
    return readRoleTexts(
      directory,
      roles.list().map(({ name }) => name),
    );
  }

  /** Makes the role files those of `wanted`, all of them, as part of a change; where a panel has them it can't. */
  async replaceAll(change: Change, wanted: ReadonlyMap<string, string>): Promise<string[]> {
    const { shared, staged } = this.parts;
    const { texts: present, unreadable } = await this.texts(change.trx);
    const written = [...wanted].filter(([name, text]) => present.get(name) !== text);
    const removed = [...present.keys(), ...unreadable].filter((name) => !wanted.has(name));
    if (written.length + removed.length === 0) return [];
    for (const [name, text] of written) {
      await shared?.put(change.trx, name, text);
      change.touchApi(name, text);
    }
    for (const name of removed) {
      await shared?.delete(change.trx, name);
      change.touchApi(name, null);
    }
    await staged?.stage(change.trx, wanted);
    return [...written.map(([name]) => name), ...removed];
  }

  /** After a change that replaced all of them: tells which could not be written as they are to be. */
  async finishReplacing(): Promise<string[]> {
    const { staged, directory } = this.parts;
    const wanted = await staged?.staged();
    if (staged === undefined || wanted === undefined) return [];
    const { texts } = readRoleTexts(directory, [...wanted.keys()]);
    const missing = [...wanted].filter(([name, text]) => texts.get(name) !== text).map(([name]) => name);
    if (missing.length === 0) await staged.unstage();
    return missing;
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
