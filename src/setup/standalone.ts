import { check } from './checks.js';
import { mustRun } from './operator.js';
import { say } from './output.js';
import type { Step } from './run-steps.js';
import type { SetupRun } from './setup-run.js';

/** Users and keys of its own, and no panel: the defaults, checked. */
export async function standalone(run: SetupRun): Promise<Step[]> {
  say('checks:');
  await check('Node.js', () => process.version, String);
  await run.checkSettings({});
  return [...run.startSteps(), checkStep(run), ...run.endSteps()];
}

/** The service has started and answers: what any set-up without an own test has to show. */
export function checkStep(run: SetupRun): Step {
  return {
    title: 'ask the service for its switches',
    run: async () => {
      await mustRun(run.config.socketPath, 'v-list-sys-config', 'json');
      return 'it answers';
    },
  };
}
