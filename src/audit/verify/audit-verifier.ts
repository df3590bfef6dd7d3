import type { AuditLog } from '../audit-log.js';
import { AppError, invalid, ReturnCode } from '../../errors.js';
import { restoreNodeId } from '../../storage/cluster/node-id.js';
import { replaceWholeFile } from '../../storage/sqlite/whole-file.js';
import {
  openStatement,
  readStatement,
  signStatement,
  statementFile,
  type PutAway,
} from '../put-away/statement.js';
import type { Head } from '../record/chain.js';
import { restoreChainId } from '../record/chain-id.js';
import type { RecordIndex } from '../record/record-index.js';
import type { Checkpoints } from '../tree/checkpoints.js';
import type { HeadStore } from '../tree/head-store.js';
import type { SignedHead } from '../tree/record-tree.js';
import { openCheckpoint } from '../tree/signed-note.js';
import type { AuditWitnesses } from '../tree/audit-witnesses.js';
import { VerificationFile } from './saved-verification.js';
import { Interrupted, type Progress, type RunOptions } from './verification-run.js';
import type { Finding } from './walk-options.js';
import { TreeCheck, type KeptCheckpoint } from './tree-check.js';
import { verifyRecord, type Verification } from './verify-record.js';

export interface AuditVerifierParts {
  dataDir: string;
  log: AuditLog;
  checkpoints: Checkpoints;
  store: HeadStore;
  index: RecordIndex;
  witnesses: Pick<AuditWitnesses, 'ask' | 'names'>;
}

/** Options for a caller that waits. */
export interface HowToVerify {
  /** Go on from an interrupted one, if that still fits the record. */
  isResumed?: boolean;
  signal?: AbortSignal;
  onProgress?: ((progress: Progress) => void) | undefined;
}

/** Verifies the record of the running process, against all that is known of it. */
export class AuditVerifier {
  /** The last verification of this process, and when it ended. */
  last: (Verification & { atMs: number }) | undefined;

  private isKeeping = false;
  private readonly file: VerificationFile;

  constructor(private readonly parts: AuditVerifierParts) {
    this.file = new VerificationFile(parts.dataDir, parts.log.record.key);
  }

  get chainId(): string {
    return this.parts.log.chainId;
  }

  /** What somebody could still do unseen. */
  get remainder(): string {
    const { names } = this.parts.witnesses;
    const without = 'Somebody without the audit key can add, alter or remove nothing unseen.';
    return names.length === 0
      ? `${without} Somebody with the key, and the database, could begin the record anew: no witness would know. Set HEARTHKEY_AUDIT_WITNESS, or keep v-verify-audit --head elsewhere.`
      : `${without} Somebody with the key would have to change what these know as well: ${names.join(', ')}.`;
  }

  /**
   * @throws AppError 14 when it was interrupted, which says whether it can be gone on with; 2 for a head that was put
   * away
   */
  async verify(
    expected: Head | undefined,
    from: number | undefined,
    how: HowToVerify = {},
  ): Promise<Verification> {
    // Of a part nothing is kept, nor of a second one meanwhile.
    const isKept = from === undefined && !this.isKeeping;
    if (isKept) this.isKeeping = true;
    try {
      const file = isKept ? this.file : undefined;
      const saved = how.isResumed === true ? await file?.read() : undefined;
      const isUsable = saved !== undefined && (expected?.sequence ?? Infinity) > saved.walk.head.sequence;
      const { signal, onProgress } = how;
      const run = { chain: this.chainId, file, saved: isUsable ? saved : undefined, signal, onProgress };
      return await this.verifyAll(expected, from, run);
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
      throw new AppError(ReturnCode.BUSY, `${error.message}; ${nextStep(error)}`);
    } finally {
      if (isKept) this.isKeeping = false;
    }
  }

