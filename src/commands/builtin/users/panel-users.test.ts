import { expect, it } from '@jest/globals';
import type { PanelUsers, StateAtPanel } from '../../../users/panel-users.js';
import type { Backend } from '../../backends/backend.js';
import type { BuiltinCommand, CommandResult, Invocation } from '../../builtin-command.js';
import { panelUserCommands } from './panel-users.js';

/** What follows here when the panel's command ended so. */
async function follows(
  name: string,
  args: string[],
  result: CommandResult,
  state: StateAtPanel = 'unknown',
  answer: object = result,
): Promise<unknown[][]> {
  const calls: unknown[][] = [];
  const note =
    (call: string) =>
    (...given: unknown[]) => {
      calls.push([call, ...given.slice(0, -1)]);
      return Promise.resolve();
    };
  const users = Object.fromEntries(
    ['added', 'deleted', 'suspended', 'passwordChanged', 'loginDisabled'].map((call) => [call, note(call)]),
  ) as unknown as PanelUsers;
  const backend: Backend = { has: () => true, run: () => Promise.resolve(result) };
  const [command] = panelUserCommands(
    [{ name } as BuiltinCommand],
    { backend, users, stateOf: () => Promise.resolve(state) },
    'admin',
  );
  const invocation = { args, caller: { authority: 'everything' }, origin: {} } as unknown as Invocation;
  expect(await command?.run(invocation)).toEqual(answer);
  return calls;
}

const done: CommandResult = { code: 0, output: '' };

it('a command that the panel lacks changes nothing here', async () => {
  const missing: CommandResult = { code: 3, output: '', isMissing: true };
  expect(await follows('v-delete-user', ['alice'], missing, 'absent')).toEqual([]);
  expect(await follows('v-delete-user', ['alice'], { code: 3, output: '' }, 'absent')).toEqual([
    ['deleted', 'alice'],
  ]);
});

/** Of each answer: what the panel says of the user afterwards, and what follows here. */
it.each<[string, number, StateAtPanel, unknown[][], number?]>([
  ['v-delete-user', 0, 'absent', [['deleted', 'alice']]],
  ['v-delete-user', 3, 'absent', [['deleted', 'alice']]],
  ['v-delete-user', 0, 'active', [], 15],
  ['v-delete-user', 0, 'suspended', [], 15],
  ['v-delete-user', 3, 'active', []],
  ['v-delete-user', 0, 'unknown', [['suspended', 'alice', true]]],
  ['v-delete-user', 3, 'unknown', []],
  ['v-delete-user', 1, 'absent', []],
  ['v-suspend-user', 0, 'suspended', [['suspended', 'alice', true]]],
  ['v-suspend-user', 5, 'suspended', [['suspended', 'alice', true]]],
  ['v-suspend-user', 0, 'unknown', [['suspended', 'alice', true]]],
  ['v-suspend-user', 0, 'absent', [['suspended', 'alice', true]]],
  ['v-suspend-user', 0, 'active', [], 15],
  ['v-suspend-user', 5, 'active', []],
  ['v-unsuspend-user', 0, 'active', [['suspended', 'alice', false]]],
  ['v-unsuspend-user', 6, 'active', [['suspended', 'alice', false]]],
  ['v-unsuspend-user', 0, 'suspended', [], 15],
  ['v-unsuspend-user', 0, 'unknown', []],
  ['v-unsuspend-user', 0, 'absent', []],
])('%s that ends with %i is believed as far as the panel says the same: %s', async (...row) => {
  const [name, code, state, followed, told = code] = row;
  const result = { code, output: '' };
  const answer =
    told === code ? result : { code: told, output: expect.stringMatching(/^Error: the panel/) as unknown };
  expect(await follows(name, ['alice'], result, state, answer)).toEqual(followed);
});

it('a user that the panel says it added, and does not list, is not added here', async () => {
  const args = ['alice', 'correct-horse-1', 'a@example.com'];
  expect(await follows('v-add-user', args, done, 'active')).toMatchObject([['added', { name: 'alice' }]]);
  expect(await follows('v-add-user', args, done, 'unknown')).toEqual([]);
  const answer = { code: 15, output: expect.stringContaining('still has no user alice') as unknown };
  expect(await follows('v-add-user', args, done, 'absent', answer)).toEqual([]);
});

it.each<[string, boolean]>([
  ['yes', true],
  ['YES', true],
  ['1', true],
  ['', true],
  ['NO', true],
  ['no', false],
])('only "no" loosens: %p', async (value, isTight) => {
  const set = (key: string) =>
    follows('v-change-user-config-value', ['alice', key, value], done, isTight ? 'suspended' : 'active');
  expect(await set('SUSPENDED')).toEqual([['suspended', 'alice', isTight]]);
  expect(await set('LOGIN_DISABLED')).toEqual([['loginDisabled', 'alice', isTight]]);
});
