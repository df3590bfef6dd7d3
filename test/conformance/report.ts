/** What is printed: progress, a row for each group, what is wrong, and the sums. */
import type { Difference } from './compare.js';
import { type CaseResult, type Verdict, VERDICTS } from './results.js';

const SHORT = 300;

/** A line that moves on a terminal; elsewhere one line for every fifty cases. */
export function showProgress(done: number, all: number, wrong: number): void {
  const line = `${done} of ${all} cases, ${wrong} wrong`;
  if (process.stderr.isTTY) process.stderr.write(`\r${line}${done === all ? '\n' : ''}`);
  else if (done % 50 === 0 || done === all) process.stderr.write(`${line}\n`);
}

/** One row for each group, in the order of the corpus. */
export function groupTable(results: readonly CaseResult[]): string {
  const names = [...new Set(results.map((result) => `${result.adapter} ${result.group}`))];
  const width = Math.max(5, ...names.map((name) => name.length));
  const header = ['group'.padEnd(width), ...VERDICTS.map((verdict) => verdict.padStart(9))].join('');
  const rows = names.map((name) => {
    const own = results.filter((result) => `${result.adapter} ${result.group}` === name);
    return [name.padEnd(width), ...VERDICTS.map((verdict) => String(count(own, verdict)).padStart(9))].join(
      '',
    );
  });
  return [header, ...rows].join('\n');
}

/** What was expected of a case and what was seen. */
export function describeWrong(result: CaseResult, whole: boolean): string {
  const lines = [`WRONG ${result.adapter} ${result.group} ${result.id} (${result.expect})`];
  for (const difference of result.differences) lines.push(...describeDifference(difference, whole));
  for (const problem of result.problems) lines.push(...prefixed('  ', shortened(problem, whole)));
  for (const must of result.musts.filter((one) => one.outcome === 'failed')) {
    lines.push(`  must: ${must.sentence}`, `    but: ${shortened(must.problem ?? '', whole)}`);
  }
  return lines.join('\n');
}

export function mustsLine(results: readonly CaseResult[]): string {
  const musts = results.flatMap((result) => result.musts);
  const unchecked = musts.filter((must) => must.outcome === 'unchecked').length;
  return `musts: ${musts.length - unchecked} checked, ${unchecked} unchecked`;
}

export function uncheckedMusts(results: readonly CaseResult[]): string[] {
  const sentences = results.flatMap((result) => result.musts.filter((must) => must.outcome === 'unchecked'));
  return [...new Set(sentences.map((must) => must.sentence))];
}

export function skippedReasons(results: readonly CaseResult[]): string[] {
  const skipped = results.filter((result) => result.verdict === 'skipped');
  return skipped.map((result) => `${result.adapter} ${result.id}: ${result.reason ?? ''}`);
}

/** The very last line. */
export function summary(results: readonly CaseResult[]): string {
  return VERDICTS.map((verdict) => `${verdict} ${count(results, verdict)}`).join(', ');
}

function count(results: readonly CaseResult[], verdict: Verdict): number {
  return results.filter((result) => result.verdict === verdict).length;
}

/** Short values side by side; of long texts the first lines that differ. */
function describeDifference({ part, expected, seen }: Difference, whole: boolean): string[] {
  const multiline = expected.includes('\n') || seen.includes('\n') || expected.length + seen.length > 120;
  if (!multiline) return [`  ${part}: expected ${quoted(part, expected)}, seen ${quoted(part, seen)}`];
  if (whole) return [`  ${part}:`, ...prefixed('    - ', expected), ...prefixed('    + ', seen)];
  const [left, right] = [expected.split('\n'), seen.split('\n')];
  const at = left.findIndex((line, index) => line.trimEnd() !== right[index]?.trimEnd());
  const from = at === -1 ? left.length : at;
  const place = from === 0 ? '' : ` from line ${from + 1}`;
  return [
    `  ${part}${place}:`,
    ...prefixed('    - ', shortened(left.slice(from, from + 3).join('\n'), false)),
    ...prefixed('    + ', shortened(right.slice(from, from + 3).join('\n'), false)),
  ];
}

function quoted(part: string, text: string): string {
  return part === 'stdout' || part === 'body' ? JSON.stringify(text) : text;
}

function prefixed(prefix: string, text: string): string[] {
  return text.split('\n').map((line) => prefix + line);
}

function shortened(text: string, whole: boolean): string {
  return whole || text.length <= SHORT ? text : `${text.slice(0, SHORT)}… (${text.length} characters)`;
}
