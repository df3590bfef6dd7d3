import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describeChange, type ChangeOrigin } from '../audit/audit-event.js';
import { AppError, ReturnCode } from '../errors.js';
import type { Change, Changes } from '../storage/changes.js';
import type { Database, Transaction } from '../storage/database.js';
import type { AppliedChange } from '../storage/cluster/settling.js';
import { SerialQueue } from '../concurrency/serial-queue.js';
import type { ApiStore } from './api-store.js';
import { readRoleTexts, removeRoleFile, tryRoleFile, writeRoleFile } from './role-files.js';
import { judgeRoleFile, type ApiTakeOver } from './judge-role-file.js';
import { readSharedRole, readSharedRoles, roleDifferences, type RoleDifference } from './shared-roles.js';
import {
  mustBeNew,
  mustBeThere,
  presentOf,
  type Check,
  type Present,
  type RequireRole,
} from './present-role.js';
import { grantsNothing, readOnlyApi, refuseReadOnlyApi } from './read-only-api.js';
import { requireApprovedRole } from './require-approved-role.js';
import type { RoleDirectory } from './role-directory.js';
import type { RoleTexts, StagedRoles } from './staged-roles.js';
import { wantedFile, wantedText, type NewApi, type WantedRole } from './wanted-role.js';

export interface ApisParts {
  directory: string;
  roles: RoleDirectory;
  changes: Changes;
  /** Where several nodes share a database: what they agree on. */
  shared: ApiStore | undefined;
  /** Where one process owns the data. With neither of the two the files are a panel's. */
  staged?: StagedRoles | undefined;
  onError: (error: unknown) => void;
}

/**
 * What can be done to API role files by command: whole files, in force when the command returns. No file is changed
 * before the commit of the change that tells of it; a change is applied in its turn, so files follow in the same order.
 * Where nodes share a database it is changed there, and each node writes its own file as it applies the change.
 */
export class Apis {
  /** A panel's files are not part of a change, so they need turns of their own. */
  private readonly turns = new SerialQueue();

  constructor(private readonly parts: ApisParts) {
    if (parts.shared !== undefined || parts.staged !== undefined)
      parts.changes.onApplied((change) => this.apply(change));
  }

  async add(api: NewApi, origin: ChangeOrigin): Promise<void> {
    refuseReadOnlyApi(api.name);
    await this.make(wantedFile(api), origin, mustBeNew(api.name));
  }

  async change(api: NewApi, origin: ChangeOrigin, requireState?: RequireRole): Promise<void> {
    refuseReadOnlyApi(api.name);
    const check = mustBeThere(api.name, requireState);
    await this.make(wantedFile(api), origin, check, (present) => wantedFile(api, present));
  }

  async delete(name: string, origin: ChangeOrigin, requireState?: RequireRole): Promise<void> {
    const check = mustBeThere(name, requireState);
    const wanted = { name, text: null, target: { api: name } };
    if (name !== readOnlyApi) return this.make(wanted, origin, check);
    // A file of its name may be on this node alone, or on others alone.
    const entry = this.parts.roles.find(name);
    const here = entry?.role?.isReadOnlyApi === true ? undefined : presentOf(entry);
    await this.make(wanted, origin, (present) => {
      const file = present?.role?.isReadOnlyApi === true ? undefined : present;
      if (file === undefined && here === undefined) refuseReadOnlyApi(name);
      return check(file ?? here);
    });
  }

  /** Puts this node's role files into the database, where no node has done so before. */
  async share(): Promise<void> {
    const { shared, changes } = this.parts;
    if (shared === undefined || (await shared.isShared())) return;
    await changes.run(async (change) => {
      if (await shared.isShared(change.trx)) return;
      for (const [name, text] of this.readFiles().texts) {
        await shared.put(change.trx, name, text);
        // It stands for a file that is none, which stays as it is.
        if (text !== grantsNothing) change.touchApi(name, text);
      }
      await shared.setShared(change.trx);
      change.record(describeChange({ actor: { kind: 'service' } }, { apis: 'put into the database' }));
    });
  }

  /** How this node's files differ from what the nodes agree on. */
  async differences(): Promise<RoleDifference[]> {
    const { shared, roles } = this.parts;
    return shared === undefined
      ? []
      : roleDifferences(roles.listFiles(), readSharedRoles(await shared.all()));
  }

  /** What `takeOver` would make of a role file; throws RoleFileError for one that is none. */
  judgeTakeOver(name: string, text: string): ApiTakeOver {
    return judgeRoleFile(this.parts.roles.find(name), name, text);
  }

