import { createHmac } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AuditKey } from '../key/audit-key.js';
import { isSameMac } from '../key/mac.js';
import { decodeTrees, encodeTrees, type PutAwayTree } from '../put-away/statement.js';
import type { WalkState } from './walk-options.js';

/** A file of the record as it was when it was verified. */
export interface VerifiedFile {
  first: number;
  inode: number;
  size: number;
  /** It changes with every write and rename, and nobody can set it. */
  changedMs: number;
}

/** How far a verification of the whole record has come. */
export interface SavedVerification {
  chain: string;
  /** With which number the record began. */
  begin: number;
  startedAt: string;
  walk: WalkState;
  /** As they were rebuilt from the lines up to here. */
  trees: readonly PutAwayTree[];
  /** Files that were read to their end. */
  done: readonly VerifiedFile[];
  /** Where it goes on. */
  place: VerifiedFile & { isCurrent: boolean; offset: number; line: number };
}

/**
 * The state of an interrupted verification, in the data directory. It has a MAC under the audit key: a state that
 * somebody has altered or made up counts as none, and one of an older verification says only what was so then.
 */
export class VerificationFile {
  private readonly file: string;
  private readonly key: Buffer;

  constructor(dataDir: string, key: AuditKey) {
    this.file = join(dataDir, 'audit-verification');
    this.key = key.derive('verification');
  }

  async read(): Promise<SavedVerification | undefined> {
    const [text = '', mac = ''] = (await readFile(this.file, 'latin1').catch(() => '')).split('\n');
    if (!isSameMac(this.macOf(text), mac)) return undefined;
    const saved = JSON.parse(Buffer.from(text, 'latin1').toString()) as SavedVerification;
    return { ...saved, trees: decodeTrees(saved.trees) };
  }

  async write(saved: SavedVerification): Promise<void> {
    const trees = encodeTrees(saved.trees);
    const text = Buffer.from(JSON.stringify({ ...saved, trees })).toString('latin1');
    await writeFile(`${this.file}.new`, `${text}\n${this.macOf(text)}\n`, {
      mode: 0o600,
      encoding: 'latin1',
    });
    await rename(`${this.file}.new`, this.file);
  }

  async remove(): Promise<void> {
    await rm(this.file, { force: true });
  }

  private macOf(text: string): string {
    return createHmac('sha256', this.key).update(text, 'latin1').digest('hex');
  }
}
