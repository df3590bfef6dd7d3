import type { Chunks } from './byte-reader.js';
import type { RandomAccess } from './zip.js';

/** What an archive may come to when it is unpacked: this many times its size, and this much besides. */
export const unpackedLimit = { times: 100, bytes: 1_073_741_824 } as const;

/** What all archives of a scan may come to besides: many small ones that are far larger unpacked are one large one. */
const besidesOfAll = 17_179_869_184;

/** The part of it that is left. */
export class Allowance {
  constructor(public left: number = besidesOfAll) {}
}

/** The archive is far larger unpacked than packed: nothing more of it is read, on any level. */
export class BudgetSpent extends Error {
  constructor() {
    super('it is far larger unpacked than packed, so the rest of it was left out');
  }
}

/** How much may be unpacked of one file, and of all that is in it. */
export class Budget {
  private earned = 0;
  private spent = 0;
  /** By so much it has come to more than was earned. */
  private beyond = 0;

  constructor(
    private readonly limit: { times: number; bytes: number },
    private readonly allowance: Allowance,
  ) {}

  /** So many bytes of it lie there as they are. */
  earn(bytes: number): void {
    this.earned += bytes * this.limit.times;
  }

  /** @throws BudgetSpent */
  spend(bytes: number): void {
    this.spent += bytes;
    const more = this.spent - this.earned - this.beyond;
    if (more <= 0) return;
    this.beyond += more;
    this.allowance.left -= more;
    if (this.beyond > this.limit.bytes || this.allowance.left < 0) throw new BudgetSpent();
  }

  /** The same parts, as long as there is something left to spend. */
  async *through(chunks: Chunks): AsyncGenerator<Buffer, void> {
    for await (const chunk of chunks) {
      this.spend(chunk.length);
      yield chunk;
    }
  }

  /** The same parts of a file of which the size is not known before. */
  async *earning(chunks: Chunks): AsyncGenerator<Buffer, void> {
    for await (const chunk of chunks) {
      this.earn(chunk.length);
      yield chunk;
    }
  }

  /** The same file: what is read of it counts, because its list may name the same place many times. */
  charged(archive: RandomAccess): RandomAccess {
    return {
      size: archive.size,
      read: (offset, length) => {
        const bytes = archive.read(offset, length);
        this.spend(bytes.length);
        return bytes;
      },
    };
  }
}
