import { rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { it } from '@jest/globals';
import { temporaryFolder } from '../../../test/support/folders.js';
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
