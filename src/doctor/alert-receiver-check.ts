import type { AlertReceiverState } from '../audit/alerts/alerting.js';
import { finding, type Finding } from './finding.js';

/** Receivers of alerts that have not taken everything, where the newest attempt failed or alerts were put aside. */
export function alertReceiversAway(states: readonly AlertReceiverState[]): Finding[] {
  return states.flatMap(({ name, failure, lastSuccessMs, putAside }) => {
    const findings: Finding[] = [];
    const lastSuccess = lastSuccessMs === undefined ? '' : new Date(lastSuccessMs).toISOString();
    if (failure !== undefined)
      findings.push(finding('alert_receiver', 'alert_receiver_away', { name, failure, lastSuccess }));
    if (putAside > 0) findings.push(finding('alert_receiver', 'alerts_put_aside', { name, putAside }));
    return findings;
  });
}
