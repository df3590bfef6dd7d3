/** Several nodes on one PostgreSQL database: what one of them changed counts on all before it is answered. */
import { beforeAll, expect, it } from '@jest/globals';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SETTLING } from '../../src/storage/storage.module.js';
import type { Settling } from '../../src/storage/cluster/settling.js';
import type { HttpAnswer, Key } from '../support/client.js';
import { commandsDirectory, temporaryFolder } from '../support/folders.js';
import { PostgresServer } from '../support/postgres.js';
import { describeWith } from '../support/programs.js';
import { TestService } from '../support/test-service.js';
import { within } from '../support/waiting.js';

const commands = commandsDirectory({
  'v-list-mail-domains': { options: 'USER', script: 'echo "mail of $1"' },
});
/** Longer than a busy machine may hold up this process, in which all the nodes run. */
const leaseMs = 6000;

describeWith('postgres', 'initdb')('three nodes on one database', () => {
  let database: PostgresServer;
  let nodes: TestService[];
  let settings: Record<string, string>;

  beforeAll(async () => {
    database = await PostgresServer.start();
    settings = {
      DATABASE_URL: await database.newDatabase(),
      PEPPER_FILE: join(temporaryFolder(), 'pepper'),
      COMMANDS_DIR: commands,
      LEASE: `${String(leaseMs)}ms`,
    };
    const first = await TestService.startOpen(['alice', 'bob'], settings);
    nodes = [first, await TestService.start(settings), await TestService.start(settings)];
  });

  const node = (index: number): TestService => nodes[index % nodes.length]!;

  function call(at: TestService, key: Key, user = 'alice'): Promise<HttpAnswer> {
    return at.api({ hash: key.pair, cmd: 'v-list-mail-domains', arg1: user });
  }

  async function codes(key: Key, user = 'alice'): Promise<number[]> {
    return (await Promise.all(nodes.map((at) => call(at, key, user)))).map(({ code }) => code);
  }

  it('allow a key on every node as soon as it is made on one', async () => {
    const key = await node(0).makeKey('alice', 'mail-accounts');
    expect(await codes(key)).toEqual([0, 0, 0]);
  });

  it('deny on every node what one of them has taken away, from its answer on', async () => {
    const rounds = process.env['CI'] === undefined ? 15 : 6;
    for (let round = 0; round < rounds; round++) {
      const at = node(round);
      const key = await at.makeKey('alice', 'mail-accounts');
      expect(await codes(key)).toEqual([0, 0, 0]);
      await node(round + 1).ok('v-suspend-access-key', key.id);
      expect(await codes(key)).toEqual([9, 9, 9]);
      await node(round + 2).ok('v-unsuspend-access-key', key.id);
      expect(await codes(key)).toEqual([0, 0, 0]);
      await node(round + 1).ok('v-suspend-user', 'alice');
      expect(await codes(key)).toEqual([9, 9, 9]);
      await at.ok('v-unsuspend-user', 'alice');
      await at.ok('v-change-sys-config-value', 'API_SYSTEM', '1');
      expect(await codes(key)).toEqual([21, 21, 21]);
      await node(round + 1).ok('v-change-sys-config-value', 'API_SYSTEM', '2');
      await node(round + 2).ok('v-delete-access-key', key.id);
      expect(await codes(key)).toEqual([9, 9, 9]);
    }
  });

  it('deny the key of a leaked secret on every node as soon as one has revoked it', async () => {
    const key = await node(0).makeKey('alice', 'mail-accounts');
    expect(await codes(key)).toEqual([0, 0, 0]);
    const request = { command: 'v-revoke-secret', args: ['-'], stdin: key.secret };
    expect((await node(1).ask(request)).code).toBe(0);
    expect(await codes(key)).toEqual([9, 9, 9]);
  });

  it('answer "so already" only when it counts everywhere', async () => {
    const key = await node(0).makeKey('alice', 'mail-accounts');
    expect(await codes(key)).toEqual([0, 0, 0]);
    await Promise.all([
      node(0).run('v-suspend-access-key', key.id),
      node(1)
        .run('v-suspend-access-key', key.id)
        .then(async () => expect(await codes(key)).toEqual([9, 9, 9])),
    ]);
  });

  it('make two hundred changes at once without losing one, each in force on all', async () => {
    const addresses = Array.from(
      { length: 200 },
      (_, index) => `10.0.${String(index >> 5)}.${String(index)}`,
    );
    // A change that has waited too long for those before it is refused with 17, and nothing of it is done: then again.
    const add = async (address: string, at: TestService): Promise<void> => {
      while ((await at.run('v-add-sys-api-ip', address)).code === 17);
    };
    await Promise.all(addresses.map((address, index) => add(address, node(index))));
    for (const at of nodes) {
      const listed = (await at.ok('v-list-sys-api-ips', 'plain')).split('\n');
      expect(addresses.every((address) => listed.includes(address))).toBe(true);
    }
  });

  it('have an API role that one of them makes, changes or deletes in force on all when it returns', async () => {
    await node(0).ok('v-add-api', 'own', 'user', 'v-list-mail-domains');
    const key = await node(1).makeKey('alice', 'own');
    for (let round = 0; round < 5; round++) {
      expect(await codes(key)).toEqual([0, 0, 0]);
      await node(round).ok('v-change-api', 'own', 'user', 'v-list-web-domains');
      expect(await codes(key)).toEqual([10, 10, 10]);
      await node(round + 1).ok('v-change-api', 'own', 'user', 'v-list-mail-domains');
    }
    for (const at of nodes) {
      expect(readFileSync(join(at.dataDir, 'api/own'), 'utf8')).toBe(
        "ROLE='user'\nCOMMANDS='v-list-mail-domains'\n",
      );
      expect((await at.run('v-add-api', 'own', 'user', 'v-a')).code).toBe(4);
    }
    await node(2).ok('v-delete-api', 'own');
    expect(await codes(key)).toEqual([10, 10, 10]);
    expect(nodes.some((at) => existsSync(join(at.dataDir, 'api/own')))).toBe(false);
  });

  it('grant what both the file of a node and the database grant, and name a difference', async () => {
    await node(0).ok('v-add-api', 'edited', 'user', 'v-list-mail-domains');
    const key = await node(0).makeKey('alice', 'edited');
    expect(await codes(key)).toEqual([0, 0, 0]);
    const file = join(node(1).dataDir, 'api/edited');
    writeFileSync(file, "ROLE='user'\nCOMMANDS='v-list-web-domains'\n");
    await within(1000, 'the edit takes away there', async () => (await call(node(1), key)).code === 10);
    expect(await codes(key)).toEqual([0, 10, 0]);
    writeFileSync(file, "ROLE='user'\nCOMMANDS='v-list-mail-domains,v-list-web-domains'\n");
    await within(10_000, 'the edit gives back there', async () => (await call(node(1), key)).code === 0);
    expect((await node(1).call(key, 'v-list-web-domains', ['alice'])).code).toBe(10);
    expect(await (await fetch(`${node(1).url}/readyz`)).json()).toEqual({
      status: 'ok',
      apiDifferences: ['edited'],
    });
    expect((await node(1).ask({ command: 'doctor', args: [] })).stdout).toContain('API edited');
    expect(await (await fetch(`${node(0).url}/readyz`)).json()).toEqual({ status: 'ok' });
    await node(2).ok('v-change-api', 'edited', 'user', 'v-list-mail-domains');
    await within(5000, 'no difference is left', async () => {
      const answer: unknown = await (await fetch(`${node(1).url}/readyz`)).json();
      return JSON.stringify(answer) === '{"status":"ok"}';
    });
  });

  it('give a node that joins the API roles that they agree on', async () => {
    await node(0).ok('v-add-api', 'late', 'user', 'v-list-mail-domains');
    await node(0).ok('v-delete-api', 'billing');
    const key = await node(0).makeKey('alice', 'late');
    const joining = await TestService.start(settings);
    expect((await call(joining, key)).code).toBe(0);
    expect(existsSync(join(joining.dataDir, 'api/billing'))).toBe(false);
    await node(1).ok('v-delete-access-key', key.id);
    expect((await call(joining, key)).code).toBe(9);
    await joining.close();
  });

  it('keep each the events of the changes that it was asked for, once', async () => {
    const key = await node(1).makeKey('alice', 'mail-accounts');
    const made = await Promise.all(nodes.map((at) => at.events('--key', key.id, '--type', 'change')));
    expect(
      made.map((events) => events.filter(({ target }) => target?.['accessKeyId'] === key.id).length),
    ).toEqual([0, 1, 0]);
  });

  it('answer a change after the longest lease when a node has gone without a word, and forget that node', async () => {
    const gone = await TestService.start(settings);
    // It stays in the table, as after a kill.
    await gone.part<Settling>(SETTLING).stop();
    const store = new URL(settings['DATABASE_URL']!).pathname.slice(1);
    await database.query(store, `INSERT INTO nodes VALUES ('gone', ${String(leaseMs)}, 0, '', 5)`);
    const key = await node(0).makeKey('alice', 'mail-accounts');
    await node(0).ok('v-suspend-access-key', key.id);
    expect(await codes(key)).toEqual([9, 9, 9]);
    expect(await database.query(store, `SELECT id FROM nodes WHERE id = 'gone'`)).toEqual([]);
    await node(0).ok('v-unsuspend-access-key', key.id);
    await gone.close();
  });

  it('load everything anew where a node was taken for dead', async () => {
    const key = await node(0).makeKey('alice', 'mail-accounts');
    expect(await codes(key)).toEqual([0, 0, 0]);
    await database.query(new URL(settings['DATABASE_URL']!).pathname.slice(1), 'DELETE FROM nodes');
    await within(10_000, 'all are back', async () => (await codes(key)).every((code) => code === 0));
    await node(1).ok('v-suspend-access-key', key.id);
    expect(await codes(key)).toEqual([9, 9, 9]);
    expect(nodes.some((at) => at.log.includes('taken for dead'))).toBe(true);
  });

  it('deny with 17 once the lease has ended while the database is gone, and come back by themselves', async () => {
    const key = await node(0).makeKey('bob', 'mail-accounts');
    expect(await codes(key, 'bob')).toEqual([0, 0, 0]);
    const stoppedAt = performance.now();
    await database.stop();
    const first = await codes(key, 'bob');
    // Each node has heard from the database in the first half of its lease, and may decide for the rest.
    if (performance.now() - stoppedAt < leaseMs / 2) expect(first).toEqual([0, 0, 0]);
    await within(leaseMs + 3000, 'all deny', async () =>
      (await codes(key, 'bob')).every((code) => code === 17),
    );
    const { status } = await call(node(0), key, 'bob');
    expect(status).toBe(503);
    expect((await fetch(`${node(0).url}/readyz`)).status).toBe(503);
    await database.start();
    await within(10_000, 'all decide again', async () =>
      (await codes(key, 'bob')).every((code) => code === 0),
    );
    await within(5000, 'ready', async () => (await fetch(`${node(0).url}/readyz`)).ok);
  });
});