  private async verifyAll(
    expected: Head | undefined,
    from: number | undefined,
    run: RunOptions,
  ): Promise<Verification> {
    const { dataDir, log, checkpoints, store, index } = this.parts;
    this.refuseOlder(expected);
    const findings: Finding[] = log.record.findings.map(({ problem }) => ({
      place: 'the present start',
      problem,
    }));
    // Before anything is written anew: what is stored now was stored by this node, or by somebody else.
    const stored = await this.storedHeads(findings);
    const signed = await checkpoints.takeSigned();
    if (!(await log.tree.checkFile()))
      findings.push({
        place: 'checkpoint',
        problem: 'the signed head on the disk was altered; it was written anew',
      });
    findings.push(...this.restoreIdentity());
    const witnesses = await this.parts.witnesses.ask();
    findings.push(...witnesses.findings);
    if (signed === undefined)
      findings.push({ place: 'the tree', problem: 'it is still being read: verify again in a while' });
    const heads = [...stored, ...witnesses.heads, ...(signed === undefined ? [] : [signedHere(signed)])];
    const plain = await store.plainHeads(log.chainId);
    const found = await verifyRecord({
      ...{ dataDir, from, findings, chain: log.chainId, run },
      known: expected === undefined ? plain : [...plain, expected],
      current: () => ({ head: log.head, putAway: this.statedNow(findings) }),
      isNext: (previous, leaf, value) => log.record.chain.isNext(previous, leaf, value),
      tree: (walk) =>
        new TreeCheck(dataDir, log.chainId, heads, signed, (place, problem) => walk.find(place, problem)),
      lookAt: async (file, walk) => {
        const problem = await index.repair(file);
        if (problem !== undefined) walk.find(problem.place, problem.problem);
      },
    });
    this.last = { ...found, atMs: Date.now() };
    return found;
  }

  /** The present head, which is on the disk and in the database when this returns. */
  takeHead(): Promise<Head> {
    return this.parts.checkpoints.take();
  }

  /** Names of this node and its record in the data directory: a start with other ones would begin a new tree. */
  private restoreIdentity(): Finding[] {
    const { dataDir, log, store } = this.parts;
    const files: [string, () => boolean][] = [['audit-chain', () => restoreChainId(dataDir, log.chainId)]];
    if (store.node !== '') files.push(['node-id', () => restoreNodeId(dataDir, store.node)]);
    return files.flatMap(([place, restore]) => {
      const altered = 'it was altered or removed while the service ran';
      try {
        return restore() ? [] : [{ place, problem: `${altered}; it was written anew` }];
      } catch (error) {
        const { code = 'unknown error' } = error as NodeJS.ErrnoException;
        return [{ place, problem: `${altered}, and can't be written anew: ${code}` }];
      }
    });
  }

  /** In the very step in which the files are opened, so that nothing is put away in between. */
  private statedNow(findings: Finding[]): PutAway | undefined {
    const { dataDir, log } = this.parts;
    const { putAway, key } = log.record;
    const note = readStatement(dataDir);
    const isRight =
      putAway === undefined
        ? note === undefined
        : openStatement(note ?? '', key, log.chainId)?.begin === putAway.begin;
    if (isRight) return putAway;
    const problem =
      putAway === undefined
        ? 'the audit key here did not sign it'
        : 'it was altered or removed; it was written anew';
    findings.push({ place: 'beginning', problem });
    if (putAway !== undefined) replaceWholeFile(statementFile(dataDir), signStatement(key, putAway));
    return putAway;
  }

  /** What was put away can't be compared any more, but for its end. */
  private refuseOlder(expected: Head | undefined): void {
    const { begin = 1 } = this.parts.log.record.putAway ?? {};
    if (expected !== undefined && expected.sequence < begin - 1)
      throw invalid(
        `number ${String(expected.sequence)} was put away on purpose: the record begins with number ${String(begin)}`,
      );
  }

  private async storedHeads(findings: Finding[]): Promise<KeptCheckpoint[]> {
    const { store, log } = this.parts;
    const heads: KeptCheckpoint[] = [];
    let newest = 0;
    const { chain } = await store.known();
    if (chain !== log.chainId)
      findings.push({
        place: 'the database',
        problem: `it names the chain ${chain ?? 'not at all'} for this node`,
      });
    for (const { origin, size, note } of await store.ownHeads()) {
      const head = openCheckpoint(note, log.record.key.verifierKey);
      if (head?.origin !== origin || head.size !== size) {
        const problem = `the database has a head of ${origin} that the audit key here did not sign`;
        findings.push({ place: 'the database', problem });
        continue;
      }
      heads.push({ ...head, keptBy: 'the database' });
      const begin = Number(origin.split('/')[2] ?? '1');
      newest = Math.max(newest, begin + head.size - 1);
    }
    if (newest < log.record.storedSequence)
      findings.push({
        place: 'the database',
        problem: `it had a signed head of number ${String(log.record.storedSequence)}, now its newest is of ${String(newest)}`,
      });
    return heads;
  }
}

/** Nothing is saved of a part, of a second verification at the same time, or while a problem is still open. */
function nextStep({ savedNumber }: Interrupted): string {
  return savedNumber === undefined
    ? 'nothing of it was saved, so the next one begins again'
    : `v-verify-audit --resume goes on after number ${String(savedNumber)}`;
}

function signedHere({ origin, size, root }: SignedHead): KeptCheckpoint {
  return { origin, size, root, keptBy: 'the signed head on the disk' };
}
