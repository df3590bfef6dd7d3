import { expect, it } from '@jest/globals';
import { adapters } from './adapters.js';
import { search } from './search.js';

/** As many as take about two seconds; `npm run fuzz` sends what one asks for. */
const inputsOf: Readonly<Record<string, number>> = {
  ...{
    'admin-socket': 60,
    import: 60,
    restore: 100,
    'role-files': 4_000,
    settings: 2_000,
    'env-files': 4_000,
  },
};
const seed = Date.now() % 1_000_000;

it.each(adapters)('no input to $name causes what none may', async (adapter) => {
  const { findings, answers } = await search(adapter, inputsOf[adapter.name] ?? 600, seed);
  expect({ seed, findings }).toEqual({ seed, findings: [] });
  // Else all inputs are refused for one reason, and nothing is tried.
  expect(answers.size).toBeGreaterThan(1);
  const [allowed] = ['200', 'allowed', 'code 0', 'read'].filter((answer) => answers.has(answer));
  expect({ seed, allowed }).toEqual({ seed, allowed: expect.any(String) });
});
