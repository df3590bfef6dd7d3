/** A key derives narrower keys from itself: they end with it, count with it, and never do more than it. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { mostDerivedKeys } from '../../src/keys/derived/derived-room.js';
import { KeyExpirySweeper } from '../../src/keys/sweeps/key-expiry-sweeper.js';
import type { Database } from '../../src/storage/database.js';
import { DATABASE } from '../../src/storage/storage.module.js';
import type { HttpAnswer, Key } from '../support/client.js';
import { commandsDirectory, temporaryFolder } from '../support/folders.js';
import { PostgresServer } from '../support/postgres.js';
import { describeWith } from '../support/programs.js';
import { TestService } from '../support/test-service.js';

const command = 'v-list-mail-domains';
const COMMANDS_DIR = commandsDirectory({ [command]: { options: 'USER [FORMAT]', script: 'echo mail' } });
const derives = 'v-derive-access-key';
let service: TestService;

async function start(settings: Record<string, string> = {}): Promise<TestService> {
  const started = await TestService.startOpen(['alice'], { COMMANDS_DIR, ...settings });
  await started.ok(
    'v-add-api',
    'deriving',
    'user',
    `${derives},v-list-access-key`,
    `${derives},v-list-access-key`,
  );
  await started.ok('v-add-api', 'mail', 'user', command);
  return started;
}

beforeAll(async () => {
  service = await start();
});

function parsePair(text: string): Key {
  const pair = text.trim();
  const [id = '', secret = ''] = pair.split(':');
  return { id, secret, pair };
}

const parentOf = async (...options: string[]): Promise<Key> =>
  parsePair(await service.ok('v-add-access-key', 'alice', 'deriving,mail', 'Deploy', 'plain', ...options));
const ask = (key: Key, ...args: string[]): Promise<HttpAnswer> =>
  service.call(key, derives, ['', '15m', 'plain', ...args]);
async function derive(key: Key, ...args: string[]): Promise<Key> {
  const answer = await ask(key, ...args);
  expect([answer.code, answer.body]).toEqual([0, expect.stringMatching(/^\w{20}:/)]);
  return parsePair(answer.body);
}
const use = async (key: Key, at = service, from?: string): Promise<number> =>
  (await at.call(key, command, ['alice'], from === undefined ? {} : { from })).code;
const show = async (key: Key): Promise<Record<string, unknown>> =>
  JSON.parse(await service.ok('v-list-access-key', key.id, 'json')) as Record<string, unknown>;
const setIn = (key: Key, row: object) =>
  service.part<Database>(DATABASE).updateTable('access_keys').set(row).where('id', '=', key.id).execute();
const setEnd = (key: Key, expires_at_ms: number) => setIn(key, { expires_at_ms });

async function restDerive({ pair }: Key, id: string, input: object): Promise<HttpAnswer> {
  const headers = { Authorization: `Bearer ${pair}`, 'Content-Type': 'application/json' };
  return service.request('POST', `/v1/access-keys/${id}/derive`, JSON.stringify(input), { headers });
}

describe('a derived key', () => {
  it('is made by a key itself, over /api/ and REST v1, and by an operator', async () => {
    const parent = await parentOf();
    const ofRest = await restDerive(parent, parent.id, { expiresIn: '15m', permissions: ['mail'] });
    expect([ofRest.status, JSON.parse(ofRest.body)]).toMatchObject([
      201,
      { madeBy: parent.id, isDerived: true, permissions: ['mail'], comment: 'Deploy', user: 'alice' },
    ]);
    const { accessKeyId: id, secretAccessKey: secret } = JSON.parse(ofRest.body) as Record<string, string>;
    const made = { id, secret, pair: `${String(id)}:${String(secret)}` } as Key;
    const ofOperator = parsePair(await service.ok(derives, parent.id, 'plain', '--for', '15m'));
    for (const key of [await derive(parent), made, ofOperator]) {
      expect(await use(key)).toBe(0);
      expect(await show(key)).toMatchObject({ MADE_BY: parent.id });
    }
    const [change] = await service.events('--key', ofOperator.id, '--type', 'change');
    expect(change?.target).toMatchObject({ madeBy: parent.id, derived: 'yes' });
  });

  it('ends when it was to end, or with its parent where that is sooner', async () => {
    const parent = await parentOf('--expires', '20m');
    const [short, long] = [
      await derive(parent),
      parsePair((await service.call(parent, derives, ['', '2h', 'plain'])).body),
    ];
    const end = async (key: Key): Promise<number> => Date.parse(String((await show(key))['EXPIRES']));
    expect(Math.abs((await end(short)) - Date.now() - 15 * 60_000)).toBeLessThan(60_000);
    expect(await end(long)).toBe(await end(parent));
    await setEnd(short, Date.now() - 1000);
    await service.ok('v-suspend-access-key', parent.id);
    expect([await use(short), await use(long)]).toEqual([9, 9]);
    await service.ok('v-unsuspend-access-key', parent.id);
    expect([await use(short), await use(long)]).toEqual([9, 0]);
    await service.ok('v-delete-access-key', parent.id);
    expect([await use(parent), await use(long)]).toEqual([9, 9]);
  });

  it('has no more than its parent has: permissions, addresses, requests', async () => {
    const parent = await parentOf('--allow-ip', '127.0.0.0/24', '--rate-limit', '1000/min');
    for (const wider of [
      ['mail-accounts'],
      ['mail,mail-accounts'],
      ['mail', '127.0.1.1'],
      ['mail', '', '2000/min'],
    ])
      expect([wider, (await ask(parent, ...wider)).code]).toEqual([wider, 10]);
    const child = await derive(parent, 'mail', '127.0.0.7', '100/min', 'USER=alice USER=bob');
    expect(await show(child)).toMatchObject({
      PERMISSIONS: ['mail'],
      ALLOWED_IP: ['127.0.0.7'],
      RATE_LIMIT: '100/min',
      ONLY: 'USER=alice,bob',
    });
    expect([await use(child), await use(child, service, '127.0.0.7')]).toEqual([10, 0]);
    expect((await ask(child)).code).toBe(10); // it was not given the role to derive
  });

  it('is refused where its limits and those of its parent leave nothing, or too much to store', async () => {
    const held = ['--only', 'DOMAIN=*.example.org'];
    const parent = await parentOf(...held);
    const only = (...texts: string[]) => restDerive(parent, parent.id, { expiresIn: '15m', only: texts });
    const narrowed = await only('DOMAIN=www.example.org,example.org,a.example.org');
    expect([narrowed.status, JSON.parse(narrowed.body)]).toMatchObject([
      201,
      { only: ['DOMAIN=a.example.org'] },
    ]);
    expect((await only('DOMAIN=www.example.org,example.org')).status).toBe(403);
    const names = Array.from({ length: 64 }, (_, index) => `a${String(index)}`);
    expect((await only(`ACCOUNT=${names.join(',')}`)).status).toBe(403);
    // A maker that is let in from elsewhere by now leaves its keys no address: none in the row would mean any.
    const child = await derive(parent, '', '192.0.2.1');
    await service.ok('v-change-access-key', parent.id, '--allow-ip', '198.51.100.1');
    expect((await service.run(derives, child.id, '--for', '15m')).code).toBe(10);
    // As it was stored once: it allows nothing, and stops no copy.
    const stem = await parentOf();
    const [unreadable, other] = [await derive(stem), await derive(stem)];
    await setIn(unreadable, { held_arguments: 'DOMAIN=www.example.org' });
    const file = `${service.dataDir}/unreadable.hkb`;
    await service.ok('backup', file);
    await service.ok('restore', file);
    expect([await use(unreadable), await use(other)]).toEqual([10, 0]);
  });

  it('has an end until it is adopted', async () => {
    const child = await derive(await parentOf());
    expect((await service.run('v-change-access-key', child.id, '--expires', 'never')).code).toBe(2);
    await service.ok('v-change-access-key', child.id, '--expires', 'never', '--adopt');
    const [event] = (await service.events('--key', child.id, '--type', 'change')).slice(-1);
    expect(event?.target).toMatchObject({ adopted: 'yes' });
    expect(event?.target).not.toHaveProperty('derived');
  });

  it('loses what its parent loses', async () => {
    const parent = await parentOf();
    const child = await derive(parent);
    const grandchild = await derive(child);
    expect([await use(child), await use(grandchild)]).toEqual([0, 0]);
    await service.ok('v-change-access-key', parent.id, 'PERMISSIONS', 'deriving');
    expect([await use(child), await use(grandchild)]).toEqual([10, 10]);
    expect((await ask(child, 'mail')).code).toBe(10);
    await service.ok('v-change-access-key', parent.id, '--allow-ip', '192.0.2.1');
    expect((await ask(child)).code).toBe(10);
  });

  it('counts with its parent', async () => {
    const parent = await parentOf('--rate-limit', '4/h');
    const [one, other] = [await derive(parent), await derive(parent)];
    expect([await use(one), await use(other), await use(parent), await use(one)]).toEqual([0, 0, 14, 14]);
  });

  it('is refused where the role does not say so, from another key, from a canary, and without an end', async () => {
    const [parent, other] = [await parentOf(), await parentOf()];
    const plain = await service.makeKey('alice', 'mail');
    expect((await ask(plain)).code).toBe(10);
    expect((await service.call(parent, derives, [other.id, '15m'])).code).toBe(10);
    expect((await restDerive(parent, other.id, { expiresIn: '15m' })).status).toBe(403);
    expect((await service.call(parent, derives, [''])).code).toBe(1);
    expect((await restDerive(parent, parent.id, {})).status).toBe(400);
    const canary = parsePair(await service.ok('v-add-access-key', 'alice', 'mail', '', 'plain', '--canary'));
    expect((await service.run(derives, canary.id, '--for', '15m')).code).toBe(10);
    await service.ok('v-suspend-access-key', plain.id);
    expect((await service.run(derives, plain.id, '--for', '15m')).code).toBe(5);
    expect((await service.run(derives, '--for', '15m')).code).toBe(3);
  });

  it('is announced and found by nobody, and removed an hour after its end', async () => {
    const parent = await parentOf();
    const [ended, justEnded, live] = [await derive(parent), await derive(parent), await derive(parent)];
    await setEnd(ended, Date.now() - 3_601_000);
    await setEnd(justEnded, Date.now() - 3_500_000);
    await service.part<KeyExpirySweeper>(KeyExpirySweeper).sweep();
    expect((await service.run('v-list-access-key', ended.id)).code).toBe(3);
    expect(await show(justEnded)).toMatchObject({ MADE_BY: parent.id });
    expect(await use(live)).toBe(0);
    // Of another key that ends after such a life all of them tell.
    await setIn(live, { expires_at_ms: Date.now() + 60_000, created_at_ms: Date.now() - 30 * 86_400_000 });
    await service.part<KeyExpirySweeper>(KeyExpirySweeper).sweep();
    expect(await service.events('--type', 'alert', '--key', live.id)).toEqual([]);
    expect((await service.run('doctor')).stdout).not.toContain(live.id);
  });

  it(`is refused where ${String(mostDerivedKeys)} are live below one key, whoever derived them`, async () => {
    const parent = await parentOf();
    const child = await derive(parent);
    const db = service.part<Database>(DATABASE);
    const row = await db
      .selectFrom('access_keys')
      .selectAll()
      .where('id', '=', child.id)
      .executeTakeFirstOrThrow();
    const more = Array.from({ length: mostDerivedKeys - 1 }, (_, index) => ({
      ...row,
      id: `derived${String(index).padStart(13, '0')}`,
      maker_id: index % 2 === 0 ? parent.id : child.id,
    }));
    await db.insertInto('access_keys').values(more).execute();
    expect([(await ask(parent)).code, (await ask(child)).code]).toEqual([8, 8]);
    await db
      .updateTable('access_keys')
      .set({ expires_at_ms: 1000 })
      .where('id', 'like', 'derived%')
      .execute();
    expect((await ask(child)).code).toBe(0);
  });
});

describeWith('initdb', 'postgres')('on two nodes', () => {
  it('a derived key ends on both with its parent, before the command returns', async () => {
    const server = await PostgresServer.start();
    const settings = { DATABASE_URL: await server.newDatabase(), PEPPER_FILE: `${temporaryFolder()}/pepper` };
    const nodes = [await start(settings), await TestService.start({ COMMANDS_DIR, ...settings })] as const;
    const [one, other] = nodes;
    for (let round = 0; round < 3; round++) {
      const parent = parsePair(await one.ok('v-add-access-key', 'alice', 'deriving,mail', '', 'plain'));
      const child = parsePair((await one.call(parent, derives, ['', '15m', 'plain'])).body);
      const codes = async () => [await use(child, one), await use(child, other)];
      expect(await codes()).toEqual([0, 0]);
      await other.ok('v-change-access-key', parent.id, 'PERMISSIONS', 'deriving');
      expect(await codes()).toEqual([10, 10]);
      await one.ok('v-change-access-key', parent.id, 'PERMISSIONS', 'deriving,mail');
      expect(await codes()).toEqual([0, 0]);
      await other.ok('v-suspend-access-key', parent.id);
      expect(await codes()).toEqual([9, 9]);
      await one.ok('v-unsuspend-access-key', parent.id);
      await other.ok('v-delete-access-key', parent.id);
      expect(await codes()).toEqual([9, 9]);
    }
  });
});
