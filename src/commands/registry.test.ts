import { beforeEach, describe, expect, it } from '@jest/globals';
import { Catalogue } from '../catalogue/catalogue.js';
import { AppError, invalid } from '../errors.js';
import { ok, type BuiltinCommand, type Caller, type Invocation } from './builtin-command.js';
import { CommandRegistry } from './registry.js';

const operator: Caller = {
  actor: { kind: 'operator' },
  client: { address: undefined, text: '127.0.0.1' },
  authority: 'everything',
  isOperator: true,
};

let isReadOnly: boolean;
let errors: unknown[];
let ran: Invocation[];
let catalogue: Catalogue;

const base: BuiltinCommand = {
  name: 'v-add-x',
  info: 'add x',
  options: 'USER [FORMAT]',
  examples: [],
  changes: true,
  async run(invocation) {
    ran.push(invocation);
    return ok('done\n');
  },
};

function run(command: Partial<BuiltinCommand>, args: readonly string[] = ['alice'], caller = operator) {
  const built = { ...base, ...command };
  catalogue = new Catalogue(new Map(), undefined);
  const options = {
    rootUser: 'admin',
    isReadOnly: () => Promise.resolve(isReadOnly),
    onError: (error: unknown) => errors.push(error),
  };
  const registry = new CommandRegistry([built], catalogue, options);
  return registry.run(registry.find(built.name)!, args, new Map(), caller);
}

beforeEach(() => {
  isReadOnly = false;
  errors = [];
  ran = [];
});

describe('a built-in command', () => {
  it('is told its arguments, and where the change comes from', async () => {
    expect(await run({}, ['alice', 'json'])).toEqual({ code: 0, output: 'done\n' });
    expect(ran).toMatchObject([
      {
        args: ['alice', 'json'],
        caller: operator,
        origin: { actor: { kind: 'operator' }, clientAddress: '127.0.0.1', command: 'v-add-x' },
      },
    ]);
  });

  it('is in the catalogue, with the place of USER', async () => {
    await run({});
    expect(catalogue.find('v-add-x')).toMatchObject({ info: 'add x', userPositions: [1], onlyReads: false });
  });

  it('is not run with too few arguments: 1, and how it goes', async () => {
    expect(await run({}, [])).toEqual({ code: 1, output: 'Usage: v-add-x USER [FORMAT]\n' });
    expect(ran).toEqual([]);
  });

  it('that refuses ends with the code and the text of its refusal', async () => {
    const refusing = () => Promise.reject(invalid('no such thing'));
    expect(await run({ run: refusing })).toEqual({ code: 2, output: 'Error: no such thing\n' });
    expect(errors).toEqual([]);
  });

  it('that refuses because something broke tells the log what, and not the caller', async () => {
    const cause = new Error('ENOSPC /var/lib/secret-place');
    const refusing = () => Promise.reject(new AppError(13, 'it could not be written', { cause }));
    expect(await run({ run: refusing })).toEqual({ code: 13, output: 'Error: it could not be written\n' });
    expect(errors).toEqual([cause]);
  });

  it('that breaks ends with 17, and shows nothing of why', async () => {
    const breaking = () => {
      throw new Error('SQLITE_CORRUPT: secret-place');
    };
    const { code, output } = await run({ run: breaking });
    expect(code).toBe(17);
    expect(output).not.toContain('secret-place');
    expect(errors).toHaveLength(1);
  });
});

describe('read-only mode', () => {
  beforeEach(() => {
    isReadOnly = true;
  });

  it('refuses every change with 1, and nothing is done', async () => {
    expect(await run({})).toEqual({
      code: 1,
      output: 'ERROR: Unable to perform operation due to security restrictions that are in place.\n',
    });
    expect(ran).toEqual([]);
  });

  it('lets through what only looks', async () => {
    expect((await run({ changes: false })).code).toBe(0);
  });

  it('asks a command that changes something at times what exactly is asked, and by whom', async () => {
    const changes = ([user]: readonly string[], caller: Caller): boolean =>
      !(user === 'alice' && caller.isOperator);
    expect((await run({ changes }, ['alice'])).code).toBe(0);
    expect((await run({ changes }, ['bob'])).code).toBe(1);
    expect((await run({ changes }, ['alice'], { ...operator, isOperator: false })).code).toBe(1);
  });

  it('that can not be looked up refuses the change', async () => {
    const failing = new CommandRegistry([base], new Catalogue(new Map(), undefined), {
      rootUser: 'admin',
      isReadOnly: () => Promise.reject(new Error('the store is gone')),
      onError: (error) => errors.push(error),
    });
    expect((await failing.run(base, ['alice'], new Map(), operator)).code).toBe(17);
    expect(ran).toEqual([]);
  });
});

it('the list of commands is in the order of their names', () => {
  const commands = ['v-b', 'v-a', 'v-c'].map((name) => ({ ...base, name }));
  const registry = new CommandRegistry(commands, new Catalogue(new Map(), undefined), {
    rootUser: 'admin',
    isReadOnly: () => Promise.resolve(false),
    onError: () => undefined,
  });
  expect(registry.list().map(({ name }) => name)).toEqual(['v-a', 'v-b', 'v-c']);
  expect(registry.find('v-d')).toBeUndefined();
});
