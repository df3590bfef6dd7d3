/** The database's name may lead to a standby: after a failover, or where a resolver is late. */
import { beforeAll, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { Line } from '../support/line.js';
import type { Key } from '../support/client.js';
import { atEnd } from '../support/clean-up.js';
import { commandsDirectory, temporaryFolder } from '../support/folders.js';
import { PostgresServer } from '../support/postgres.js';
import { describeWith } from '../support/programs.js';
import { TestService } from '../support/test-service.js';
import { within } from '../support/waiting.js';

const command = 'v-list-mail-domains';
const recoveryMs = 30_000;

describeWith(
  'initdb',
  'postgres',
  'pg_basebackup',
)('a service whose database host has a standby', () => {
  let primary: PostgresServer;
  let standby: PostgresServer;
  let line: Line;
  let settings: Record<string, string>;

  beforeAll(async () => {
    primary = await PostgresServer.start();
    const url = new URL(await primary.newDatabase());
    standby = await primary.synchronousStandby();
    line = await Line.to(primary.port);
    atEnd(() => line.close());
    url.port = String(line.port);
    settings = {
      DATABASE_URL: url.href,
      PEPPER_FILE: join(temporaryFolder(), 'pepper'),
      COMMANDS_DIR: commandsDirectory({ [command]: { options: 'USER', script: 'echo mail' } }),
      LEASE: '2s',
    };
  });

  const codeOf = async (service: TestService, key: Key): Promise<number> =>
    (await service.call(key, command, ['alice'])).code;

  it('decides again when the name leads from the standby back to the primary', async () => {
    const service = await TestService.startOpen(['alice'], settings);
    const key = await service.makeKey('alice', 'mail-accounts');
    expect(await codeOf(service, key)).toBe(0);
    // Every connection ends, and new ones reach the standby.
    line.cut();
    line.leadTo(standby.port);
    line.mend();
    await within(recoveryMs, 'it denies', async () => (await codeOf(service, key)) === 17);
    expect((await service.run('v-suspend-user', 'alice')).code).toBe(17);
    await within(recoveryMs, 'the log says why', () => service.log.includes('is a standby'));
    // Connections that are open stay open, as they do when a name is changed.
    line.leadTo(primary.port);
    await within(recoveryMs, 'it allows', async () => (await codeOf(service, key)) === 0);
    await service.ok('v-suspend-user', 'alice');
    expect(await codeOf(service, key)).toBe(9);
    await service.close();
  });

  it('says at the start that the server is a standby, and how to go on', async () => {
    line.leadTo(standby.port);
    const starting = TestService.start({ ...settings, DATA_DIR: join(temporaryFolder(), 'data') });
    await expect(starting).rejects.toThrow(
      /^the store at 127\.0\.0\.1:\d+\/store_1 can't be used: it is a standby, .* the primary, .*promote/,
    );
    line.leadTo(primary.port);
  });
});
