declare const afterAll: ((work: () => Promise<void>, timeoutMs: number) => void) | undefined;

const steps: (() => Promise<void> | void)[] = [];

/** Does this when the test file has ended, or a harness; what was asked for last comes first. */
export function atEnd(step: () => Promise<void> | void): void {
  steps.push(step);
}

/** What Jest calls at the end of a test file; a harness that runs without Jest calls it itself. */
export async function cleanUp(): Promise<void> {
  const failures: unknown[] = [];
  for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
    try {
      await step();
    } catch (error) {
      failures.push(error); // the others have to be done all the same
    }
  }
  if (failures.length > 0) throw failures[0];
}

if (typeof afterAll === 'function') afterAll(cleanUp, 600_000);
