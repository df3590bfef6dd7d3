import { join, resolve } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import type { Apis } from '../apis/apis.js';
import type { ChangeOrigin } from '../audit/audit-event.js';
import type { AuditLog } from '../audit/audit-log.js';
import type { AuditReader } from '../audit/record/audit-reader.js';
import { unbrokenSince } from '../audit/verify/unbroken-since.js';
import { AppError, invalid, notFound, ReturnCode } from '../errors.js';
import type { Pepper } from '../secrets/pepper.js';
import type { Change, Changes } from '../storage/changes.js';
import type { Transaction } from '../storage/database.js';
import type { Backup } from './backup.js';
import type { BackupStore } from './backup-store.js';
import { readWholeFile, writeNewFile } from './copy-file.js';
import { formatCopy, parseCopy, type Copy, type CopyHead } from './copy-format.js';
import type { State } from './copied-state.js';
import { RestoreGuard, type Revocation } from './restore-guard.js';
import { planRestore, type Place } from './plan-restore.js';
import { recordRestored } from './record-restored.js';
import { restoreReport } from './restore-report.js';
import { isPartForgotten, revocationsSince } from './revocations.js';

export interface RestoreParts {
  store: BackupStore;
  backup: Backup;
  apis: Apis;
  changes: Changes;
  auditLog: AuditLog;
  auditReader: AuditReader;
  pepper: Pepper;
  dataDir: string;
  rootUser: string;
  hasPanelUsers: boolean;
  hasPanelRoles: boolean;
  now?: () => number;
}

export interface RestoreRequest {
  file: string;
  cwd: string | undefined;
  isDryRun: boolean;
  /** What comes back although it isn't alive now: words of held-back.ts. */
  revive: readonly string[];
  origin: ChangeOrigin;
  say: (text: string) => void;
}

/** Puts the state of a copy in the place of the present one, in one change that counts on every node. */
export class Restore {
  private isRunning = false;

  constructor(private readonly parts: RestoreParts) {}

  /**
   * @returns what became of everything that is not as it was
   * @throws AppError 3 (no such file; a word that stands for nothing), 12 (no copy, or not whole), 2 (another root
   * user), 13 (what was before can't be kept), 14 (one is running already)
   */
  async run(request: RestoreRequest): Promise<string> {
    if (this.isRunning) throw new AppError(ReturnCode.BUSY, 'a restore is running already');
    this.isRunning = true;
    try {
      return await this.runAlone(request);
    } finally {
      this.isRunning = false;
    }
  }

  /** Puts the pepper of a copy that has one into a new file, and does nothing else. */
  async takePepper(from: { file: string; cwd: string | undefined }, to: string): Promise<void> {
    const { copy } = await this.read(from);
    if (copy.pepper === undefined)
      throw notFound('a pepper in the copy (it was not made with --with-pepper; it)');
    await writeNewFile(resolve(from.cwd ?? '/', to), [Buffer.from(`${copy.pepper}\n`)]);
  }

  private async runAlone({ file, cwd, isDryRun, revive, origin, say }: RestoreRequest): Promise<string> {
    const { apis, backup, changes, store, auditReader } = this.parts;
    const { copy, sha256 } = await this.read({ file, cwd });
    say(`the copy of ${copy.head.createdAt} is whole\n`);
    const { chain } = backup.auditHead();
    const revoked = await revocationsSince(auditReader, copy.head, chain);
    // After the searches: files may have been put away while they ran.
    if (revive.includes('unrevoked')) await this.requireRevocations(copy.head);
    const outcome = (present: State, holder: RestoreGuard, wanted: State, safetyCopy?: string) =>
      restoreReport({ copy, present, wanted, held: holder.held, isDryRun, safetyCopy });
    if (isDryRun) {
      const { state } = await store.readAtOneMoment(() => Promise.resolve());
      const present = await this.withApis(state);
      const { wanted, holder } = this.plan(copy, present, revive, revoked);
      return outcome(present, holder, wanted);
    }
    const report = await changes.run(async (change) => {
      const target = { restored: copy.head.createdAt, copy: sha256, revive: revive.join(',') };
      await change.requireApproved({ kind: 'restore', origin, target });
      await store.allowPauses(change.trx);
      const present = await this.withApis(await store.read(change.trx), change.trx);
      const { wanted, holder } = this.plan(copy, present, revive, revoked);
      await breathe();
      const safetyCopy = await this.keepPresent(present, change);
      const number = change.number;
      const difference = await store.replace(change.trx, { present, wanted, changeNumber: number });
      const changedApis = this.parts.hasPanelRoles
        ? []
        : await apis.replaceAll(change, textsOf(present), textsOf(wanted));
      recordRestored(change, origin, {
        copy,
        sha256,
        present,
        wanted,
        difference,
        changedApis,
        held: holder.held,
      });
      return outcome(present, holder, wanted, safetyCopy);
    });
    await this.requireRoleFiles();
    return report;
  }

