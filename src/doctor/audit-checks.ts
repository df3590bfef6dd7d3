import { isWithin } from '../audit/key/key-file.js';
import type { RecordFinding } from '../audit/record/judge-start.js';
import type { Finding } from './finding.js';

/** What was not as it had been left; a new tree was begun there. */
export function recordFindings(findings: readonly RecordFinding[]): Finding[] {
  return findings.map(({ problem }) => ({
    check: 'audit_record',
    subject: 'audit record',
    problem,
    advice: 'keep a copy of the data directory, find out who did this (docs/audit.md), then v-verify-audit',
  }));
}

/** Files of the record that are due to be put away and are not. */
export function retentionHeldBack(reason: string | undefined): Finding[] {
  if (reason === undefined) return [];
  return [
    {
      check: 'audit_keep',
      subject: 'audit record',
      problem: `its oldest files are due to be put away, but: ${reason}`,
      advice: 'see to that; they are put away once it is over (docs/audit.md)',
    },
  ];
}

export function auditWitnessProblems(problems: readonly { subject: string; problem: string }[]): Finding[] {
  const advice = 'see to it that it can be reached, or that it is told why (docs/audit.md)';
  return problems.map(({ subject, problem }) => ({ check: 'audit_witness', subject, problem, advice }));
}

export function exposedAuditKey(keyFile: string, dataDir: string): Finding[] {
  if (!isWithin(keyFile, dataDir)) return [];
  const problem = 'lies in the data directory: somebody who can read that directory can forge the record';
  const advice =
    'stop the service, move the key and its .head file elsewhere, and set HEARTHKEY_AUDIT_KEY_FILE';
  return [{ check: 'audit_key', subject: `audit key ${keyFile}`, problem, advice }];
}
