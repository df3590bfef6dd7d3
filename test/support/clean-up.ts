declare const afterAll: ((work: () => Promise<void>, timeoutMs: number) => void) | undefined;

const steps: (() => Promise<void> | void)[] = [];

/** Does this when the test file has ended, or a harness; what was asked for last comes first. */
export function atEnd(step: () => Promise<void> | void): void {
  steps.push(step);
}

/** What Jest calls at the end of a test file; a harness that runs without Jest calls it itself. */
export async function cleanUp(): Promise<void> {
  for (const step of steps.splice(0).reverse()) await step();
}

if (typeof afterAll === 'function') afterAll(cleanUp, 60_000);