  private async requireRevocations(head: CopyHead): Promise<void> {
    const { auditLog, dataDir } = this.parts;
    const { chainId: chain } = auditLog;
    const from = chain === head.audit.chain ? head.audit.sequence + 1 : 1;
    if (isPartForgotten(await unbrokenSince(dataDir, auditLog, from), head, chain))
      throw invalid(
        'the audit record begins after this copy, so revocations since then are unknown. Name what to revive',
      );
  }

  private async read({ file, cwd }: { file: string; cwd: string | undefined }) {
    if (file === '') throw new AppError(ReturnCode.ARGS, 'a restore needs the name of a file');
    const { sha256, ...copy } = await parseCopy(await readWholeFile(resolve(cwd ?? '/', file)));
    const { rootUser } = this.parts;
    if (copy.head.rootUser !== rootUser) {
      throw invalid(
        `the copy's root user is ${copy.head.rootUser}, here it is ${rootUser}; nothing was done. ` +
          `Start the service with HEARTHKEY_ROOT_USER=${copy.head.rootUser}, then restore again`,
      );
    }
    return { copy, sha256 };
  }

  private plan(
    copy: Copy,
    present: State,
    revive: readonly string[],
    revoked: ReadonlyMap<string, Revocation>,
  ): { wanted: State; holder: RestoreGuard } {
    const { rootUser, hasPanelUsers, hasPanelRoles, pepper } = this.parts;
    const place: Place = { rootUser, hasPanelUsers, hasPanelRoles, pepperId: pepper.identifier() };
    const holder = new RestoreGuard(revive, revoked);
    const wanted = planRestore(copy, present, holder, place);
    holder.requireAllUsed();
    return { wanted, holder };
  }

  private async withApis(state: State, trx?: Transaction): Promise<State> {
    const { texts } = await this.parts.apis.texts(trx);
    return { ...state, apis: [...texts].map(([name, text]) => ({ name, text })) };
  }

  /** A restore can be taken back: what it replaces is kept as a copy, unless there is nothing to keep. */
  private async keepPresent(present: State, change: Change): Promise<string | undefined> {
    if (isNew(present)) return undefined;
    const { backup, dataDir, now = Date.now } = this.parts;
    const nowMs = now();
    const at = { changeNumber: change.number - 1, createdAtMs: nowMs, head: backup.auditHead() };
    const stamp = new Date(nowMs).toISOString().replace(/[-:]/g, '').replace('.', '-');
    const file = join(dataDir, `before-restore-${stamp}.hkb`);
    await writeNewFile(file, await formatCopy(backup.copyOf(present, at)));
    return file;
  }

  private async requireRoleFiles(): Promise<void> {
    const missing = await this.parts.apis.finishFiles();
    if (missing.length === 0) return;
    throw new AppError(
      ReturnCode.DISK,
      `everything was restored, but these API role files could not be written or removed: ${missing.join(', ')}. ` +
        'They are at the next start of the service',
    );
  }
}

function textsOf({ apis }: State): Map<string, string> {
  return new Map(apis.map(({ name, text }) => [name, text]));
}

/** Whether nobody has used this installation: there is only the root user, no key, and nobody is let in. */
function isNew({ users, access_keys, legacy_keys, allowed_addresses }: State): boolean {
  return users.length <= 1 && access_keys.length + legacy_keys.length + allowed_addresses.length === 0;
}
