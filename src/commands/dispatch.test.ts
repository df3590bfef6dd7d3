import { expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AuditLog } from '../audit/audit-log.js';
import { Dispatcher } from './dispatch.js';
import type { CommandRegistry } from './registry.js';

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
