import type { SinkState } from '../audit/sinks/sink-exporter.js';
import type { Finding } from './finding.js';

/** Receivers of the audit record that have not acknowledged everything, where the newest attempt failed. */
export function sinksBehind(states: readonly SinkState[]): Finding[] {
  return states.flatMap(({ name, behind, failure, lastSuccessMs }) => {
    if (failure === undefined) return [];
    const since =
      lastSuccessMs === undefined
        ? 'nothing was acknowledged since the start'
        : `the last success was at ${new Date(lastSuccessMs).toISOString()}`;
    return {
      check: 'audit_export',
      subject: name,
      problem: `it is ${String(behind)} events behind the audit record: ${failure}; ${since}`,
      advice: 'see to the receiver; the record keeps the events, and they are sent when it answers again',
    };
  });
}
