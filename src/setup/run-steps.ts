import { AppError, ReturnCode } from '../errors.js';
import type { Journal } from './journal.js';
import { say } from './output.js';
import { undo } from './undo.js';

export interface Step {
  /** What it does, as an imperative. */
  title: string;
  /** @returns a remark, such as that it was so already */
  run: () => Promise<string | undefined> | string | undefined;
}

/**
 * Says each step and does it. When one fails, those before it are undone.
 *
 * @param atEnd - what has to be ended in any case, before something is undone
 */
export async function runSteps(
  journal: Journal,
  what: string,
  { steps, atEnd }: { steps: readonly Step[]; atEnd: () => Promise<void> },
): Promise<void> {
  const from = journal.entries().length;
  journal.add({ kind: 'run', what });
  try {
    for (const [index, step] of steps.entries()) {
      say(`${String(index + 1)}/${String(steps.length)} ${step.title}`);
      const remark = await step.run();
      if (remark !== undefined) say(`    ${remark}`);
    }
  } catch (error) {
    await atEnd();
    const { message } = error as Error;
    say(`    failed: ${message}`);
    say('undoing what was done:');
    const code = undo(journal, from);
    const told =
      code === ReturnCode.OK ? 'nothing is left of it' : 'not all of it could be undone, see above';
    throw new AppError(
      error instanceof AppError ? error.code : ReturnCode.DISK,
      `${message}; ${told}, except the data directory`,
      { cause: error },
    );
  }
  await atEnd();
  journal.add({ kind: 'done' });
}

/** What a dry run prints. */
export function listSteps(steps: readonly Step[]): void {
  say('these steps would follow:');
  for (const [index, { title }] of steps.entries())
    say(`${String(index + 1)}/${String(steps.length)} ${title}`);
  say('nothing was changed: this was a dry run');
}
