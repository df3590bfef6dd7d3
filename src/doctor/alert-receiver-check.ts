import type { AlertReceiverState } from '../audit/alerts/alerting.js';
import { finding, type Finding } from './finding.js';

/** Receivers of alerts that have not taken everything, where the newest attempt failed. */
export function alertReceiversAway(states: readonly AlertReceiverState[]): Finding[] {
  return states.flatMap(({ name, failure, lastSuccessMs }) => {
    if (failure === undefined) return [];
    const lastSuccess = lastSuccessMs === undefined ? '' : new Date(lastSuccessMs).toISOString();
    return finding('alert_receiver', 'alert_receiver_away', { name, failure, lastSuccess });
  });
}
