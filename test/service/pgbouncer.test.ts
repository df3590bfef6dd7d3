/** PgBouncer between the service and its database. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { commandsDirectory, temporaryFolder } from '../support/folders.js';
import { PgBouncer, type PoolMode } from '../support/pgbouncer.js';
import type { PostgresServer } from '../support/postgres.js';
import { describeWith } from '../support/programs.js';
import { postgresServer } from '../support/store.js';
import { TestService } from '../support/test-service.js';

const command = 'v-list-mail-domains';
let server: PostgresServer;

describeWith(
  'initdb',
  'postgres',
  'pgbouncer',
)('a service behind PgBouncer', () => {
  beforeAll(async () => {
    server = await postgresServer();
  });

  const databaseBehind = async (bouncer: PgBouncer): Promise<string> =>
    bouncer.url(new URL(await server.newDatabase()).pathname.slice(1));

  describe('in session mode', () => {
    it('decides and changes on two nodes at once, and waits for no lease', async () => {
      const bouncer = await PgBouncer.start(server, 'session', 'default_pool_size = 40');
      const settings = {
        DATABASE_URL: await databaseBehind(bouncer),
        PEPPER_FILE: join(temporaryFolder(), 'pepper'),
        COMMANDS_DIR: commandsDirectory({ [command]: { options: 'USER', script: 'echo mail' } }),
        // A change that had to wait for a lease to end would not be answered in this test.
        LEASE: '10m',
      };
      const first = await TestService.startOpen(['alice'], settings);
      const second = await TestService.start({ ...settings, DATA_DIR: join(temporaryFolder(), 'data') });
      const key = await first.makeKey('alice', 'mail-accounts');
      expect((await second.call(key, command, ['alice'])).code).toBe(0);
      await first.ok('v-suspend-user', 'alice');
      expect((await second.call(key, command, ['alice'])).code).toBe(9);
      await second.close();
      await first.close();
    });

    it('is told by the size of the pool that a node needs several connections', async () => {
      const bouncer = await PgBouncer.start(server, 'session', 'default_pool_size = 1');
      await expect(TestService.start({ DATABASE_URL: await databaseBehind(bouncer) })).rejects.toThrow(
        /^the store at 127\.0\.0\.1:\d+\/store_\d+ can't be used: it gave no second connection .*pool_size/,
      );
    });
  });

  it.each([
    [
      'transaction',
      'server_round_robin = 0',
      /can't be used: a pooler in transaction mode .*pool_mode = session/,
    ],
    [
      'transaction',
      'server_round_robin = 1',
      /can't be used: a pooler in transaction mode .*pool_mode = session/,
    ],
    ['statement', 'server_round_robin = 0', /can't be used: it takes no transactions .*session mode/],
  ] satisfies [PoolMode, string, RegExp][])(
    'is refused in %s mode (%s), and nothing of it stays behind on the connections of others',
    async (mode, order, message) => {
      const bouncer = await PgBouncer.start(server, mode, order);
      const url = await databaseBehind(bouncer);
      await expect(TestService.start({ DATABASE_URL: url })).rejects.toThrow(message);
      const name = new URL(url).pathname.slice(1);
      const asked = `select coalesce(current_setting('hearthkey.changes', true), '') as changes,
        current_setting('statement_timeout') as timeout`;
      expect(await bouncer.query(name, asked)).toEqual([{ changes: '', timeout: '0' }]);
    },
  );
});
