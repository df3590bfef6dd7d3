/** Traces that no node with the guards of docs/adr/0004 could have left: the model has to reject each. */
import type { Step, Trace, TraceLine } from './trace.js';

export interface Altered {
  what: string;
  trace: Trace;
}

/** @param most - of each kind, evenly spread over the trace */
export function alterations(trace: Trace, most: number): Altered[] {
  const { lines } = trace;
  const kinds: [what: string, altered: TraceLine[][]][] = [
    ['a node allows by an old fact after the command has returned', allowedTooLate(lines)],
    ['a command returns before the leases have ended', returnedTooEarly(lines)],
    [
      'a lease lasts longer than from the question on',
      withLine(lines, 'EXTENDED', ({ span }) => ({ span: span + 50 })),
    ],
    ['a lease covers less than the newest number', coversLess(lines)],
    ['a node allows without a lease', allowedWithoutLease(lines)],
  ];
  return kinds.flatMap(([what, all]) =>
    spread(all, most).map((altered) => ({ what, trace: { ...trace, lines: altered } })),
  );
}

/** An allowance by a fact that the change had not touched yet is moved behind the return of the command. */
function allowedTooLate(lines: readonly TraceLine[]): TraceLine[][] {
  return lines.flatMap((line, index) => {
    if (line.step !== 'ALLOW' || line.key < 0) return [];
    const returned = returnOf(lines, line.key);
    return returned > index ? [moved(lines, index, returned)] : [];
  });
}

/** A command that waited for a lease to end waits for half as long. */
function returnedTooEarly(lines: readonly TraceLine[]): TraceLine[][] {
  return lines.flatMap((line, index) => {
    if (line.step !== 'DEAD') return [];
    const returned = lines.findIndex(
      ({ step, who }, other) => other > index && step === 'SETTLED' && who === line.who,
    );
    const looked = lines.findLastIndex(
      ({ step, who }, other) => other < index && step === 'LOOKED' && who === line.who,
    );
    if (returned === -1 || looked === -1) return [];
    const middleMs = (lines[looked]!.atMs + lines[returned]!.atMs) / 2;
    const others = lines.filter(
      (_, other) => other !== returned && (other < looked + 1 || !isOf(line.who, lines[other]!)),
    );
    const at = others.findIndex(({ atMs }) => atMs > middleMs);
    return [others.toSpliced(at, 0, { ...lines[returned]!, atMs: others[at]!.atMs })];
  });

  function isOf(command: number, { step, who, atMs }: TraceLine): boolean {
    return who === command && ['LOOK', 'LOOKED', 'DEAD'].includes(step) && atMs <= lines.at(-1)!.atMs;
  }
}

function coversLess(lines: readonly TraceLine[]): TraceLine[][] {
  return withLine(lines, 'EXTENDED', ({ value }) => ({ value: value - 1 })).filter((_, index) => index > 0);
}

/** The last answers to a node's questions are taken from it, and it goes on for longer than a lease. */
function allowedWithoutLease(lines: readonly TraceLine[]): TraceLine[][] {
  return lines.flatMap((line, index) => {
    if (line.step !== 'EXTENDED') return [];
    const next = lines.findIndex(
      ({ step, who, atMs }, other) =>
        other > index && step === 'ALLOW' && who === line.who && atMs > line.atMs + line.span + 5,
    );
    if (next === -1) return [];
    const isTaken = (other: number): boolean =>
      other > index && other < next && lines[other]!.step === 'EXTENDED' && lines[other]!.who === line.who;
    return [lines.map((each, other) => (isTaken(other) ? { ...each, step: 'LOST' as const } : each))];
  });
}

function withLine(
  lines: readonly TraceLine[],
  step: Step,
  change: (line: TraceLine) => Partial<TraceLine>,
): TraceLine[][] {
  return lines.flatMap((line, index) =>
    line.step === step ? [lines.with(index, { ...line, ...change(line) })] : [],
  );
}

/** Where the command about a key returns for the first time. */
function returnOf(lines: readonly TraceLine[], key: number): number {
  const begun = lines.findIndex((line) => line.step === 'COMMAND' && line.key === key);
  const slot = lines[begun]?.who;
  return lines.findIndex(
    ({ step, who }, index) => index > begun && who === slot && ['SETTLED', 'DIED'].includes(step),
  );
}

function moved(lines: readonly TraceLine[], from: number, to: number): TraceLine[] {
  const line = { ...lines[from]!, atMs: lines[to]!.atMs };
  return lines.toSpliced(to + 1, 0, line).toSpliced(from, 1);
}

function spread<T>(all: readonly T[], most: number): T[] {
  const every = Math.max(1, Math.floor(all.length / most));
  return all.filter((_, index) => index % every === 0).slice(0, most);
}
