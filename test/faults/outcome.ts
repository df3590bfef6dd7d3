/** How a run of a harness ends, as its exit code. */
import type { Findings } from './findings.js';

export const ExitCode = {
  holds: 0,
  found: 1,
  /** It could not be run to its end, or found something that has another reason. */
  failed: 2,
  /** Nothing was found, but the machine was too slow to judge all of it. */
  tooSlow: 3,
} as const;

const foundLine = 'Found a violation';

/** How a run ends that has to find what was left out. */
export function outcomeWithout(
  { wrong, slow, answers, firstAfter }: Findings,
  finds: RegExp,
  isSlowMachine: boolean,
): { code: number; line: string } {
  const meant = wrong.find((problem) => finds.test(problem));
  if (meant !== undefined) {
    const after = `after ${String(firstAfter ?? answers)} answers`;
    return { code: ExitCode.found, line: `${foundLine} ${after}: ${meant}` };
  }
  if (wrong.length > 0)
    return { code: ExitCode.failed, line: `What was found has another reason: ${wrong[0] ?? ''}` };
  if (slow.length > 0 || isSlowMachine)
    return { code: ExitCode.tooSlow, line: `Too slow to judge: ${slow[0] ?? 'this machine'}` };
  return { code: ExitCode.holds, line: `Nothing was found in ${String(answers)} answers.` };
}
