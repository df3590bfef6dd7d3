import { rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { temporaryFolder } from '../../../test/support/folders.js';
import { PostgresServer } from '../../../test/support/postgres.js';
import { describeWith } from '../../../test/support/programs.js';
import { within } from '../../../test/support/waiting.js';
import { ChangeNotices } from './change-notices.js';

it('a connection that was lost is made again although the root certificate can not be read any more', async () => {
  let connections = 0;
  const server = createServer((socket) => {
    connections++;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const rootCertFile = join(temporaryFolder(), 'ca.pem');
  writeFileSync(rootCertFile, 'certificate');
  const { port } = server.address() as AddressInfo;
  const place = { hosts: [{ host: '127.0.0.1', port }], database: 'd', user: 'u', password: undefined };
  const notices = new ChangeNotices({ ...place, sslMode: 'verify-ca', rootCertFile }, () => undefined);
  try {
    notices.start();
    rmSync(rootCertFile);
    await within(20_000, 'it is tried again', () => connections >= 2);
  } finally {
    await notices.stop();
    server.close();
  }
});

describeWith('initdb', 'postgres')('of several hosts', () => {
  it('the primary is listened to, and none that is read-only', async () => {
    const [readOnly, primary] = await Promise.all([
      PostgresServer.start('default_transaction_read_only=on'),
      PostgresServer.start(),
    ]);
    const hosts = [readOnly, primary].map(({ port }) => ({ host: '127.0.0.1', port }));
    const account = { database: 'postgres', user: 'postgres', password: undefined };
    const noTls = { sslMode: 'disable', rootCertFile: undefined } as const;
    const listeners = (server: PostgresServer): Promise<unknown[]> =>
      server.query('postgres', "select pid from pg_stat_activity where query like 'LISTEN%'");
    let told = 0;
    const notices = new ChangeNotices({ hosts, ...account, ...noTls }, () => told++);
    try {
      notices.start();
      await within(20_000, 'it listens', () => told > 0);
      expect(await listeners(readOnly)).toEqual([]);
      expect(await listeners(primary)).toHaveLength(1);
      const before = told;
      await primary.query('postgres', 'notify hearthkey_changes');
      await within(5000, 'a change is told', () => told > before);
    } finally {
      await notices.stop();
    }
  });
});
