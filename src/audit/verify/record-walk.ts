import { readBeginning, type Beginning } from '../record/beginning.js';
import {
  contentOf,
  leafOf,
  origin,
  plainHashAfter,
  readHead,
  type Head,
  type LineHead,
} from '../record/chain.js';
import { KnownHeads } from './known-heads.js';
import type { Finding, RecordWalkOptions, WalkState } from './walk-options.js';

const shown = 20;

/** Walks over the lines of a record, in the order of its files, and finds where they are no unbroken chain. */
export class RecordWalk {
  /** The first ones; `findingCount` counts all. */
  readonly findings: Finding[] = [];
  findingCount = 0;
  lineCount = 0;
  firstSequence: number | undefined;
  /** The newest line that was found; undefined before the first one of a walk that begins in the middle. */
  private running: Head | undefined;
  private rule: LineHead['rule'] | undefined;
  private readonly from: number;
  private readonly known = new KnownHeads((place, problem) => this.find(place, problem));
  private findingsBefore = 0;
  private findingCountBefore = 0;
  /** Places of what is no line, until the next line tells whether they are before `from`. */
  private unread: string[] = [];
  private unreadCount = 0;
  /** Lines one after the other that don't follow. */
  private broken: { place: string; first: number; last: number } | undefined;

  constructor(private readonly options: RecordWalkOptions) {
    const { begin = 1, previous = origin.hash } = options.stated ?? {};
    this.from = Math.max(options.from ?? 1, begin);
    for (const head of options.known) if (head.sequence >= this.from) this.known.add(head);
    this.running = this.from === begin ? { sequence: begin - 1, hash: previous } : undefined;
    if (options.resumed !== undefined) this.resume(options.resumed);
    const before = options.known.find(({ sequence }) => sequence === begin - 1);
    if (before !== undefined && before.hash !== previous)
      this.find('the beginning', `${lineNumber(begin - 1)} is not what was written`);
  }

  /** Of the lines alone: what was found without reading is found anew. Undefined while something is still open. */
  get state(): WalkState | undefined {
    const { running, rule, lineCount, firstSequence, unreadCount, broken } = this;
    if (running === undefined || rule === undefined || unreadCount > 0 || broken !== undefined)
      return undefined;
    const findings = this.findings.slice(this.findingsBefore);
    const findingCount = this.findingCount - this.findingCountBefore;
    const { sequence, hash } = running;
    return { head: { sequence, hash, rule }, lineCount, firstSequence, findings, findingCount };
  }

  /** What is found from now on is found in lines. */
  beginLines(): void {
    this.findingsBefore = this.findings.length;
    this.findingCountBefore = this.findingCount;
    const { findings = [], findingCount = 0 } = this.options.resumed ?? {};
    this.findings.push(...findings.slice(0, shown - this.findings.length));
    this.findingCount += findingCount;
  }

  get head(): Head {
    return this.running ?? { ...origin, sequence: this.from - 1 };
  }

  /** Before the first line of a file is taken, which tells of which chain it is. */
  beginFile(line: Buffer, place: string): void {
    const chain = readBeginning(line)?.chain;
    const wanted = this.options.chain;
    if (chain === undefined || wanted === undefined || chain === wanted) return;
    this.find(place, `this file is of another chain: ${chain}`);
  }

  take(line: Buffer, place: string): void {
    this.lineCount++;
    const head = readHead(line);
    if (head === undefined) this.keepUnread(place);
    else if (head.sequence < this.from) this.passOver(head, place);
    else {
      this.findUnread();
      this.takeNext(line, head, place);
    }
  }

  /** What stands behind the last line's end. */
  takeRest(place: string): void {
    this.findUnread();
    this.find(place, 'the file ends with something that is no whole line: it was cut, or somebody added it');
  }

  findUnreadable(place: string, { message }: Error): void {
    this.find(place, `this file can not be read, or not to its end: ${message}`);
  }

  find(place: string, problem: string): void {
    this.findingCount++;
    if (this.findings.length < shown) this.findings.push({ place, problem });
  }

  /** After the last line: whatever is known to have come later was cut off. */
  end(): void {
    this.findUnread();
    this.findBroken();
    const { sequence } = this.head;
    const { newest: missing } = this.known;
    if (missing > sequence) {
      this.find(
        'the end',
        `the record ends with ${lineNumber(sequence)}, but ${lineNumber(missing)} was written: cut`,
      );
    }
  }

  private resume({ head, lineCount, firstSequence }: WalkState): void {
    const { sequence, hash, rule } = head;
    this.running = { sequence, hash };
    this.rule = rule;
    this.lineCount = lineCount;
    this.firstSequence = firstSequence;
    this.known.passedUpTo(sequence);
  }

