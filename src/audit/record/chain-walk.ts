import { hashAfter, origin, readHead, type Head } from './chain.js';

/** Something that is wrong with the record, and where. */
export interface Finding {
  /** `events.jsonl line 17`, or the record as a whole. */
  place: string;
  problem: string;
}

const shown = 20;
const beginningPattern =
  /"note":"record_begun","target":\{"chain":"([0-9a-f]*)","previous":"([0-9a-f]{64})"\}/;

/** Walks over the lines of a record, in the order of its files, and finds where they are no unbroken chain. */
export class ChainWalk {
  /** The first ones; `findingCount` counts all. */
  readonly findings: Finding[] = [];
  findingCount = 0;
  lineCount = 0;
  firstSequence: number | undefined;
  /** The newest line that was found; undefined before the first one of a walk that begins in the middle. */
  private running: Head | undefined;
  private readonly known = new Map<number, Head>();
  /** Places of what is no line, until the next line tells whether they are before `from`. */
  private unread: string[] = [];
  private unreadCount = 0;

  /**
   * @param known - heads that the chain must have gone through
   * @param from - the line to begin with; those before it are not asked for
   * @param chain - which chain it has to be; undefined: any
   */
  constructor(
    known: readonly Head[],
    private readonly from = 1,
    private readonly chain?: string,
  ) {
    for (const head of known) if (head.sequence >= from) this.keepKnown(head);
    this.running = from === 1 ? origin : undefined;
  }

  get head(): Head {
    return this.running ?? { ...origin, sequence: this.from - 1 };
  }

  /** Before the first line of a file is taken, which tells of which chain it is. */
  beginFile(line: Buffer, place: string): void {
    const chain = beginningOf(line)?.chain;
    if (chain === undefined || this.chain === undefined || chain === this.chain) return;
    this.find(place, `this file is of another chain: ${chain}`);
  }

  take(line: Buffer, place: string): void {
    this.lineCount++;
    const head = readHead(line);
    if (head === undefined) this.keepUnread(place);
    else if (head.sequence < this.from) this.passOver(head);
    else {
      this.findUnread();
      this.takeNext(line, head, place);
    }
  }

  findUnreadable(place: string, { message }: Error): void {
    this.find(place, `this file can not be read, or not to its end: ${message}`);
  }

  /** After the last line: whatever is known to have come later was cut off. */
  end(): void {
    this.findUnread();
    const { sequence } = this.head;
    const missing = Math.max(0, ...this.known.keys());
    if (missing > sequence) {
      this.find(
        'the end',
        `the record ends with ${lineNumber(sequence)}, but ${lineNumber(missing)} was written: cut`,
      );
    }
  }

  private passOver(head: Head): void {
    this.running = head;
    this.unread = [];
    this.unreadCount = 0;
  }

  private keepUnread(place: string): void {
    this.unreadCount++;
    if (this.unread.length < shown) this.unread.push(place);
  }

  private findUnread(): void {
    for (const place of this.unread)
      this.find(place, 'this is no line of the record: it was altered or inserted');
    this.findingCount += this.unreadCount - this.unread.length;
    this.unread = [];
    this.unreadCount = 0;
  }

  private takeNext(line: Buffer, head: Head, place: string): void {
    const expected = this.head.sequence + 1;
    const { sequence } = head;
    this.firstSequence ??= sequence;
    if (sequence < expected) {
      this.find(
        place,
        `${lineNumber(sequence)} stands after ${lineNumber(expected - 1)}: moved, repeated or inserted`,
      );
      return;
    }
    const isInOrder = sequence === expected;
    if (!isInOrder) {
      const last = sequence - 1;
      const which = last === expected ? lineNumber(expected) : `${lineNumber(expected)} to ${String(last)}`;
      this.find(place, `missing before this: ${which}`);
    }
    const previous = (isInOrder ? this.running?.hash : undefined) ?? beginningOf(line)?.previous;
    if (previous !== undefined && hashAfter(previous, line) !== head.hash) {
      this.find(place, `${lineNumber(sequence)} does not follow the one before: one of the two was altered`);
    } else this.compareWithKnown(head, place);
    this.known.delete(sequence);
    this.running = head;
  }

  private compareWithKnown({ sequence, hash }: Head, place: string): void {
    const known = this.known.get(sequence);
    if (known === undefined || known.hash === hash) return;
    this.find(place, `${lineNumber(sequence)} is not what was written: the record up to here was made anew`);
  }

  private keepKnown(head: Head): void {
    const other = this.known.get(head.sequence);
    if (other !== undefined && other.hash !== head.hash) {
      this.find('the checkpoints', `they disagree about ${lineNumber(head.sequence)}`);
    }
    this.known.set(head.sequence, head);
  }

  private find(place: string, problem: string): void {
    this.findingCount++;
    if (this.findings.length < shown) this.findings.push({ place, problem });
  }
}

function lineNumber(sequence: number): string {
  return `number ${String(sequence)}`;
}

/** The first line of each file tells its chain and what it goes on from, so that a gap before it hides nothing after it. */
function beginningOf(line: Buffer): { chain: string; previous: string } | undefined {
  const [, chain, previous] = beginningPattern.exec(line.toString('latin1')) ?? [];
  return chain === undefined || previous === undefined ? undefined : { chain, previous };
}
