import { expect, it } from '@jest/globals';
import { adapters } from './adapters.js';
import { search } from './search.js';

/** As many as take about a second; `npm run fuzz` sends what one asks for. */
const inputsOf: Readonly<Record<string, number>> = {
  ...{
    'admin-socket': 40,
    cli: 20,
    import: 40,
    restore: 60,
    'role-files': 2_000,
    settings: 1_000,
    'env-files': 2_000,
  },
};
const seed = Date.now() % 1_000_000;

it.each(adapters)('no input to $name causes what none may', async (adapter) => {
  const { findings, answers } = await search(adapter, inputsOf[adapter.name] ?? 350, seed);
  expect({ seed, findings }).toEqual({ seed, findings: [] });
  // Else all inputs are refused for one reason, and nothing is tried.
  expect(answers.size).toBeGreaterThan(1);
  const [allowed] = ['200', 'allowed', 'code 0', 'read'].filter((answer) => answers.has(answer));
  expect({ seed, allowed }).toEqual({ seed, allowed: expect.any(String) });
});