  private passOver(head: Head, place: string): void {
    if (head.sequence < (this.options.stated?.begin ?? 1)) {
      this.find(place, `${lineNumber(head.sequence)} was put away; somebody has laid it there`);
      return;
    }
    this.running = head;
    this.unread = [];
    this.unreadCount = 0;
  }

  private keepUnread(place: string): void {
    this.unreadCount++;
    if (this.unread.length < shown) this.unread.push(place);
  }

  private findUnread(): void {
    if (this.unreadCount === 0) return;
    for (const place of this.unread)
      this.find(place, 'this is no line of the record: it was altered or inserted');
    this.findingCount += this.unreadCount - this.unread.length;
    this.unread = [];
    this.unreadCount = 0;
  }

  private takeNext(line: Buffer, head: LineHead, place: string): void {
    const beginning = readBeginning(line);
    const leaf = head.rule === 'mac' ? leafOf(contentOf(line, 'mac')) : '';
    // The first line of a tree says what it goes on from: whatever stands before it was judged when it was written.
    const tree = this.genuineTree(beginning, head, leaf);
    const expected = this.head.sequence + 1;
    const { sequence } = head;
    this.firstSequence ??= sequence;
    if (sequence < expected) {
      const last = lineNumber(expected - 1);
      this.find(place, `${lineNumber(sequence)} stands after ${last}: moved, repeated or inserted`);
      if (tree === undefined) return;
    }
    if (sequence > expected) this.findGap(expected, sequence - 1, place);
    this.judgeRule(head, tree, place);
    const isInOrder = sequence === expected;
    const previous = (isInOrder ? this.running?.hash : undefined) ?? beginning?.previous;
    if (tree !== undefined) this.judgeTree(tree, isInOrder, beginning?.previous, place);
    if (tree === undefined && previous !== undefined && !this.follows(previous, line, head, leaf))
      this.keepBroken(sequence, place);
    else {
      this.findBroken();
      this.known.compare(head, place);
      if (head.rule === 'mac') this.options.onLeaf?.(sequence, leaf, tree?.begin);
    }
    this.known.passed(sequence);
    this.running = head;
    this.rule = head.rule;
  }

  private genuineTree(
    beginning: Beginning | undefined,
    { sequence, rule, hash }: LineHead,
    leaf: string,
  ): Beginning['tree'] {
    const { isNext } = this.options;
    if (beginning?.tree?.begin !== sequence || rule !== 'mac' || isNext === undefined) return undefined;
    return isNext(beginning.previous, leaf, hash) ? beginning.tree : undefined;
  }

  private follows(previous: string, line: Buffer, head: LineHead, leaf: string): boolean {
    if (head.rule === 'hash') return plainHashAfter(previous, line) === head.hash;
    return this.options.isNext?.(previous, leaf, head.hash) ?? true;
  }

  /** Lines without a key count only before the signed line that fixes the head of all of them. */
  private judgeRule({ rule, sequence }: LineHead, tree: Beginning['tree'], place: string): void {
    if (rule === 'hash' && this.rule === 'mac')
      this.find(place, `${lineNumber(sequence)} was written without the audit key`);
    const isCovered = this.rule !== 'hash' || tree !== undefined;
    if (rule === 'mac' && !isCovered)
      this.find(place, `no signed line covers those before ${lineNumber(sequence)}, which have no key`);
  }

  private judgeTree(
    { begin, why }: NonNullable<Beginning['tree']>,
    isInOrder: boolean,
    previous: string | undefined,
    place: string,
  ): void {
    // A tree that begins with line 1, or with the line of --from, is no finding. Any other one is.
    if (begin === (this.options.from ?? 1)) return;
    const followsOn = isInOrder && this.running?.hash === previous;
    if (followsOn && (why === 'record_signed_from' || this.options.mayBeginTrees === true)) return;
    if (!followsOn && isInOrder)
      this.find(place, `${lineNumber(begin - 1)} is not what was written before ${lineNumber(begin)}`);
    this.find(place, `a new tree begins with ${lineNumber(begin)}: ${why}`);
  }

  private findGap(first: number, last: number, place: string): void {
    const which = last === first ? lineNumber(first) : `${lineNumber(first)} to ${String(last)}`;
    this.find(place, `missing before this: ${which}`);
  }

  private keepBroken(sequence: number, place: string): void {
    if (this.broken?.last === sequence - 1) this.broken.last = sequence;
    else {
      this.findBroken();
      this.broken = { place, first: sequence, last: sequence };
    }
  }

  private findBroken(): void {
    const { broken } = this;
    if (broken === undefined) return;
    this.broken = undefined;
    const { place, first, last } = broken;
    if (first === last) {
      this.find(place, `${lineNumber(first)} does not follow the one before: one of the two was altered`);
    } else {
      const which = `${lineNumber(first)} to ${String(last)}`;
      this.find(place, `${which} were not written with the audit key, or were altered`);
    }
  }
}

function lineNumber(sequence: number): string {
  return `number ${String(sequence)}`;
}
