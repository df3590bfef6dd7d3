import type { DurabilityProblem } from '../storage/postgres/durability.js';
import { finding, type Finding } from './finding.js';

/** A database server that may lose changes which were acknowledged. */
export function weakDurability(found: readonly DurabilityProblem[]): Finding[] {
  return found.map(({ setting, problem }) =>
    finding('database', 'database_not_durable', { setting, problem }),
  );
}
