import type { Finding } from '../doctor/finding.js';
import { visible } from '../text/visible-text.js';
import { formatPlain, type OutputFormat } from './output-formats.js';
import { plainTable, type Table } from './tables/table.js';

/** Findings as commands print them. */
export function formatFindings(findings: readonly Finding[], format: OutputFormat): string {
  if (format === 'json') {
    const items = findings.map(({ check, subject, problem, advice }) => {
      return { CHECK: check, SUBJECT: subject, PROBLEM: problem, ADVICE: advice };
    });
    return `${JSON.stringify(items, null, 4)}\n`;
  }
  if (format === 'plain') {
    return formatPlain(
      findings.map(({ check, subject, problem, advice }) => [check, subject, problem, advice]),
    );
  }
  if (findings.length === 0) return 'nothing to do\n';
  return findings.map(formatFinding).join('');
}

/** For a terminal; undefined where a sentence says that there is nothing to do, and for other formats. */
export function findingsTable(findings: readonly Finding[], format: OutputFormat): Table | undefined {
  if (format !== 'shell' || findings.length === 0) return undefined;
  return plainTable(
    [
      { head: 'CHECK', importance: 1 },
      { head: 'SUBJECT', wraps: true },
      { head: 'PROBLEM', wraps: true },
      { head: 'ADVICE', wraps: true },
    ],
    findings.map(({ check, subject, problem, advice }) => [check, subject, problem, advice]),
  );
}

function formatFinding({ subject, problem, advice }: Finding): string {
  return `${visible(subject)}: ${visible(problem)} -> ${visible(advice)}\n`;
}
