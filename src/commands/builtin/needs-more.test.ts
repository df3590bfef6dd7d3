import { expect, it } from '@jest/globals';
import { noTerminal, requireEverything, type BuiltinCommand, type Caller } from '../builtin-command.js';
import { builtinCommands, type CommandParts } from '../builtin-commands.js';
import { handlesKeys, mayNeedEverything, needsEverything, needsSafe } from './needs-more.js';

const id = 'A'.repeat(20);
const restricted: Caller = {
  actor: { kind: 'access_key', accessKeyId: id, user: 'admin' },
  client: { address: undefined, text: '' },
  authority: { user: 'admin', isRootUser: true, permissions: ['all'] },
  isOperator: false,
};

/** What takes each argument; another one takes any text. */
const taken: Readonly<Record<string, string>> = {
  ...{
    ACCESS_KEY_ID: id,
    PASSKEY_ID: '4mLRNbEZKxhQOTgBQ1pZ0cVt',
    KEY: 'COMMENT',
    TIME: '15m',
    FORMAT: 'json',
    ADDRESSES: '',
    RATE_LIMIT: '',
    QUOTA: '1/day',
    ONLY: '',
  },
};

/** Parts that do nothing, and say what was called with which arguments. */
function partsThatTell(tell: (call: string, args: readonly unknown[]) => void): CommandParts {
  const partOf = (part: string) =>
    new Proxy(
      {},
      {
        get:
          (_, name) =>
          (...args: unknown[]) =>
            tell(`${part}.${String(name)}`, args),
      },
    );
  const known: Partial<CommandParts> = { panel: undefined, rootUser: 'admin' };
  const get = (_: object, name: string | symbol): unknown =>
    name in known ? known[name as keyof CommandParts] : partOf(String(name));
  return new Proxy({}, { get }) as CommandParts;
}

interface Ran {
  name: string;
  error: unknown;
  calls: string[];
}

/** Runs each built-in command; which parts were told of the authority of its caller. */
async function runAll(caller: Caller): Promise<Ran[]> {
  let calls: string[] = [];
  const parts = partsThatTell((call, args) => {
    if (args.includes(caller.authority)) calls.push(call);
  });
  const all: Ran[] = [];
  for (const command of builtinCommands(parts)) {
    calls = [];
    const error = await runOne(command, caller);
    all.push({ name: command.name, error, calls });
  }
  return all;
}

async function runOne(command: BuiltinCommand, caller: Caller): Promise<unknown> {
  const names = command.options.replace(/[[\]]/g, '').split(' ');
  const args = names.map((name) => taken[name] ?? 'admin');
  const origin = { actor: caller.actor };
  try {
    await command.run({ args, options: new Map(), caller, origin, terminal: noTerminal });
    return undefined;
  } catch (error) {
    return error;
  }
}

function refusedFor(ran: readonly Ran[]): string[] {
  const refusal = refusalOf(() => requireEverything(restricted));
  return ran.flatMap(({ name, error }) => (String(error) === refusal ? [name] : [])).sort();
}

function refusalOf(work: () => void): string {
  try {
    work();
    return '';
  } catch (error) {
    return String(error);
  }
}

it('names the commands that no role is enough for, and those that need SAFE, and no others', async () => {
  expect(refusedFor(await runAll({ ...restricted, isSafe: true }))).toEqual(needsEverything);
  expect(refusedFor(await runAll(restricted))).toEqual([...needsEverything, ...needsSafe].sort());
});

it('names the command that asks who may do it when it has found whose passkey it is', async () => {
  const asking = (await runAll(restricted)).filter(({ calls }) => calls.includes('passkeys.delete'));
  expect(asking.map(({ name }) => name)).toEqual(mayNeedEverything);
});

it('names the commands that hold keys to what their caller has, and no others', async () => {
  // To look at a key is to handle none; what ends a user is told of in needs-more.ts.
  const others = ['accessKeys.get', 'accessKeys.requireMayEndUser'];
  const handling = (await runAll(restricted)).filter(({ calls }) =>
    calls.some((call) => call.startsWith('accessKeys.') && !others.includes(call)),
  );
  expect(handling.map(({ name }) => name).sort()).toEqual(handlesKeys);
});
