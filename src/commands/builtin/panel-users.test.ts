import { expect, it } from '@jest/globals';
import type { PanelUsers } from '../../users/panel-users.js';
import type { Backend } from '../backends/backend.js';
import type { BuiltinCommand, CommandResult, Invocation } from '../builtin-command.js';
import { panelUserCommands } from './panel-users.js';

/** What follows here when the panel's command ended so. */
async function follows(name: string, args: string[], result: CommandResult): Promise<unknown[][]> {
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
  const [command] = panelUserCommands([{ name } as BuiltinCommand], { backend, users }, 'admin');
  const invocation = { args, caller: { authority: 'everything' }, origin: {} } as unknown as Invocation;
  expect(await command?.run(invocation)).toEqual(result);
  return calls;
}

const done: CommandResult = { code: 0, output: '' };

it('a command that the panel lacks changes nothing here', async () => {
  const missing: CommandResult = { code: 3, output: '', isMissing: true };
  expect(await follows('v-delete-user', ['alice'], missing)).toEqual([]);
  expect(await follows('v-delete-user', ['alice'], { code: 3, output: '' })).toEqual([['deleted', 'alice']]);
});

it.each<[string, boolean]>([
  ['yes', true],
  ['YES', true],
  ['1', true],
  ['', true],
  ['NO', true],
  ['no', false],
])('only "no" loosens: %p', async (value, isTight) => {
  const set = (key: string) => follows('v-change-user-config-value', ['alice', key, value], done);
  expect(await set('SUSPENDED')).toEqual([['suspended', 'alice', isTight]]);
  expect(await set('LOGIN_DISABLED')).toEqual([['loginDisabled', 'alice', isTight]]);
});
