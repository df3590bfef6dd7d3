import type { SinkState } from '../audit/sinks/sink-exporter.js';
import { finding, type Finding } from './finding.js';

/** Receivers of the audit record that have not acknowledged everything, where the newest attempt failed. */
export function sinksBehind(states: readonly SinkState[]): Finding[] {
  return states.flatMap(({ name, behind, failure, lastSuccessMs }) => {
    if (failure === undefined) return [];
    const lastSuccess = lastSuccessMs === undefined ? '' : new Date(lastSuccessMs).toISOString();
    return finding('audit_export', 'audit_export_behind', { name, behind, failure, lastSuccess });
  });
}
