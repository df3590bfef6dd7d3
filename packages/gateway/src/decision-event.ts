import type { GateDecision } from './decision.js';

/** One decision, as metrics count it: nothing in it names a key or a user. */
export interface DecisionEvent {
  /** Of the whole call, waiting included. */
  durationMs: number;
  allowed: boolean;
  reason: GateDecision['reason'];
  /** Whether it was asked together with others. */
  bundled: boolean;
}

/** Metrics never break a decision, also where the function is an asynchronous one. */
export function tellOf(
  onDecision: ((event: DecisionEvent) => unknown) | undefined,
  event: DecisionEvent,
): void {
  if (onDecision === undefined) return;
  try {
    const told = onDecision(event);
    if (told instanceof Promise) told.catch(() => undefined);
  } catch {
    // Nobody is left to be told.
  }
}
