import { basename, dirname, join } from 'node:path';
import { ChunkScan, type LocatedCandidate } from './scan-chunks.js';
import type { Judge } from './judge.js';
import { ScanFailed } from './scan-failed.js';
import { idInPath, maskSecretsIn, secretsInName } from './secrets-in-names.js';
import type { Chunks } from './sources/byte-reader.js';
import { historyOf } from './sources/git-history.js';
import type { HistoryObject } from './sources/git-objects.js';
import { NoGit } from './sources/git.js';
import { Allowance } from './sources/archive-budget.js';
import { readSource, type SourceReader } from './sources/read-source.js';
import { openFile, walk } from './sources/walk.js';

/** What a scan has done so far. */
export interface ScanCounts {
  files: number;
  bytes: number;
  unread: number;
}

/** Scans files, what is in archives, and histories of git; a judge says of what was found whose it is. */
export class LeakScan {
  readonly counts: ScanCounts = { files: 0, bytes: 0, unread: 0 };
  /** The commit that is read; empty: none. */
  private commit = '';
  private readonly allowance = new Allowance();
  private readonly reader: SourceReader = {
    text: (name, chunks) => this.scanText(name, chunks),
    name: (name, from) => this.scanName(name, from),
    unread: (name, why) => this.tellUnread(name, why),
  };

  /**
   * @param say - told what could not be read
   * @param onProgress - called after each part that was read
   */
  constructor(
    private readonly judge: Judge,
    private readonly say: (line: string) => void,
    private readonly onProgress: (name: string) => void = () => undefined,
  ) {}

  /** @throws ScanFailed where nobody can judge what is found, or it can't be reported */
  async scanPath(path: string): Promise<void> {
    for (const found of walk(path)) {
      if (found.kind === 'name') await this.scanName(found.path, found.from);
      else if (found.kind === 'file') await this.scanFile(found.path, found.path === path);
      else if (found.kind === 'repository') await this.scanHistory(found.path);
      else this.tellUnread(found.path, found.why);
    }
  }

  /** @throws ScanFailed as `scanPath` */
  async scanStream(name: string, chunks: Chunks): Promise<void> {
    await readSource({ name, chunks }, undefined, this.reader, this.allowance);
  }

  tellUnread(name: string, why: string): void {
    this.counts.unread++;
    this.say(maskSecretsIn(`not read: ${name}: ${why}`));
  }

  private async scanFile(path: string, isNamed: boolean): Promise<void> {
    let file: ReturnType<typeof openFile>;
    try {
      file = openFile(path, isNamed);
    } catch (error) {
      this.tellUnread(path, (error as Error).message);
      return;
    }
    try {
      await readSource({ name: path, chunks: file.chunks, file }, file.size, this.reader, this.allowance);
    } finally {
      file.close();
    }
  }

  private async scanHistory(folder: string): Promise<void> {
    const root = basename(folder) === '.git' ? dirname(folder) : folder;
    try {
      for await (const object of historyOf(folder)) {
        const { size, chunks } = object;
        this.commit = object.commit;
        const name = nameIn(root, object);
        await readSource({ name, chunks }, size, this.reader, this.allowance);
      }
    } catch (error) {
      if (error instanceof ScanFailed) throw error;
      const why =
        error instanceof NoGit
          ? 'git is not installed, so its history was not read'
          : (error as Error).message;
      this.tellUnread(folder, why);
    } finally {
      this.commit = '';
    }
  }

  private async scanText(name: string, chunks: AsyncIterable<Buffer>): Promise<void> {
    const scan = new ChunkScan(idInPath(name));
    this.counts.files++;
    let cutOff: Error | undefined;
    try {
      for await (const chunk of chunks) {
        this.counts.bytes += chunk.length;
        await this.judged(name, scan.push(chunk));
      }
    } catch (error) {
      if (error instanceof ScanFailed) throw error;
      cutOff = error as Error;
    }
    // Also where it is cut off: all that was read is looked at.
    await this.judged(name, scan.end());
    if (cutOff !== undefined) throw cutOff;
  }

  private async scanName(path: string, from: number): Promise<void> {
    const { commit } = this;
    const found = secretsInName(path, from);
    if (found.length === 0) return;
    const file = maskSecretsIn(path);
    await this.failing(async () => {
      for (const candidate of found) await this.judge.addName({ ...candidate, line: 0 }, file, commit);
    });
  }

  private async judged(name: string, candidates: readonly LocatedCandidate[]): Promise<void> {
    const { commit } = this;
    const file = candidates.length === 0 ? name : maskSecretsIn(name);
    await this.failing(async () => {
      for (const candidate of candidates) await this.judge.add(candidate, file, commit);
      this.onProgress(name);
    });
  }

  /** What fails here is nothing that the file is at fault for. */
  private async failing(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      throw ScanFailed.from(error);
    }
  }
}

/** How a report names what is in a history. */
function nameIn(root: string, { hash, path, commit, kind }: HistoryObject): string {
  if (commit === '') return `${root} (object ${hash})`;
  return kind === 'file' ? join(root, path) : `${join(root, path)} (${kind})`;
}
