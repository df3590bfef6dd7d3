import { beforeAll, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { KeyUses } from '../../src/keys/usage/key-uses.js';
import type { Key } from '../support/client.js';
import { commandsDirectory, temporaryFolder } from '../support/folders.js';
import { askSocket, postJson } from '../support/gate.js';
import { TestService } from '../support/test-service.js';

const command = 'v-list-mail-domains';
const victim = '203.0.113.77';
const proxy = '127.0.0.2';
let service: TestService;
let gateSocket: string;
let root: Key;
let alice: Key;

beforeAll(async () => {
  const COMMANDS_DIR = commandsDirectory({ [command]: { options: 'USER [FORMAT]', script: 'exit 0' } });
  gateSocket = join(temporaryFolder(), 'gate.sock');
  const settings = { COMMANDS_DIR, TRUSTED_PROXIES: proxy, GATE_SOCKET: gateSocket };
  service = await TestService.startOpen(['alice'], settings);
  await service.ok('v-add-sys-api-ip', victim);
  root = await service.makeKey('admin', '');
  alice = await service.makeKey('alice', 'mail-accounts');
});

/** What this work adds to `auth.log`. */
async function authLines(work: () => Promise<unknown>): Promise<string[]> {
  const before = service.authLog.length;
  await work();
  return service.authLog.slice(before);
}

const wrong = { accessKeyId: '0'.repeat(20), secretAccessKey: 'x'.repeat(40), command };
const evaluation = {
  subject: {
    type: 'access_key',
    id: wrong.accessKeyId,
    properties: { secretAccessKey: wrong.secretAccessKey },
  },
  action: { name: 'run' },
  resource: { type: 'command', id: command },
  context: { clientIp: victim },
};
const bearer = (key: Key): Record<string, string> => ({
  Authorization: `Bearer ${key.pair}`,
  'X-Hearthkey-Command': command,
  'X-Hearthkey-Arg1': 'alice',
});
const unknown = {
  ...wrong,
  id: wrong.accessKeyId,
  secret: wrong.secretAccessKey,
  pair: `${'0'.repeat(20)}:x`,
};

describe('an address that a caller without a name claims', () => {
  const claims: Record<string, () => Promise<unknown>> = {
    '/v1/authorize': () => postJson(service, '/v1/authorize', { ...wrong, clientIp: victim }),
    'forward-auth': () =>
      service.request('GET', '/v1/forward-auth', undefined, {
        forwardedFor: victim,
        headers: bearer(unknown),
      }),
    'an evaluation': () => postJson(service, '/access/v1/evaluation', evaluation),
    evaluations: () =>
      postJson(service, '/access/v1/evaluations', {
        ...evaluation,
        evaluations: [{}, { action: { name: 'no' } }],
      }),
  };

  it.each(Object.keys(claims))('at %s never reaches auth.log, whether right or wrong', async (place) => {
    expect(
      await authLines(async () => {
        for (let count = 0; count < 12; count++) await claims[place]?.();
      }),
    ).toEqual([]);
  });

  it('is in the record as claimed, and by whom', async () => {
    const { id: accessKeyId, secret: secretAccessKey } = alice;
    const asked = { accessKeyId, secretAccessKey, command, args: ['alice'], clientIp: victim };
    expect(await authLines(() => postJson(service, '/v1/authorize', asked))).toEqual([]);
    const [event] = (await service.events('--key', alice.id, '--type', 'decision')).slice(-1);
    expect(event).toMatchObject({ clientAddress: victim, addressClaimedBy: '127.0.0.1' });
    const listed = await service.ok('v-list-audit-events', '--key', alice.id);
    expect(listed).toContain(`  ${victim} claimed by 127.0.0.1  ${command}`);
  });

  it('stands as claimed beside the last use of a key', async () => {
    await service.part<KeyUses>(KeyUses).flush();
    expect(await service.ok('v-list-access-key', alice.id, 'json')).toContain(
      `"LAST_USED_IP": "${victim} (claimed)"`,
    );
  });

  it('is not summed with attempts that came from there', async () => {
    const fields = { access_key: wrong.accessKeyId, secret_key: wrong.secretAccessKey, cmd: command };
    const lines = await authLines(async () => {
      for (let count = 0; count < 40; count++) await claims['/v1/authorize']?.();
      await service.api(fields, { from: proxy, forwardedFor: victim });
    });
    expect(lines).toEqual([expect.stringMatching(` ${victim} failed to login$`)]);
    const events = await service.events('--ip', victim, '--outcome', 'deny');
    expect(events.filter((event) => !('addressClaimedBy' in event))).toHaveLength(1);
  });

  it('does not use up the failures that the address may have', async () => {
    const limited = await TestService.startOpen([], { TRUSTED_PROXIES: proxy, FAILURE_LIMIT: '5' });
    await limited.ok('v-add-sys-api-ip', victim);
    const claim = { ...wrong, clientIp: victim };
    for (let count = 0; count < 10; count++) {
      const accessKeyId = `${'0'.repeat(18)}${String(count + 10)}`;
      await postJson(limited, '/v1/authorize', { ...claim, accessKeyId });
    }
    const fields = { access_key: 'f'.repeat(20), secret_key: wrong.secretAccessKey, cmd: command };
    const { status } = await limited.api(fields, { from: proxy, forwardedFor: victim });
    expect(status).toBe(401);
  });
});

describe('an address that a trusted gateway tells', () => {
  it.each([
    [
      '/v1/authorize of a trusted proxy',
      () => postJson(service, '/v1/authorize', { ...wrong, clientIp: victim }, { from: proxy }),
    ],
    [
      'forward-auth of a trusted proxy',
      () =>
        service.request('GET', '/v1/forward-auth', undefined, {
          from: proxy,
          forwardedFor: victim,
          headers: bearer(unknown),
        }),
    ],
    ['the gate socket', () => askSocket(gateSocket, 'POST', '/v1/authorize', { ...wrong, clientIp: victim })],
    [
      '/api/ through a trusted proxy',
      () =>
        service.api(
          { access_key: wrong.accessKeyId, secret_key: wrong.secretAccessKey, cmd: command },
          { from: proxy, forwardedFor: victim },
        ),
    ],
  ])('at %s is in auth.log', async (_place, ask) => {
    expect(await authLines(ask)).toEqual([expect.stringMatching(` ${victim} failed to login$`)]);
  });
});

describe('the address that a command is given', () => {
  it('by a key never reaches auth.log, and the record names the key', async () => {
    await service.call(root, 'v-check-access-key', [alice.id, 'x'.repeat(40), command, victim]);
    const own = service.authLog.filter((line) => line.includes(victim) && line.includes(alice.id));
    expect(own).toEqual([]);
    const events = await service.events('--ip', victim, '--reason', 'secret_mismatch');
    expect(events.at(-1)).toMatchObject({ addressClaimedBy: root.id });
  });

  it.each([
    ['v-check-access-key', () => [alice.id, 'x'.repeat(40), command, victim]],
    ['v-check-access-key', () => [alice.id, alice.secret, command, victim]],
    ['v-check-access-key', () => [alice.id, alice.secret, command]],
    ['v-check-access-key', () => [alice.id, alice.secret, command, 'no address']],
    ['v-check-api-key', () => ['x'.repeat(32), victim]],
  ])('of %s by an operator never does, either', async (name, args) => {
    expect(await authLines(() => service.run(name, ...args()))).toEqual([]);
  });

  it('of v-check-api-key is in the record as claimed', async () => {
    await service.run('v-check-api-key', 'y'.repeat(32), '203.0.113.78');
    expect((await service.events('--ip', '203.0.113.78')).at(-1)).toMatchObject({
      addressClaimedBy: 'operator',
    });
  });
});
