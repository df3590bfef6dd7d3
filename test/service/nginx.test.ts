/** The lines of docs/operations.md in a real nginx, in front of a service. */
import { beforeAll, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, type Key } from '../support/client.js';
import { commandsDirectory, installation, temporaryFolder } from '../support/folders.js';
import { startNginx } from '../support/nginx.js';
import { describeWith } from '../support/programs.js';
import { TestService } from '../support/test-service.js';

const commands = commandsDirectory({
  'v-list-mail-domains': { options: 'USER', script: 'echo "mail of $1"' },
  'v-count': { options: 'TEXT', script: 'printf %s "$1" | wc -c' },
});

describeWith('nginx')('nginx in front, with the lines of the documentation', () => {
  let service: TestService;
  let front: Client;
  let key: Key;

  beforeAll(async () => {
    const socket = join(temporaryFolder(), 'http.sock');
    service = await TestService.start({ COMMANDS_DIR: commands, LISTEN: `127.0.0.1:0,unix:${socket}` });
    await service.ok('v-change-sys-config-value', 'API_SYSTEM', '2');
    await service.ok('v-add-sys-api-ip', '127.0.0.5');
    await service.addUser('alice');
    key = await service.makeKey('alice', 'mail-accounts');
    const lines = /```nginx\n([\s\S]*?)```/.exec(
      readFileSync(join(installation, 'docs/operations.md'), 'utf8'),
    )?.[1];
    const port = await startNginx((lines ?? '').replace('/run/hearthkey/http.sock', socket), ['127.0.0.1']);
    front = new Client(`http://127.0.0.1:${String(port)}`, service.socketPath);
  });

  function call(options: { from: string; forwardedFor?: string }) {
    return front.api({ hash: key.pair, cmd: 'v-list-mail-domains', arg1: 'alice' }, options);
  }

  it('lets a client through by the address that nginx saw', async () => {
    expect(await call({ from: '127.0.0.5' })).toMatchObject({ status: 200, code: 0, body: 'mail of alice' });
    const [event] = await service.events('--key', key.id, '--outcome', 'allow');
    expect(event?.clientAddress).toBe('127.0.0.5');
  });

  it('keeps another client out, whatever it says of its address', async () => {
    for (const forwardedFor of ['127.0.0.5', '127.0.0.5, 127.0.0.1', '"127.0.0.5"']) {
      expect(await call({ from: '127.0.0.6', forwardedFor })).toMatchObject({ status: 401, code: 10 });
    }
    const events = await service.events('--reason', 'address_not_allowed');
    expect(new Set(events.map((event) => event.clientAddress))).toEqual(new Set(['127.0.0.6']));
  });

  it('hands codes, types and bodies through', async () => {
    const root = await service.makeKey('admin', '');
    const json = await front.api(
      { hash: root.pair, cmd: 'v-list-users', arg1: 'json' },
      { from: '127.0.0.5' },
    );
    expect(json.headers['content-type']).toContain('application/json');
    const text = 'x'.repeat(100_000);
    const long = await front.api({ hash: root.pair, cmd: 'v-count', arg1: text }, { from: '127.0.0.5' });
    expect(long.body).toBe('100000');
    const missing = await front.api(
      { hash: root.pair, cmd: 'v-list-user', arg1: 'nobody' },
      { from: '127.0.0.5' },
    );
    expect(missing).toMatchObject({ status: 400, code: 3 });
  });

  it('does not answer for what is not the API', async () => {
    expect((await fetch(`${front.url}/livez`)).status).toBe(404);
  });
});
