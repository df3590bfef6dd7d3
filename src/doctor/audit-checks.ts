import { isWithin } from '../audit/key/key-file.js';
import type { RecordFinding } from '../audit/record/judge-start.js';
import { finding, type Finding } from './finding.js';

/** What was not as it had been left; a new tree was begun there. */
export function recordFindings(findings: readonly RecordFinding[]): Finding[] {
  return findings.map(({ problem }) => finding('audit_record', 'audit_record_damaged', { problem }));
}

/** Files of the record that are due to be put away and are not. */
export function retentionHeldBack(reason: string | undefined): Finding[] {
  return reason === undefined ? [] : [finding('audit_keep', 'audit_keep_held_back', { reason })];
}

export function auditWitnessProblems(problems: readonly { subject: string; problem: string }[]): Finding[] {
  return problems.map(({ subject, problem }) =>
    finding('audit_witness', 'audit_witness', { subject, problem }),
  );
}

export function exposedAuditKey(keyFile: string, dataDir: string): Finding[] {
  return isWithin(keyFile, dataDir) ? [finding('audit_key', 'audit_key_exposed', { keyFile })] : [];
}
