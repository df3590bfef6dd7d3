import { closeSync, fdatasync, fdatasyncSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import type { AuditKey } from './audit-key.js';
import { FixedLengthMac, isSameMac } from './mac.js';

/** What is known of the record apart from it. */
export interface KeptHead {
  chain: string;
  /** The node's ID in the database; empty: one process owns the data. */
  node: string;
  /** The number of the line with which the present tree begins. */
  treeBegin: number;
  sequence: number;
  /** The chain value of that line; 64 hexadecimal digits. */
  hash: string;
  /** The newest line up to which the database has a signed head. */
  stored: number;
}

const mark = 'hk-head1';
const numberDigits = 16;
const noNode = '-'.repeat(16);
const macDigits = 64;
const slotBytes = 512;
const pattern =
  /^hk-head1 (\d{16}) (\d{16}) ([0-9a-f]{64}) (\d{16}) ([0-9a-f]{32}) (\d{16}) ([0-9a-f]{16}|-{16}) $/;
const textBytes = mark.length + 1 + 4 * (numberDigits + 1) + 65 + 33 + 17;

/**
 * The newest head, in a file beside the audit key: overwritten with each batch of events by one `pwrite`, so that
 * also after `kill -9` no line can be cut unseen by somebody who writes only the data directory and the database.
 *
 * There are two slots, written in turn, each with a MAC: a write that a kill or a power loss cut in two leaves the
 * other slot. The record is written first, so it may be ahead of this file by one batch, and is never behind it.
 */
export class HeadFile {
  private readonly mac: FixedLengthMac;
  private readonly slot = Buffer.alloc(textBytes + macDigits + 1, ' ');
  private descriptor: number;
  private isOpen = true;
  private isDirty = false;
  private syncing: Promise<void> = Promise.resolve();
  private counter = 0;
  private kept: KeptHead | undefined;

  constructor(
    private readonly file: string,
    key: AuditKey,
  ) {
    this.mac = new FixedLengthMac(key.derive('head file'), textBytes);
    this.descriptor = openOrMake(file);
  }

  /** Whether anything was ever written there. */
  get isEmpty(): boolean {
    return fstatSync(this.descriptor).size === 0;
  }

  /** The newest slot that was written with this key; undefined: there is none. */
  read(): KeptHead | undefined {
    const bytes = Buffer.alloc(2 * slotBytes);
    const length = readSync(this.descriptor, bytes, 0, bytes.length, 0);
    for (const start of [0, slotBytes]) {
      const found = this.parse(bytes.subarray(start, Math.min(length, start + slotBytes)));
      if (found === undefined || found.counter <= this.counter) continue;
      ({ counter: this.counter, head: this.kept } = found);
    }
    return this.kept;
  }

  /** Of the next write: everything but the head itself. */
  describe(about: Omit<KeptHead, 'sequence' | 'hash'>): void {
    const { chain, node, treeBegin, stored } = about;
    const rest = `${digits(stored)} ${chain} ${digits(treeBegin)} ${node === '' ? noNode : node} `;
    this.slot.write(`${mark} `, 0, 'latin1');
    this.slot.write(rest, mark.length + 1 + 2 * (numberDigits + 1) + 65, 'latin1');
    this.slot.write('\n', textBytes + macDigits, 'latin1');
  }

  /** @throws Error where it can't be written whole: the other slot stays as it is until it can */
  write(sequence: number, hash: string): void {
    const { slot } = this;
    const counter = this.counter + 1;
    slot.write(`${digits(counter)} ${digits(sequence)} ${hash} `, mark.length + 1, 'latin1');
    slot.copy(this.mac.message, 0, 0, textBytes);
    slot.write(this.mac.digest(), textBytes, 'latin1');
    const place = (counter % 2) * slotBytes;
    if (this.isOpen) this.put(this.descriptor, place);
    else this.writeOnce(place);
    this.counter = counter;
    this.isDirty = true;
  }

  /** Resolves when what was written before is on the disk. */
  sync(): Promise<void> {
    this.syncing = this.syncing.catch(() => undefined).then(() => this.syncOnce());
    return this.syncing;
  }

  /** Somebody deleted it: it is made anew, or, where it can't be, the present one stays open. */
  restore(): boolean {
    if (fstatSync(this.descriptor).nlink > 0) return false;
    // First the new one: the number of a closed descriptor soon is another file's, and would be written to.
    const opened = openOrMake(this.file);
    this.closeLater(this.descriptor);
    this.descriptor = opened;
    return true;
  }

  close(): void {
    this.isOpen = false;
    try {
      fdatasyncSync(this.descriptor);
    } finally {
      this.closeLater(this.descriptor);
    }
  }

  private async syncOnce(): Promise<void> {
    if (!this.isDirty || !this.isOpen) return;
    this.isDirty = false;
    try {
      await promisify(fdatasync)(this.descriptor);
    } catch (error) {
      this.isDirty = true;
      throw error;
    }
  }

  /** What still runs on it ends first. */
  private closeLater(descriptor: number): void {
    void this.syncing.catch(() => undefined).finally(() => closeSync(descriptor));
  }

  /** At an orderly end the database is told of the last head when the record is closed. */
  private writeOnce(place: number): void {
    const descriptor = openSync(this.file, 'r+');
    try {
      this.put(descriptor, place);
      fdatasyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  }

  /** A disk that is full may take a part of it. */
  private put(descriptor: number, place: number): void {
    const { slot } = this;
    if (writeSync(descriptor, slot, 0, slot.length, place) < slot.length)
      throw new Error('the head file beside the audit key could not be written whole: is the disk full?');
  }

  private parse(bytes: Buffer): { counter: number; head: KeptHead } | undefined {
    if (bytes.length < this.slot.length) return undefined;
    const text = bytes.toString('latin1', 0, textBytes);
    const match = pattern.exec(text);
    bytes.copy(this.mac.message, 0, 0, textBytes);
    const isGenuine = isSameMac(
      this.mac.digest(),
      bytes.toString('latin1', textBytes, textBytes + macDigits),
    );
    if (match === null || !isGenuine) return undefined;
    const [, counter, sequence, hash = '', stored, chain = '', treeBegin, node = ''] = match;
    const head = {
      ...{ chain, node: node === noNode ? '' : node, hash },
      ...{ treeBegin: Number(treeBegin), sequence: Number(sequence), stored: Number(stored) },
    };
    return { counter: Number(counter), head };
  }
}

/** Not for appending: each slot has its place. */
function openOrMake(file: string): number {
  closeSync(openSync(file, 'a+', 0o600));
  return openSync(file, 'r+');
}

function digits(number: number): string {
  return String(number).padStart(numberDigits, '0');
}
