import type { DurabilityProblem } from '../storage/postgres/durability.js';
import type { Finding } from './finding.js';

/** A database server that may lose changes which were acknowledged. */
export function weakDurability(found: readonly DurabilityProblem[]): Finding[] {
  return found.map(({ setting, problem }) => ({
    check: 'database',
    subject: `PostgreSQL setting ${setting}`,
    problem,
    advice: `set ${setting} = on on the server`,
  }));
}
