import type { NodeRow } from './node-store.js';

/** So much longer than a lease is waited for it to end: clocks run at slightly different speed. */
export const margin = 1.1;

/** The nodes when a settling change looked for the first time. */
export interface FirstLook {
  atMs: number;
  nodes: ReadonlyMap<string, NodeRow>;
}

/**
 * Whether no lease from before the first look can be alive. Counted from the look, not from the commit: of a node that
 * renewed just before it, the answer may still be on its way and give a lease.
 *
 * @param leaseMs - of the node that asks; the rows tell their own
 */
export function hasOutlived({ atMs, nodes }: FirstLook, leaseMs: number, nowMs: number): boolean {
  const longestLeaseMs = Math.max(...[...nodes.values()].map((node) => node.leaseMs), leaseMs);
  return nowMs - atMs >= longestLeaseMs * margin;
}
