import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Apis } from '../apis/apis.js';
import { describeChange, type ChangeOrigin } from '../audit/audit-event.js';
import type { AuditLog } from '../audit/audit-log.js';
import { AppError, ReturnCode } from '../errors.js';
import type { Pepper } from '../secrets/pepper.js';
import type { BackupStore } from './backup-store.js';
import { formatCopy, type Copy, type CopyHead } from './copy-format.js';
import { writeNewFile } from './copy-file.js';
import type { State } from './copied-state.js';

export interface BackupParts {
  store: BackupStore;
  apis: Apis;
  audit: AuditLog;
  pepper: Pepper;
  rootUser: string;
  now?: () => number;
}

export interface BackupRequest {
  /** Absolute, or relative to `cwd`. */
  file: string;
  cwd: string | undefined;
  withPepper: boolean;
  origin: ChangeOrigin;
}

/** How often role files that were changed meanwhile are read again before it is said so. */
const attempts = 20;

/** Copies the whole state into one file, as it was at one moment, while the service goes on. */
export class Backup {
  constructor(private readonly parts: BackupParts) {}

  /**
   * @returns a line that says what is in the copy, and which API role files are none and so aren't
   * @throws AppError 4 (there is such a file), 3 (no such directory), 13 (it can't be written)
   */
  async run({
    file,
    cwd,
    withPepper,
    origin,
  }: BackupRequest): Promise<{ summary: string; leftOut: string[] }> {
    const { audit, pepper } = this.parts;
    if (file === '') throw new AppError(ReturnCode.ARGS, 'the copy needs the name of a file');
    const path = resolve(cwd ?? '/', file);
    const { copy, leftOut } = await this.copyOfNow();
    if (withPepper) copy.pepper = pepper.inBase64();
    await writeNewFile(path, await formatCopy(copy));
    const summary = `${path}: ${describeState(copy.state)}`;
    const target = { copy: copy.head.createdAt, file: path, pepper: withPepper ? 'yes' : 'no' };
    try {
      await audit.append({ ...describeChange(origin, target), type: 'result' });
    } catch (error) {
      // Nobody takes a copy unseen.
      await rm(path, { force: true });
      throw error;
    }
    return { summary, leftOut };
  }

  /** The state of one moment. */
  async copyOfNow(): Promise<{ copy: Copy; leftOut: string[] }> {
    const { store, apis, now = Date.now } = this.parts;
    for (let attempt = 1; ; attempt++) {
      const before = await apis.texts();
      const createdAtMs = now();
      // Before the state is read: what is recorded after this may not be in it.
      const head = this.auditHead();
      const { state, changeNumber, also } = await store.readAtOneMoment((db) => apis.texts(db));
      const after = await apis.texts();
      // Role files are not the database's, unless nodes share them: they have to be the same before and after.
      if (!isSame(before.texts, after.texts) && attempt < attempts) continue;
      state.apis = [...also.texts].map(([name, text]) => ({ name, text }));
      return { copy: this.copyOf(state, { changeNumber, createdAtMs, head }), leftOut: also.unreadable };
    }
  }

  /** How far the audit record of this node goes. */
  auditHead(): CopyHead['audit'] {
    const { audit } = this.parts;
    return { chain: audit.chainId, ...audit.head };
  }

  copyOf(state: State, at: { changeNumber: number; createdAtMs: number; head: CopyHead['audit'] }): Copy {
    const { pepper, rootUser } = this.parts;
    const head = {
      createdAt: new Date(at.createdAtMs).toISOString(),
      rootUser,
      changeNumber: at.changeNumber,
      pepperId: pepper.identifier(),
      audit: at.head,
    };
    return { head, state };
  }
}

export function describeState(state: State): string {
  const counts = [
    [state.users.length, 'users'],
    [state.access_keys.length, 'access keys'],
    [state.legacy_keys.length, 'legacy API keys'],
    [state.apis.length, 'API roles'],
    [state.allowed_addresses.length, 'allowed addresses'],
  ] as const;
  return counts.map(([count, what]) => `${String(count)} ${what}`).join(', ');
}

function isSame(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): boolean {
  return one.size === other.size && [...one].every(([name, text]) => other.get(name) === text);
}
