/** A service that stops: what it waits for, and what it does when a part of it can't be stopped. */
import { expect, it } from '@jest/globals';
import { RecordIndex } from '../../src/audit/record/record-index.js';
import { KeyExpirySweeper } from '../../src/keys/sweeps/key-expiry-sweeper.js';
import { AccessKeys } from '../../src/keys/access-keys.js';
import { TestService } from '../support/test-service.js';
import { within } from '../support/waiting.js';

it('waits for a sweep under way before it closes the database', async () => {
  const service = await TestService.start();
  const sweeper = service.part(KeyExpirySweeper);
  const keys = service.part(AccessKeys);
  const order: string[] = [];
  let goOn: () => void = () => undefined;
  const isStopping = new Promise<void>((resolve) => (goOn = resolve));
  // The sweep as it is, held up until the service stops.
  const sweep = sweeper.sweep.bind(sweeper);
  sweeper.sweep = async () => {
    order.push('begins');
    await isStopping;
    await sweep();
    expect(await keys.count()).toBe(0);
    order.push('has read the database');
  };
  const stop = sweeper.stop.bind(sweeper);
  sweeper.stop = () => {
    setTimeout(goOn, 300); // what comes behind it would be closed by then, if it didn't wait
    return stop();
  };
  await within(10_000, 'a sweep has begun', () => order.length > 0);
  await service.close();
  order.push('closed');
  expect(order).toEqual(['begins', 'has read the database', 'closed']);
});

it('stops the other parts, and gives the data free, when one of them can not be stopped', async () => {
  const service = await TestService.start();
  const key = await service.makeKey('admin', '');
  service.part(RecordIndex).stop = () => {
    throw new Error('broken');
  };
  await expect(service.close()).rejects.toThrow('not every part could be stopped in order');
  expect(service.log).toContain('could not be stopped in order: index of the audit record');
  const next = await TestService.start({ DATA_DIR: service.dataDir });
  expect(await next.ok('v-list-access-keys', '', 'plain')).toContain(key.id);
  expect((await next.run('v-verify-audit')).code).toBe(0);
});
