/** `hearthkey backup` and `restore`, over both stores: what was revoked since does not come back unseen. */
import { beforeAll, beforeEach, expect, it } from '@jest/globals';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Apis } from '../../src/apis/apis.js';
import { copied, leftOut } from '../../src/backup/copied-state.js';
import type { Key } from '../support/client.js';
import { commandsDirectory, temporaryFolder } from '../support/folders.js';
import { DATABASE } from '../../src/storage/storage.module.js';
import type { Database } from '../../src/storage/database.js';
import { describeStores, openStore, postgresServer, type StoreKind } from '../support/store.js';
import { TestService } from '../support/test-service.js';

const commands = commandsDirectory({
  'v-list-mail-domains': { options: 'USER', script: 'echo "mail of $1"' },
});

async function startOn(kind: StoreKind, users: readonly string[] | undefined): Promise<TestService> {
  const store: Record<string, string> =
    kind === 'SQLite' ? {} : { DATABASE_URL: await (await postgresServer()).newDatabase() };
  const settings = { COMMANDS_DIR: commands, ...store };
  return users === undefined ? TestService.start(settings) : TestService.startOpen(users, settings);
}

async function codeOf(service: TestService, key: Key, user = 'alice'): Promise<number> {
  return (await service.call(key, 'v-list-mail-domains', [user])).code;
}

const file = (): string => join(temporaryFolder(), 'copy.hkb');

/** The state in the copy of a service, without what tells one copy from the next. */
async function stateOf(service: TestService): Promise<string[]> {
  const copy = file();
  await service.ok('backup', copy);
  return readFileSync(copy, 'utf8').split('\n').slice(1, -2).sort();
}

