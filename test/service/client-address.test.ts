/** The table of docs/client-address.md over real connections, as far as this machine has the addresses. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Key } from '../support/client.js';
import { documentedRows } from '../support/documented-addresses.js';
import { commandsDirectory } from '../support/folders.js';
import { TestService } from '../support/test-service.js';

const allowed = ['203.0.113.9', '2001:db9::1'];
let service: TestService;
let root: Key;

beforeAll(async () => {
  service = await TestService.start({
    COMMANDS_DIR: commandsDirectory({ 'v-list-something': { script: 'echo something' } }),
    TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8, 2001:db8::/32',
  });
  for (const address of allowed) await service.ok('v-add-sys-api-ip', address);
  root = await service.makeKey('admin', '');
});

describe('a call of the API', () => {
  it.each(documentedRows().filter(({ from }) => from.startsWith('127.')))(
    'from $from with $with is decided for $client',
    async ({ from, headers, client }) => {
      const byName: Record<string, string[]> = {};
      for (const [name, value] of headers) (byName[name] ??= []).push(value);
      const { 'X-Forwarded-For': forwardedFor, ...others } = byName;
      const single = Object.entries(others).map(([name, values]) => [name, values.join(', ')]);
      const isAllowed = allowed.includes(client);
      // Failed attempts on one key within a second are one event: each row has a key of its own.
      const key = isAllowed ? root : await service.makeKey('admin', '');
      const answer = await service.call(key, 'v-list-something', [], {
        from,
        headers: Object.fromEntries(single) as Record<string, string>,
        ...(forwardedFor === undefined ? {} : { forwardedFor }),
      });
      expect(answer.status).toBe(isAllowed ? 200 : 401);
      const events = await service.events('--key', key.id, '--type', 'decision');
      expect(events.at(-1)?.clientAddress ?? '').toBe(client);
    },
  );
});
