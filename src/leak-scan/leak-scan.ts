import { basename, dirname, join } from 'node:path';
import { accessKeyIdPattern } from '../text/names.js';
import { ChunkScan, type LocatedCandidate } from './scan-chunks.js';
import type { Judge } from './judge.js';
import { ScanFailed } from './scan-failed.js';
import type { Chunks } from './sources/byte-reader.js';
import { historyOf, NoGit } from './sources/git-history.js';
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
      if (found.kind === 'file') await this.scanFile(found.path, found.path === path);
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
    this.say(`not read: ${name}: ${why}`);
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
      for await (const { path, commit, size, chunks } of historyOf(folder)) {
        this.commit = commit;
        const name = path === '' ? `${root} (message)` : join(root, path);
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
    const scan = new ChunkScan(fileIdOf(name));
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

  /** What fails here is nothing that the file is at fault for. */
  private async judged(name: string, candidates: readonly LocatedCandidate[]): Promise<void> {
    const { commit } = this;
    try {
      for (const candidate of candidates) await this.judge.add(candidate, name, commit);
      this.onProgress(name);
    } catch (error) {
      throw ScanFailed.from(error);
    }
  }
}

/** A panel keeps each key in a file that is named after its ID. */
function fileIdOf(name: string): string | undefined {
  const last = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('!')) + 1);
  return accessKeyIdPattern.test(last) ? last : undefined;
}
