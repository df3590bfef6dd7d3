/** What every fault harness is made of. */
import type { DoorName } from './doors.js';
import type { Findings } from './findings.js';
import type { Machine } from './machine.js';

export interface FaultOptions {
  /** How many rounds. */
  count: number;
  /** The same seed breaks things at the same moments, as far as the machine lets it. */
  seed: number;
  /** Only where a harness counts them: at least so many decisions. */
  decisions?: number | undefined;
  /** A part of the service to leave out (leave-out.mjs), so that the harness has to find what it is there for. */
  without?: string | undefined;
  /** Only faults that have this text in their name happen. */
  only?: string | undefined;
  /** One service with its own SQLite file, or nodes on PostgreSQL and Redis; a harness may know only one of them. */
  on?: Form | undefined;
  /** Of the Redis harness alone: one server, or several of which one takes over from another. */
  kind?: RedisKind | undefined;
  /** Of the revocation harness alone: whether the model has to allow what the nodes did. */
  isReplayed?: boolean | undefined;
  /** Of the flood alone: the way that it takes; all of them unless said otherwise. */
  through?: DoorName | undefined;
  /** The one that it runs on, measured before. */
  machine: Machine;
  print: (line: string) => void;
}

export const forms = ['embedded', 'nodes'] as const;
export type Form = (typeof forms)[number];

export const redisKinds = ['single', 'sentinel', 'cluster'] as const;
export type RedisKind = (typeof redisKinds)[number];

export interface Fault {
  /** What it tests, in one line. */
  promise: string;
  count: number;
  countInCi: number;
  /** Runs it to its end. */
  run(options: FaultOptions): Promise<Findings>;
}

/** Numbers from 0 to below 1, the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Those that may happen in this run. */
export function chosen<T extends { name: string }>(all: readonly T[], only = ''): readonly T[] {
  const found = all.filter(({ name }) => name.includes(only));
  if (found.length > 0) return found;
  throw new Error(`--only is part of one of: ${all.map(({ name }) => name).join('; ')}`);
}
