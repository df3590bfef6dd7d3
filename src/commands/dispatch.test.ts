import { expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AuditLog } from '../audit/audit-log.js';
import { Catalogue } from '../catalogue/catalogue.js';
import { describeCommand } from '../catalogue/command-spec.js';
import type { BuiltinCommand, Caller, CommandResult } from './builtin-command.js';
import { Dispatcher } from './dispatch.js';
import { CommandRegistry } from './registry.js';

it('is not idle between two commands of one piece of work', async () => {
  const dispatcher = new Dispatcher({} as CommandRegistry, undefined, {} as AuditLog);
  const ended: number[] = [];
  const work = dispatcher.inOneGo(async () => {
    for (const step of [1, 2, 3]) {
      await sleep(20);
      ended.push(step);
    }
  });
  await dispatcher.idle();
  expect(ended).toEqual([1, 2, 3]);
  await work;
});

it('is not idle while work is left that began after the question', async () => {
  const dispatcher = new Dispatcher({} as CommandRegistry, undefined, {} as AuditLog);
  const ended: number[] = [];
  const later = (ms: number) => dispatcher.inOneGo(() => sleep(ms).then(() => ended.push(ms)));
  void later(20).then(() => later(40));
  setTimeout(() => void later(30), 10);
  await dispatcher.idle();
  expect(ended.sort()).toEqual([20, 30, 40]);
});

it('a command that can not even be begun ends with a code and a result in the record, and throws nothing', async () => {
  const events: { type: string; code?: number }[] = [];
  const errors: unknown[] = [];
  const audit = { append: (event: { type: string }) => Promise.resolve(events.push(event)) };
  const registry = new CommandRegistry([], new Catalogue(new Map(), undefined), {
    rootUser: 'admin',
    isReadOnly: () => Promise.reject(new Error('no database')),
    onError: (error) => errors.push(error),
  });
  const dispatcher = new Dispatcher(registry, undefined, audit as unknown as AuditLog);
  const caller = { actor: { kind: 'operator' }, client: { text: '' } } as unknown as Caller;
  const result = await dispatcher.dispatch(describeCommand('v-add-x', '', ''), [], caller);
  expect(result).toMatchObject({ code: 17, output: expect.stringMatching(/^Error: /) });
  expect(events).toMatchObject([{ type: 'result', outcome: 'failed', code: 17 }]);
  expect(errors).toEqual([new Error('no database')]);
});

it('a built-in command that the panel has to run is there only where the panel has it', () => {
  const command = { name: 'v-delete-user', info: '', options: '', examples: [], changes: true, run: ended };
  const has = (...more: object[]): boolean => {
    const catalogue = new Catalogue(new Map(), undefined);
    const options = { rootUser: 'admin', isReadOnly: () => Promise.resolve(false), onError: () => undefined };
    const registry = new CommandRegistry(
      [Object.assign({}, command, ...more) as BuiltinCommand],
      catalogue,
      options,
    );
    return new Dispatcher(registry, undefined, {} as AuditLog).has('v-delete-user');
  };
  expect([has(), has({ isThere: () => true }), has({ isThere: () => false })]).toEqual([true, true, false]);
});

function ended(): Promise<CommandResult> {
  return Promise.resolve({ code: 0, output: '' });
}