describeStores('a backup', (kind) => {
  let service: TestService;
  let copy: string;

  // Each test compares with a copy that it made itself.
  beforeAll(async () => {
    service = await startOn(kind, ['alice', 'bob']);
  });

  beforeEach(() => {
    copy = file();
  });

  it('has every column of every table, unless it is known why not', async () => {
    const tables = await (await openStore()).introspection.getTables();
    const columns = tables.flatMap(({ name, columns: own }) => own.map((column) => `${name}.${column.name}`));
    const known = Object.entries(copied).flatMap(([table, schema]) =>
      Object.keys(schema.shape).map((column) => `${table}.${column}`),
    );
    const isKnown = (column: string) =>
      known.includes(column) || leftOut.has(column) || leftOut.has(column.split('.')[0]!);
    expect(columns.filter((column) => !isKnown(column))).toEqual([]);
    expect(known.filter((column) => !columns.includes(column))).toEqual([]);
  });

  it('that is put back changes nothing', async () => {
    await service.makeKey('alice', 'mail-accounts');
    await service.ok('v-generate-api-key');
    const before = await stateOf(service);
    await service.ok('backup', copy);
    expect(statSync(copy).mode & 0o777).toBe(0o600);
    expect(await service.ok('restore', copy)).toContain('restored; 0 held back\n');
    expect(await stateOf(service)).toEqual(before);
  });

  it('restores a key with a trial that can not be read without the trial, and says so', async () => {
    const key = await service.makeKey('alice', 'mail-accounts');
    const other = await service.makeKey('alice', 'mail-accounts');
    for (const { id } of [key, other])
      await service.ok('v-change-access-key', id, '--trial', 'update-dns-records');
    const setTrial = (trial: string) =>
      service
        .part<Database>(DATABASE)
        .updateTable('access_keys')
        .set({ trial })
        .where('id', '=', key.id)
        .execute();
    await setTrial('{"since":');
    await service.ok('backup', copy);
    await setTrial('');
    const line = `left out the trial of access key ${key.id}: it can't be read; the key is restored without it\n`;
    for (const options of [['--dry-run'], []]) {
      const report = await service.ok('restore', copy, ...options);
      expect(report).toContain(line);
      expect(report.split(line)).toHaveLength(2);
      expect(report).toContain(options.length === 0 ? 'restored; 0 held back' : '0 would be held back');
      expect(report).not.toContain(`left out the trial of access key ${other.id}`);
    }
    expect(await codeOf(service, key)).toBe(0);
    const trials = await service.ok('v-list-trials', '', 'plain');
    expect([trials.includes(key.id), trials.includes(other.id)]).toEqual([false, true]);
  });

  it('gives no second allowance of a quota, here or on an empty machine', async () => {
    const pair = await service.ok(
      ...(['v-add-access-key', 'alice', 'mail-accounts', '', 'plain', '--quota', '3/month'] as const),
    );
    const [id = '', secret = ''] = pair.trim().split(':');
    const key = { id, secret, pair: pair.trim() };
    expect(await codeOf(service, key)).toBe(0);
    await service.ok('backup', copy);
    expect([await codeOf(service, key), await codeOf(service, key)]).toEqual([0, 0]);
    // What was used since the copy stays used, also of a key that was deleted meanwhile.
    await service.ok('restore', copy);
    expect(await codeOf(service, key)).toBe(14);
    await service.ok('v-delete-access-key', id);
    await service.ok('restore', copy, '--revive', 'all');
    expect(await codeOf(service, key)).toBe(14);
    // What was lifted since does not come back narrower than it is, and a larger one is held back.
    await service.ok('v-change-access-key', id, '--quota', '2/month');
    expect(await service.ok('restore', copy)).toContain(`held back limits:${id}`);

    const other = await startOn(kind, undefined);
    await other.ok('restore', copy, '--revive', 'all');
    const codes = [await codeOf(other, key), await codeOf(other, key), await codeOf(other, key)];
    expect(codes).toEqual([0, 0, 14]);
  });

  it('brings a state back on a new installation: closed unless told, whole when told', async () => {
    const key = await service.makeKey('alice', 'mail-accounts', 'Billing');
    const legacy = (await service.ok('v-generate-api-key')).trim();
    await service.ok('v-change-sys-config-value', 'API', 'yes');
    await service.ok('v-add-api', 'mine', 'user', 'v-list-mail-domains');
    await service.ok('backup', copy);

    const closed = await startOn(kind, undefined);
    const report = await closed.ok('restore', copy);
    expect(report).toContain(
      `held back key:${key.id}: access key of alice, "Billing"; is not here now, comes back suspended`,
    );
    for (const word of ['switch:API', 'switch:API_SYSTEM', 'address:127.0.0.0/8', 'api:mine', 'user:alice']) {
      expect(report).toContain(`held back ${word}: `);
    }
    expect(report).toContain('no key was here before');
    expect(await codeOf(closed, key)).toBe(10); // nobody is let in yet
    await closed.ok('v-add-sys-api-ip', '127.0.0.0/8');
    await closed.ok('v-change-sys-config-value', 'API_SYSTEM', '2');
    expect(await codeOf(closed, key)).toBe(9);
    await closed.ok('v-unsuspend-user', 'alice');
    expect(await codeOf(closed, key)).toBe(9);
    await closed.ok('v-unsuspend-access-key', key.id);
    expect(await codeOf(closed, key)).toBe(0);

    const open = await startOn(kind, undefined);
    expect(await open.ok('restore', copy, '--revive', 'all')).toContain('restored; 0 held back');
    // Another pepper: tags and the index of legacy keys are made anew.
    expect(await codeOf(open, key)).toBe(0);
    expect((await open.api({ hash: legacy, cmd: 'v-list-mail-domains', arg1: 'alice' })).status).toBe(200);
    expect(await open.ok('v-list-api', 'mine')).toContain('v-list-mail-domains');
    const event = (await open.events('--command', 'restore')).find(({ target }) => target?.['sha256']);
    expect(event).toMatchObject({ type: 'change', outcome: 'done' });
  });

  it('does not bring back to life what was revoked since, and names it', async () => {
    await service.ok('v-add-api', 'only', 'user', 'v-list-user');
    const [deleted, suspended, rotated, narrowed, bobs, limited, held] = await Promise.all([
      service.makeKey('alice', 'mail-accounts'),
      service.makeKey('alice', 'mail-accounts'),
      service.makeKey('alice', 'mail-accounts'),
      service.makeKey('alice', 'mail-accounts,purge-nginx-cache'),
      service.makeKey('bob', 'mail-accounts'),
      service.makeKey('alice', 'mail-accounts'),
      service.makeKey('alice', 'mail-accounts,only'),
    ]);
    const reader = await service.makeKey('alice', 'read-only');
    expect(await codeOf(service, reader)).toBe(0);
    const legacy = (await service.ok('v-generate-api-key')).trim();
    await service.ok('v-add-api', 'wide', 'user', 'v-list-mail-domains,v-list-user');
    await service.ok('v-add-api', 'hosting', 'admin', 'v-list-user');
    for (const name of ['erin', 'frank'])
      await service.ok('v-add-user', name, 'a-password-1', `${name}@example.com`, '--role', 'admin');
    await service.ok('v-add-sys-api-ip', '192.0.2.1');
    await service.ok('v-change-sys-config-value', 'API', 'yes');
    await service.ok('backup', copy);

    await service.ok('v-delete-access-key', deleted.id);
    await service.ok('v-suspend-access-key', suspended.id);
    const fresh = (await service.ok('v-rotate-access-key', rotated.id, 'plain')).trim().split(':')[1] ?? '';
    await service.ok('v-change-access-key', narrowed.id, 'PERMISSIONS', 'purge-nginx-cache');
    await service.ok('v-change-access-key', limited.id, '--expires', 'now');
    await service.ok('v-change-access-key', held.id, '--only', 'DOMAIN=example.com');
    await service.ok('v-change-api', 'only', 'user', 'v-list-user', '--only', 'USER=alice');
    for (const name of ['bob', 'frank']) await service.ok('v-delete-user', name);
    await service.ok('v-change-user-role', 'erin', 'user');
    await service.ok('v-change-api', 'hosting', 'user', 'v-list-user');
    await service.ok('v-revoke-api-key', legacy);
    await service.ok('v-change-api', 'wide', 'user', 'v-list-user');
    await service.ok('v-delete-sys-api-ip', '192.0.2.1');
    await service.ok('v-change-sys-config-value', 'API', 'no');
    const newer = await service.makeKey('alice', 'mail-accounts');
    // By a file of its name the API that is built in grants nothing.
    await service
      .part(Apis)
      .takeOver('read-only', "ROLE='user'\nCOMMANDS='v-list-user'\n", { actor: { kind: 'service' } });

    const planned = await service.ok('restore', copy, '--dry-run');
    expect(await codeOf(service, newer)).toBe(0);
    const report = await service.ok('restore', copy);
    const linesOf = (text: string) => text.split('\n').filter((line) => /^(held back|removed)/.test(line));
    expect(linesOf(planned)).toEqual(linesOf(report));
    const words = [...report.matchAll(/^held back ([^ ]+): /gm)].map(([, word = '']) =>
      word.replace(/^legacy:.*/, 'legacy'),
    );
    expect(words.sort()).toEqual(
      [
        ...['switch:API', 'address:192.0.2.1', 'api:wide', 'user:bob', `key:${deleted.id}`, `key:${bobs.id}`],
        ...[`key:${suspended.id}`, `secret:${rotated.id}`, `permissions:${narrowed.id}`, 'legacy'],
        ...[`limits:${limited.id}`, `limits:${held.id}`, 'api:only', 'api:read-only'],
        ...['role:erin', 'role:frank', 'user:frank', 'api:hosting'],
      ].sort(),
    );
    expect(report).toContain(`removed access key ${newer.id}`);

    for (const key of [deleted, suspended, rotated, limited]) expect(await codeOf(service, key)).toBe(9);
    expect(await codeOf(service, bobs, 'bob')).toBe(9);
    expect(await codeOf(service, newer)).toBe(9);
    for (const key of [narrowed, held, reader]) expect(await codeOf(service, key)).toBe(10);
    expect(await service.ok('v-list-api', 'only')).toContain('USER=alice');
    expect(await codeOf(service, { ...rotated, secret: fresh })).toBe(0);
    expect(await service.ok('v-list-api', 'wide')).not.toContain('v-list-mail-domains');
    const [, legacyId = ''] = /held back legacy:(\w+)/.exec(report) ?? [];
    expect(await service.ok('v-list-api-keys', 'plain')).not.toContain(legacyId);
    expect(await service.ok('v-list-sys-api-ips', 'plain')).not.toContain('192.0.2.1');
    expect(await service.ok('v-list-user', 'bob', 'json')).toMatch(/"SUSPENDED": "yes"/);
    for (const name of ['erin', 'frank'])
      expect(await service.ok('v-list-user', name, 'json')).toMatch(/"ROLE": "user"/);

    // What is named comes back, and nothing else.
    await service.ok('restore', copy, '--revive', `key:${deleted.id}`, '--revive', 'user:bob');
    expect(await codeOf(service, deleted)).toBe(0);
    expect(await codeOf(service, suspended)).toBe(9);
    await service.ok('restore', copy, '--revive', 'api:read-only');
    expect(await codeOf(service, reader)).toBe(0);
  });

  it('brings back what it is told to', async () => {
    const deleted = await service.makeKey('alice', 'mail-accounts');
    const other = await service.makeKey('alice', 'mail-accounts');
    const bobs = await service.makeKey('bob', 'mail-accounts');
    const rotated = await service.makeKey('alice', 'mail-accounts');
    await service.ok('backup', copy);
    for (const key of [deleted, other]) await service.ok('v-delete-access-key', key.id);
    await service.ok('v-delete-user', 'bob');
    await service.ok('v-rotate-access-key', rotated.id);

    const slip = await service.run('restore', copy, '--revive', 'key:AAAAAAAAAAAAAAAAAAAA');
    expect(slip).toMatchObject({ code: 3 });
    await service.ok('restore', copy, '--revive', deleted.id, '--revive', 'user:bob');
    expect(await codeOf(service, deleted)).toBe(0);
    expect(await codeOf(service, bobs, 'bob')).toBe(0);
    expect(await codeOf(service, other)).toBe(9);
    expect(await codeOf(service, rotated)).toBe(9);
    expect(await service.ok('restore', copy, '--revive', 'unrevoked')).toContain(
      `held back secret:${rotated.id}`,
    );
    expect(await codeOf(service, rotated)).toBe(9);
    await service.ok('restore', copy, '--revive', 'all');
    for (const key of [deleted, other, rotated]) expect(await codeOf(service, key)).toBe(0);
  });

  it('leaves dead by "unrevoked" what the record knows as revoked, whatever came after', async () => {
    await service.addUser('carol');
    const carols = await service.makeKey('carol', 'mail-accounts');
    const [deleted, rotated, suspended, heard] = await Promise.all([
      service.makeKey('alice', 'mail-accounts'),
      service.makeKey('alice', 'mail-accounts'),
      service.makeKey('alice', 'mail-accounts'),
      service.makeKey('alice', 'mail-accounts'),
    ]);
    await service.ok('backup', copy);
    await service.ok('v-delete-access-key', deleted.id);
    await service.ok('v-rotate-access-key', rotated.id);
    for (const key of [rotated, heard]) {
      await service.ok('v-suspend-access-key', key.id);
      await service.ok('v-unsuspend-access-key', key.id);
    }
    await service.ok('v-suspend-access-key', suspended.id);
    await service.ok('v-delete-user', 'carol');

    await service.ok('restore', copy);
    const restored = (await service.events('--command', 'restore')).map(({ target }) => target);
    expect(restored).toContainEqual({ user: 'carol', restored: 'suspended' });
    await service.ok('v-delete-user', 'carol');
    await service.addUser('carol'); // somebody else
    const report = await service.ok('restore', copy, '--revive', 'unrevoked');
    for (const word of [
      `key:${deleted.id}`,
      `secret:${rotated.id}`,
      `key:${suspended.id}`,
      `key:${carols.id}`,
    ])
      expect(report).toContain(`held back ${word}: `);
    for (const key of [deleted, rotated, suspended]) expect(await codeOf(service, key)).toBe(9);
    expect(await codeOf(service, carols, 'carol')).toBe(9);
    expect(await codeOf(service, heard)).toBe(0);
  });

  it('can be taken back: what a restore replaced is kept as a copy', async () => {
    await service.ok('backup', copy);
    const key = await service.makeKey('alice', 'mail-accounts');
    const before = await stateOf(service);
    const report = await service.ok('restore', copy);
    expect(await codeOf(service, key)).toBe(9);
    const [, kept = ''] = /kept in (\S+)/.exec(report) ?? [];
    await service.ok('restore', kept, '--revive', 'all');
    expect(await stateOf(service)).toEqual(before);
    expect(await codeOf(service, key)).toBe(0);
  });
});
