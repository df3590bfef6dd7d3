import { expect, it } from '@jest/globals';
import { noTerminal, type Caller } from '../builtin-command.js';
import { builtinCommands, type CommandParts } from '../builtin-commands.js';
import { needsEverything } from './needs-everything.js';

const caller: Caller = {
  actor: { kind: 'access_key', accessKeyId: 'A'.repeat(20), user: 'admin' },
  client: { address: undefined, text: '' },
  authority: { user: 'admin', isRootUser: true, permissions: ['all'] },
  isOperator: false,
};

it.each(needsEverything)('%s runs for no restricted key', async (name) => {
  const command = builtinCommands({} as CommandParts).find((each) => each.name === name);
  const args = ['billing', 'user', 'v-list-user'];
  const invocation = {
    args,
    options: new Map(),
    caller,
    origin: { actor: caller.actor },
    terminal: noTerminal,
  };
  await expect(async () => command?.run(invocation)).rejects.toMatchObject({ code: 10 });
});
