import { afterAll } from '@jest/globals';

const steps: (() => Promise<void> | void)[] = [];

/** Does this when the test file has ended; what was asked for last comes first. */
export function atEnd(step: () => Promise<void> | void): void {
  steps.push(step);
}

afterAll(async () => {
  for (const step of steps.reverse()) await step();
}, 60_000);
