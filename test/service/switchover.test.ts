/** Several hosts in the URL of the database, of which another one becomes the primary. */
import { beforeAll, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { decidesNothing } from '../faults/findings.js';
import { temporaryFolder } from '../support/folders.js';
import type { PostgresServer } from '../support/postgres.js';
import { describeWith } from '../support/programs.js';
import { startPair, SwitchoverLoad, switchOver } from '../support/switchover.js';
import { TestService } from '../support/test-service.js';
import { within } from '../support/waiting.js';

const recoveryMs = 60_000;

describeWith(
  'initdb',
  'postgres',
  'pg_basebackup',
)('a database of several hosts', () => {
  let first: PostgresServer;
  let second: PostgresServer;
  let settings: Record<string, string>;

  beforeAll(async () => {
    ({ first, second, settings } = await startPair('2s'));
  });

  it('is followed to its new primary, and back, without a wrong answer', async () => {
    const node = await TestService.startOpen(['alice'], settings);
    const other = await TestService.start({ ...settings, DATA_DIR: join(temporaryFolder(), 'data') });
    const allowed = await node.makeKey('alice', 'mail-accounts');
    const revoked = await node.makeKey('alice', 'mail-accounts');
    await node.ok('v-suspend-access-key', revoked.id);
    const load = new SwitchoverLoad([node, other], allowed, revoked, decidesNothing);
    for (const [from, to] of [
      [first, second],
      [second, first],
    ] as const) {
      await switchOver(from, to);
      const { decisions, changes } = load;
      await within(recoveryMs, 'both nodes decide and change', () =>
        Promise.resolve(load.decisions > decisions + 10 && load.changes > changes + 2),
      );
    }
    await load.end();
    expect(load.wrong).toEqual([]);
    await other.close();
    await node.close();
  });

  it('is found whichever of its hosts is the primary, and a start on standbys alone says so', async () => {
    const [, one = '', two = '', rest = ''] =
      /@([^,]+),([^/]+)(\/.*)$/.exec(settings['DATABASE_URL'] ?? '') ?? [];
    const start = async (hosts: string): Promise<TestService> =>
      TestService.start({
        ...settings,
        DATABASE_URL: `postgres://postgres@${hosts}${rest}`,
        DATA_DIR: join(temporaryFolder(), 'data'),
      });
    await (await start(`${two},${one}`)).close();
    await expect(start(`${two},127.0.0.1:1`)).rejects.toThrow(
      /^the store at 127\.0\.0\.1:\d+,127\.0\.0\.1:1\/store_1 can't be used: none of its hosts takes changes \(127\.0\.0\.1:\d+: it is a standby.*; 127\.0\.0\.1:1: connect ECONNREFUSED.*\); .*promote/,
    );
  });
});
