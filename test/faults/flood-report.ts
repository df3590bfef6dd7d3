/** What the phases of a flood show: told, and judged. */
import { Findings } from './findings.js';
import { coldKeys, hotKeys, type Kind, type Phase } from './flood-run.js';
import { judgeWait, usual, type Waited } from './judge-bystander.js';
import { mib } from './memory.js';
import type { Times } from './statistics.js';

/** Of one decision in the record; of the two lines that the failures of a second make, of an address and a key. */
const [decisionBytes, sumBytes] = [600, 1200];
/** How many names that nobody has are recorded each second beside the keys that are guessed at. */
const otherSums = 40;
/** The most sums at once, and how many begin each second of a flood that lasts (src/audit/failure-sums.ts). */
const [mostSums, lastingSums] = [4096, 128];

type Print = (line: string) => void;

export function judgeFlood(
  kind: Kind,
  phases: readonly Phase[],
  before: readonly Phase[],
  print: Print,
): Findings {
  const sent = sumOf(phases, ({ wave }) => wave.sent);
  print(describe(`${String(sent)} ${kind.name}`, phases));
  const findings = judgePhases(kind.name, phases, before, print);
  if (phases.some(({ wave }) => wave.codes['0'] !== undefined))
    findings.wrong.push(`${kind.name}: a wrong one was allowed`);
  const runs = sumOf(phases, ({ argon2Runs }) => argon2Runs);
  const firstUses = sumOf(phases, ({ firstUse }) => firstUse.count);
  if (kind.passwordsPerSecond === 0 && runs > firstUses)
    findings.wrong.push(`${kind.name}: ${String(runs - firstUses)} argon2 runs more than first uses`);
  const recorded = sumOf(phases, ({ diskBytes }) => diskBytes);
  const most = mostRecordedBytes(kind, phases);
  if (recorded > most)
    findings.wrong.push(`${kind.name}: ${mib(recorded)} were recorded, at most ${mib(most)} were expected`);
  return findings;
}

/** @param before - what it is compared with; undefined: nothing */
export function judgeQuiet(
  name: string,
  phases: readonly Phase[],
  before: readonly Phase[] | undefined,
  print: Print,
): Findings {
  print(describe(name, phases));
  return judgePhases(name, phases, before, print);
}

function judgePhases(
  name: string,
  phases: readonly Phase[],
  before: readonly Phase[] | undefined,
  print: Print,
): Findings {
  const findings = new Findings();
  for (const { noticed } of phases) findings.take(noticed.findings, `${name}: `);
  if (before === undefined) return findings;
  const wasHeldUp = [...phases, ...before].some((phase) => phase.wasHeldUp);
  const told: string[] = [];
  for (const way of ['kept', 'fresh'] as const) {
    const waited = (all: readonly Phase[]): Waited =>
      usual(all.map(({ noticed }) => ({ p99Ms: noticed[way].at(0.99), byOthers: noticed.byOthers })));
    const judged = judgeWait(`${name}, ${way} connections`, waited(phases), waited(before), wasHeldUp);
    const [nowMs, beforeMs] = [waited(phases).p99Ms.toFixed(1), waited(before).p99Ms.toFixed(1)];
    told.push(`${way} connections ${nowMs} ms, before ${beforeMs} ms: ${judged.ratio.toFixed(2)} times`);
    findings.take(judged.findings);
  }
  const others = Math.max(...phases.map(({ noticed }) => noticed.byOthers));
  print(
    `  99 of 100 within: ${told.join('; ')}; others used ${(100 * others).toFixed(0)} % of the processors`,
  );
  return findings;
}

function mostRecordedBytes({ addresses }: Kind, phases: readonly Phase[]): number {
  const allowed = sumOf(phases, ({ noticed }) => noticed.findings.answers);
  const seconds = sumOf(phases, ({ noticed }) => noticed.seconds + 1);
  const sums =
    addresses === 1
      ? seconds * (hotKeys + coldKeys + otherSums)
      : phases.length * mostSums + seconds * lastingSums;
  return allowed * decisionBytes + sums * sumBytes;
}

function describe(what: string, phases: readonly Phase[]): string {
  const count = (of: (phase: Phase) => number): string => String(sumOf(phases, of));
  const longest = (of: (phase: Phase) => Times): string =>
    `${Math.max(...phases.map((phase) => of(phase).at(1))).toFixed(0)} ms`;
  const seconds = sumOf(phases, ({ noticed }) => noticed.seconds);
  const kibPerSecond = sumOf(phases, ({ diskBytes }) => diskBytes) / seconds / 1024;
  return (
    `${what}: ${count(({ noticed }) => noticed.findings.answers)} right ones, ` +
    `/readyz within ${longest(({ noticed }) => noticed.ready)}; ` +
    `${count(({ argon2Runs }) => argon2Runs)} argon2 runs for ${count(({ firstUse }) => firstUse.count)} first uses, ` +
    `which took at most ${longest(({ firstUse }) => firstUse)}; ${kibPerSecond.toFixed(0)} KiB/s recorded`
  );
}

function sumOf(phases: readonly Phase[], of: (phase: Phase) => number): number {
  return phases.reduce((sum, phase) => sum + of(phase), 0);
}
