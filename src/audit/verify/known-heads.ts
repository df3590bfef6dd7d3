import type { Head } from '../record/chain.js';

/** Heads that the chain must go through, until it has. */
export class KnownHeads {
  private readonly heads = new Map<number, Head>();

  /** @param find - told of what is wrong */
  constructor(private readonly find: (place: string, problem: string) => void) {}

  add(head: Head): void {
    const other = this.heads.get(head.sequence);
    if (other !== undefined && other.hash !== head.hash)
      this.find('the checkpoints', `they disagree about number ${String(head.sequence)}`);
    this.heads.set(head.sequence, head);
  }

  compare({ sequence, hash }: Head, place: string): void {
    const known = this.heads.get(sequence);
    if (known === undefined || known.hash === hash) return;
    const problem = `number ${String(sequence)} is not what was written: the record up to here was made anew`;
    this.find(place, problem);
  }

  passed(sequence: number): void {
    this.heads.delete(sequence);
  }

  /** An earlier walk has compared them. */
  passedUpTo(sequence: number): void {
    for (const number of this.heads.keys()) if (number <= sequence) this.heads.delete(number);
  }

  /** The newest one that was not reached; 0: all were. */
  get newest(): number {
    let newest = 0;
    for (const number of this.heads.keys()) newest = Math.max(newest, number);
    return newest;
  }
}
