/** A steady load on every node: keys in use, keys used there for the first time, and wrong secrets of every kind. */
import { setTimeout as sleep } from 'node:timers/promises';
import { generateAccessKeyId, generateSecretAccessKey } from '../../src/secrets/generated-secret.js';
import { Connections, type Answer } from './connections.js';
import { requestFor } from './load.js';
import type { Node } from './nodes.js';
import type { Random } from './random.js';
import type { SeededKey } from './seeded-keys.js';

export type Kind = 'in use' | 'first use' | 'wrong';

export interface Asked {
  kind: Kind;
  node: Node;
  beganMs: number;
  answer: Answer;
  /** After an answer of 14: that of the second try. */
  second?: Answer | undefined;
}

export interface TrafficOptions {
  nodes: readonly Node[];
  keys: readonly SeededKey[];
  random: Random;
  /** For all nodes together. */
  perSecond: Readonly<Record<Kind, number>>;
  limitMs: number;
  onAnswer: (asked: Asked) => void;
}

const tickMs = 20;
const secondTryMs = 1000;

/** A key at a node that has not seen it. */
interface Fresh {
  key: SeededKey;
  place: Place;
}

interface Place {
  node: Node;
  connections: Connections;
  used: SeededKey[];
}

export class Traffic {
  private readonly places: Place[];
  private readonly fresh: Fresh[];
  private readonly timer: NodeJS.Timeout;
  private readonly underWay = new Set<Promise<void>>();
  private readonly owed: Record<Kind, number> = { 'in use': 0, 'first use': 0, wrong: 0 };
  private lastMs = performance.now();

  constructor(private readonly options: TrafficOptions) {
    const { nodes, keys, random, limitMs } = options;
    this.places = nodes.map((node) => ({
      ...{ node, connections: new Connections(node.port, limitMs), used: [] },
    }));
    const pairs = keys.flatMap((key) => this.places.map((place) => ({ key, place })));
    this.fresh = pairs
      .map((pair) => ({ pair, at: random.next() }))
      .sort((one, other) => one.at - other.at)
      .map(({ pair }) => pair);
    this.timer = setInterval(() => {
      this.tick();
    }, tickMs);
  }

  /** Resolves when every request has its answer. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    while (this.underWay.size > 0) await Promise.all(this.underWay);
    for (const { connections } of this.places) connections.close();
  }

  private tick(): void {
    const now = performance.now();
    for (const [kind, perSecond] of Object.entries(this.options.perSecond) as [Kind, number][]) {
      // A harness that was held up itself doesn't make up for it with a burst.
      this.owed[kind] = Math.min(
        this.owed[kind] + (perSecond * (now - this.lastMs)) / 1000,
        perSecond / 4 + 1,
      );
      for (; this.owed[kind] >= 1; this.owed[kind]--) this.ask(kind);
    }
    this.lastMs = now;
  }

  private ask(kind: Kind): void {
    const asking =
      kind === 'wrong' ? this.askWrongly() : kind === 'in use' ? this.askAgain() : this.askFirst();
    this.underWay.add(asking);
    void asking.finally(() => this.underWay.delete(asking));
  }

  private async askFirst(): Promise<void> {
    const next = this.fresh.pop();
    if (next === undefined) return;
    const { key, place } = next;
    const asked = await this.send('first use', place, `${key.id}:${key.secret}`);
    if ((asked.second ?? asked.answer).code === 0) place.used.push(key);
    else this.fresh.unshift(next);
  }

  private async askAgain(): Promise<void> {
    const place = this.options.random.pick(this.places);
    if (place.used.length === 0) return;
    const key = this.options.random.pick(place.used);
    await this.send('in use', place, `${key.id}:${key.secret}`);
  }

  private async askWrongly(): Promise<void> {
    const { random, keys } = this.options;
    const place = random.pick(this.places);
    await this.send(
      'wrong',
      place,
      wrongPair(random, place.used.length > 0 ? random.pick(place.used) : keys[0]!, keys),
    );
  }

  private async send(kind: Kind, { node, connections }: Place, pair: string): Promise<Asked> {
    const request = requestFor(pair);
    const asked: Asked = { kind, node, beganMs: performance.now(), answer: await connections.ask(request) };
    if (asked.answer.code === 14 && kind !== 'wrong') {
      await sleep(secondTryMs);
      asked.second = await connections.ask(request);
    }
    this.options.onAnswer(asked);
    return asked;
  }
}

/** Nobody's key; a slip of the hand; a well-formed guess at a key in use, and at one that may be new to the node. */
function wrongPair(random: Random, used: SeededKey, keys: readonly SeededKey[]): string {
  const kind = random.below(4);
  if (kind === 0) return `${generateAccessKeyId()}:${used.secret}`;
  if (kind === 1) return `${used.id}:${mistyped(used.secret)}`;
  return `${kind === 2 ? used.id : random.pick(keys).id}:${generateSecretAccessKey()}`;
}

export function mistyped(secret: string): string {
  return `${secret.startsWith('a') ? 'b' : 'a'}${secret.slice(1)}`;
}
