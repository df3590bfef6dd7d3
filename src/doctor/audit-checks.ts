import { isWithin } from '../audit/key/key-file.js';
import type { RecordFinding } from '../audit/record/judge-start.js';
import { finding, type Finding } from './finding.js';

/** What was not as it had been left; a new tree was begun there. */
export function recordFindings(findings: readonly RecordFinding[]): Finding[] {
  return findings.map(({ problem }) => finding('audit_record', 'audit_record_damaged', { problem }));
}

export function auditWitnessProblems(problems: readonly { subject: string; problem: string }[]): Finding[] {
  return problems.map(({ subject, problem }) =>
    finding('audit_witness', 'audit_witness', { subject, problem }),
  );
}

export function exposedAuditKey(keyFile: string, dataDir: string): Finding[] {
  return isWithin(keyFile, dataDir) ? [finding('audit_key', 'audit_key_exposed', { keyFile })] : [];
}
