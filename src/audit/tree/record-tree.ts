import type { AuditRecord } from '../record/audit-record.js';
import { closeRecordFiles, openRecordFiles } from '../record/record-files.js';
import { AlteredRecord, LeafReader } from './leaf-reader.js';
import { growFromTiles } from './grow-from-tiles.js';
import { GrowingTree } from './merkle.js';
import { TreeProofs, type SizedRoot } from './proofs.js';
import { openCheckpoint, originOf, signCheckpoint } from './signed-note.js';
import { TileStore } from './tile-store.js';

/** Tiles in memory while they can't be written: 32 MiB, the leaves of a million events. */
const mostTiles = 4096;

/** A head that was signed, and is on the disk. */
export interface SignedHead extends SizedRoot {
  origin: string;
  note: string;
  /** The number of the newest line in it. */
  sequence: number;
}

/**
 * The Merkle tree over the record's lines. It grows with the record; its tiles and signed heads are written off the
 * path of decisions. After a start it is taken up from the tiles of the newest signed head, and the lines since then
 * are read; where the tiles don't give the root that was signed, it is made anew from all lines. The same is done once
 * tiles can be written again, if too many were waiting for that.
 */
export class RecordTree {
  private begin = 0;
  private tree = new GrowingTree();
  private store: TileStore;
  /** False while lines of it are still to be read. */
  private isCurrent = false;
  private newest: SignedHead | undefined;

  constructor(
    private readonly dataDir: string,
    private readonly record: AuditRecord,
    private readonly mostWaiting = mostTiles,
  ) {
    this.store = new TileStore(dataDir, 0);
    record.onLines = (leaves, newTree) => this.take(leaves, newTree);
  }

  get signed(): SignedHead | undefined {
    return this.newest;
  }

  get isReady(): boolean {
    return this.isCurrent;
  }

  get origin(): string {
    return originOf(this.record.chainId, this.begin);
  }

  /** Reads what it has not seen. @throws AlteredRecord */
  async catchUp(): Promise<void> {
    const { begin } = this.record.tree;
    // While nothing could be recorded since the start, there is no tree.
    if (this.isCurrent || begin === 0) return;
    await this.takeUp(begin);
    while (this.hasToRead(begin)) await this.readLines(begin);
    if (this.begin === begin) this.isCurrent = true;
  }

  /**
   * Signs the present head and writes it, with the tiles that it stands on.
   *
   * @param sync - puts the record on the disk up to here
   * @returns the newest head; undefined: there is none, or the tree is still being read
   */
  async sign(sync: () => Promise<void>): Promise<SignedHead | undefined> {
    const { tree, store, begin } = this;
    const { size } = tree;
    if (!this.isCurrent || size === 0) return undefined;
    if (this.newest?.origin === this.origin && this.newest.size === size) return this.newest;
    const root = tree.root();
    const partial = tree.partialTiles();
    const { origin } = this;
    const note = signCheckpoint(this.record.key, { origin, size, root });
    await sync();
    await store.flush(partial);
    await store.writeCheckpoint(note);
    if (store === this.store) this.newest = { origin, size, root, note, sequence: begin + size - 1 };
    return this.newest;
  }

  /** Of a head that was signed. */
  proofs(size: number): TreeProofs {
    const { store } = this;
    return new TreeProofs(size, (level, index, width) => store.read(level, index, width));
  }

  private take(leaves: readonly string[], newTree: number | undefined): void {
    if (newTree !== undefined) {
      this.beginAt(newTree);
      this.isCurrent = true;
    }
    if (!this.isCurrent) return;
    for (const leaf of leaves) this.tree.push(leaf);
    if (this.store.waitingTiles <= this.mostWaiting) return;
    this.beginAt(this.begin);
    this.isCurrent = false;
  }

  private beginAt(begin: number): void {
    const store = new TileStore(this.dataDir, begin);
    this.begin = begin;
    this.store = store;
    this.tree = new GrowingTree((tile) => store.add(tile));
  }

  /** Whether the newest head still lies on the disk as it was signed; it is written anew where not. */
  async checkFile(): Promise<boolean> {
    const { newest, store } = this;
    if (newest === undefined || (await store.readCheckpoint()) === newest.note) return true;
    await store.writeCheckpoint(newest.note);
    return false;
  }

  private async takeUp(begin: number): Promise<void> {
    this.beginAt(begin);
    const note = await this.store.readCheckpoint();
    // A kill may have come before the first head was signed; the database gets none that is not on the disk.
    const isNew = this.putAwayOf(begin) === undefined && this.record.storedSequence < begin;
    if (note === undefined && isNew) return;
    if (await this.takeUpFrom(note ?? '', begin)) return;
    const putAway = this.putAwayOf(begin);
    if (putAway !== undefined) await this.growFrom(putAway, this.store);
    const problem =
      'the signed head of the tree or its tiles were missing or altered; they are made anew from the lines';
    const { findings } = this.record;
    if (findings.every((found) => found.problem !== problem))
      findings.push({ note: 'record_altered', problem });
  }

  private async takeUpFrom(note: string, begin: number): Promise<boolean> {
    const { store } = this;
    const signed = openCheckpoint(note, this.record.key.verifierKey);
    if (signed?.origin !== this.origin || signed.size > this.record.tree.size) return false;
    const { size, root } = signed;
    if (!(await this.growFrom({ size, root }, store))) return false;
    if (this.begin === begin)
      this.newest = { origin: signed.origin, size, root, note, sequence: begin + size - 1 };
    return true;
  }

  /** Lines that were put away can't be read any more: what was signed when they were stands for them. */
  private putAwayOf(begin: number): SizedRoot | undefined {
    return this.record.putAway?.trees.find((tree) => tree.begin === begin);
  }

  private async growFrom(known: SizedRoot, store: TileStore): Promise<boolean> {
    const tree = await growFromTiles(store, known, (tile) => store.add(tile));
    // Another tree may have begun meanwhile.
    if (tree !== undefined && this.store === store) this.tree = tree;
    return tree !== undefined;
  }

  /** Asked in the step after the last reading, so that no line comes in between. */
  private hasToRead(begin: number): boolean {
    return this.begin === begin && begin + this.tree.size - 1 < this.record.head.sequence;
  }

  private async readLines(begin: number): Promise<void> {
    const next = begin + this.tree.size;
    const files = await openRecordFiles(this.dataDir);
    try {
      const first = files.findLastIndex(({ firstSequence }) => firstSequence < next);
      const reader = new LeafReader(this.record, next);
      for (const file of files.slice(Math.max(0, first))) {
        for await (const leaf of reader.leaves(file)) {
          if (this.begin !== begin) return; // another tree was begun meanwhile
          this.tree.push(leaf);
          if (this.store.waitingTiles >= this.mostWaiting) await this.store.flush([]);
        }
      }
      if (begin + this.tree.size === next) throw new AlteredRecord(next);
    } finally {
      closeRecordFiles(files);
    }
  }
}
