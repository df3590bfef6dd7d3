import { basename, dirname, join } from 'node:path';
import { ChunkScan } from './scan-chunks.js';
import type { Judge } from './judge.js';
import type { Chunks } from './sources/byte-reader.js';
import { historyOf, NoGit } from './sources/git-history.js';
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

  async scanPath(path: string): Promise<void> {
    for (const found of walk(path)) {
      if (found.kind === 'file') await this.scanFile(found.path, found.path === path);
      else if (found.kind === 'repository') await this.scanHistory(found.path);
      else this.tellUnread(found.path, found.why);
    }
  }

  async scanStream(name: string, chunks: Chunks): Promise<void> {
    await readSource({ name, chunks }, undefined, this.reader);
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
      await readSource({ name: path, chunks: file.chunks, file }, file.size, this.reader);
    } finally {
      file.close();
    }
  }

  private async scanHistory(folder: string): Promise<void> {
    const root = basename(folder) === '.git' ? dirname(folder) : folder;
    try {
      for await (const { path, commit, chunks } of historyOf(folder)) {
        this.commit = commit;
        const name = path === '' ? `${root} (message)` : join(root, path);
        await readSource({ name, chunks }, undefined, this.reader);
      }
    } catch (error) {
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
    const scan = new ChunkScan();
    const { commit } = this;
    this.counts.files++;
    for await (const chunk of chunks) {
      this.counts.bytes += chunk.length;
      for (const candidate of scan.push(chunk)) await this.judge.add(candidate, name, commit);
      this.onProgress(name);
    }
    for (const candidate of scan.end()) await this.judge.add(candidate, name, commit);
  }

  private tellUnread(name: string, why: string): void {
    this.counts.unread++;
    this.say(`not read: ${name}: ${why}`);
  }
}
