import type { RateLimit } from '../../keys/limits/rate-limit.js';
import { add, readPassed, within, writePassed, type Passed } from './sliding-window.js';

/** What one node has let through of a key. */
export interface NodeRequests {
  /** One higher with each request that passes: of two lists of a node the one with the higher number counts. */
  sequence: number;
  passed: Passed[];
}

/** A list as the script writes it. */
const listForm =
  /^([\da-f]{1,16}) (\d{1,15}) (\d{1,15} \d{1,15} \d{1,9}(?:,\d{1,15} \d{1,15} \d{1,9}){0,61})$/;

/** A node keeps the lists of at most so many others: a writer to Redis can't fill its memory. */
const mostNodes = 128;

/** What a node knows of a key's requests: all of its own, and of other nodes as much as Redis has said. */
export class CountedRequests {
  private readonly others = new Map<string, NodeRequests>();
  private readonly own: NodeRequests;

  /** @param sequence - higher than any that this process has used for the key before, such as the time in ms */
  constructor(
    private readonly node: string,
    sequence: number,
  ) {
    this.own = { sequence, passed: [] };
  }

  get sequence(): number {
    return this.own.sequence;
  }

  get ownPassed(): Passed[] {
    return this.own.passed;
  }

  /** What all nodes have let through, the oldest first. */
  get passed(): Passed[] {
    // Without Redis, or on one node, there are no others.
    if (this.others.size === 0) return this.own.passed;
    return [this.own, ...this.others.values()]
      .flatMap(({ passed }) => passed)
      .sort((one, other) => one.lastMs - other.lastMs);
  }

  addOwn(nowMs: number, limit: RateLimit): void {
    add(this.own.passed, nowMs, limit);
    this.own.sequence++;
  }

  /**
   * Redis may have counted a request of which this node has heard nothing: with a higher number the own list counts, not
   * the one that Redis has.
   */
  outdoRedis(): void {
    this.own.sequence += 2;
  }

  /** Drops what no longer counts. */
  tidy(nowMs: number, limit: RateLimit): void {
    this.own.passed = within(this.own.passed, nowMs, limit);
    for (const [node, list] of this.others) {
      list.passed = within(list.passed, nowMs, limit);
      if (list.passed.length === 0) this.others.delete(node);
    }
  }

  /** `NODE SEQUENCE,…`: what Redis has to have, if it has lost nothing. */
  writeKnown(): string {
    return this.lists()
      .map(([node, { sequence }]) => `${node} ${String(sequence)}`)
      .join();
  }

  /** `NODE SEQUENCE FIRST LAST COUNT,…;…`: all of it, by Redis' clock. */
  writeAll(shiftMs: number): string {
    return this.lists()
      .map(([node, { sequence, passed }]) => `${node} ${String(sequence)} ${writePassed(passed, shiftMs)}`)
      .join(';');
  }

  /** Takes the lists of other nodes as Redis answers with them, where they are newer than what is known. */
  hear(text: string, shiftMs: number): void {
    if (text === '') return;
    for (const item of text.split(';')) {
      const [, node = '', digits = '', spans = ''] = listForm.exec(item) ?? [];
      const sequence = Number(digits);
      if (node === '' || node === this.node || sequence <= (this.others.get(node)?.sequence ?? 0)) continue;
      if (this.others.size >= mostNodes && !this.others.has(node)) continue;
      this.others.set(node, { sequence, passed: readPassed(spans, shiftMs) });
    }
  }

  private lists(): [string, NodeRequests][] {
    const own: [string, NodeRequests][] = this.own.passed.length === 0 ? [] : [[this.node, this.own]];
    return [...own, ...this.others];
  }
}
