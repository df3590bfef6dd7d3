import type { Metrics } from '../metrics/metrics.js';
import type { Deny } from './access-request.js';

/** Told of each decision as it is answered: by its reason; an allowance has none. */
export function decisionsTo(metrics: Metrics): (decision: { outcome: 'allow' } | Deny, ms: number) => void {
  return (decision, ms) => metrics.decided(decision.outcome === 'deny' ? decision.reason : '', ms);
}