  /** Takes over a role file as it is, unless there is another one here that was changed here. */
  async takeOver(name: string, text: string, origin: ChangeOrigin): Promise<ApiTakeOver> {
    const wanted = { ...wantedText(name, text), isTakenOver: true };
    let verdict = this.judgeTakeOver(name, text);
    if (verdict !== 'taken') return verdict;
    // Again in its turn: a command may have changed it meanwhile.
    await this.make(wanted, origin, () => {
      verdict = this.judgeTakeOver(name, text);
      return verdict === 'taken';
    });
    return verdict;
  }

  /** The texts of all role files that can be read as such, and which can't. */
  async texts(db?: Transaction | Database): Promise<{ texts: Map<string, string>; unreadable: string[] }> {
    const { shared } = this.parts;
    return shared === undefined ? this.readFiles() : { texts: await shared.all(db), unreadable: [] };
  }

  /**
   * Makes the role files those of `wanted`, all of them, as part of a change; where a panel has them it can't.
   *
   * @param present - what `wanted` was made from: what both have alike is left alone, also if a hand edited it since
   */
  async replaceAll(
    change: Change,
    present: ReadonlyMap<string, string>,
    wanted: ReadonlyMap<string, string>,
  ): Promise<string[]> {
    const { shared, staged, roles } = this.parts;
    // A file that is none is not among the present ones, unless it has the name of the API that is built in.
    const files = shared === undefined ? roles.listFiles().map(({ name }) => name) : [];
    const written = [...wanted].filter(([name, text]) => present.get(name) !== text);
    const others = files.filter((name) => name !== readOnlyApi);
    const removed = [...new Set([...present.keys(), ...others])].filter((name) => !wanted.has(name));
    const texts: RoleTexts = new Map([...written, ...removed.map((name) => [name, null] as const)]);
    if (texts.size === 0) return [];
    for (const [name, text] of texts) {
      await shared?.set(change.trx, name, text);
      change.touchApi(name, text);
    }
    await staged?.stage(change.trx, texts);
    return [...texts.keys()];
  }

  /** After a change: tells which files could not be made as they are to be. */
  async finishFiles(): Promise<string[]> {
    const { staged, changes } = this.parts;
    // Not between the commit of another change and its files.
    return staged === undefined ? [] : changes.standStill(() => staged.finish());
  }

  /** @param complete - what is wanted, where that rests on what is there */
  private async make(
    { name, ...given }: WantedRole,
    origin: ChangeOrigin,
    check: Check,
    complete: (present: Present) => WantedRole = () => ({ name, ...given }),
  ): Promise<void> {
    const { shared, staged, changes, directory } = this.parts;
    if (shared === undefined && staged === undefined) return this.makeForPanel(name, origin, check, complete);
    await changes.run(async (change) => {
      const present = await this.present(name, change);
      if (!check(present)) return;
      const wanted = complete(present);
      const { text, target } = wanted;
      await requireApprovedRole(change, present, wanted, origin);
      if (staged !== undefined) tryRoleFile(directory, name, text);
      await shared?.set(change.trx, name, text);
      await staged?.stage(change.trx, new Map([[name, text]]));
      change.touchApi(name, text);
      change.record(describeChange(origin, target));
    });
    if (!(await this.finishFiles()).includes(name)) return;
    const what = `the API role file ${name} could not be changed; it will be at the next start of the service`;
    throw new AppError(ReturnCode.DISK, what);
  }

  /** Within the change: another node may have made one that this node has yet to apply. */
  private async present(name: string, { trx }: Change): Promise<Present> {
    const { roles, shared } = this.parts;
    if (shared === undefined) return presentOf(roles.find(name));
    const text = await shared.text(name, trx);
    return text === undefined ? undefined : { role: readSharedRole(text) };
  }

  /** Other nodes have nothing to do with these files. The event comes first: no file changes without one. */
  private async makeForPanel(
    name: string,
    origin: ChangeOrigin,
    check: Check,
    complete: (present: Present) => WantedRole,
  ): Promise<void> {
    const { roles, changes, directory } = this.parts;
    await this.turns.take(async () => {
      const present = presentOf(roles.find(name));
      if (!check(present)) return;
      const wanted = complete(present);
      tryRoleFile(directory, name, wanted.text);
      await changes.run(async (change) => {
        await requireApprovedRole(change, present, wanted, origin);
        change.record(describeChange(origin, wanted.target));
      });
      this.writeFile(name, wanted.text);
    });
  }

  /**
   * What can't be written is not lost: where nodes share a database, it has to grant it too; where one process owns the
   * data, what is staged stays so.
   */
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

  private readFiles(): { texts: Map<string, string>; unreadable: string[] } {
    const { roles, directory } = this.parts;
    return readRoleTexts(
      directory,
      roles.listFiles().map(({ name }) => name),
    );
  }

  private writeFile(name: string, text: string | null): void {
    const { directory, roles } = this.parts;
    if (text !== null) writeRoleFile(directory, name, text);
    else if (existsSync(join(directory, name))) removeRoleFile(directory, name);
    roles.adopt(name);
  }
}
