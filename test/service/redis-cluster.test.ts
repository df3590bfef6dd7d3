/** A real Redis Cluster of three masters, each with a replica. */
import { expect, it } from '@jest/globals';
import { RateLimiter } from '../../src/authorization/limits/rate-limiter.js';
import { CertificateAuthority } from '../support/certificates.js';
import { describeWith } from '../support/programs.js';
import { TestCluster } from '../support/redis-cluster.js';
import { redisGroupContract } from '../support/redis-group-contract.js';
import { failOver, isWhole } from '../support/redis-group.js';
import { connected, type TestRedis } from '../support/redis.js';
import { within } from '../support/waiting.js';

const limits = { answerMs: 5_000, connectMs: 60_000, retryMs: 50, maxRetryMs: 200 };

const slotOf = (server: TestRedis, key: string): Promise<number> =>
  server.with(async (client) => Number(await client.cluster('KEYSLOT', key)));
const idOf = (server: TestRedis): Promise<string> =>
  server.with(async (client) => String(await client.cluster('MYID')));
const setSlot = (server: TestRedis, ...args: string[]): Promise<unknown> =>
  server.with((client) => client.call('CLUSTER', 'SETSLOT', ...args));

describeWith('redis-server')('in a Cluster', () => {
  redisGroupContract(() => TestCluster.start({ password: 'p-word-of-redis' }));

  it('TLS and a user of its own are taken, with no more rights than the documentation says', async () => {
    const authority = new CertificateAuthority();
    const rights = ['~hearthkey:*', '+getrange', '+set', '+ping', '+hello', '+eval', '+evalsha', '+time'];
    const more = ['+pexpire', '+pttl', '+cluster|slots', '+asking', '+readwrite'];
    const group = await TestCluster.start({
      tls: authority,
      more: ['--user', 'hearthkey', 'on', '>word', ...rights, ...more],
    });
    const told: string[] = [];
    const url = group.url.replace('//', '//hearthkey:word@');
    const connection = await connected({ url, trusted: [String(authority.ca)] }, told, limits);
    await within(10_000, 'Redis is used', () => connection.isUp);
    const limiter = new RateLimiter({ redis: connection });
    for (const remaining of [2, 1, 0])
      expect(await limiter.take('a', { count: 3, windowSeconds: 3600 })).toMatchObject({ remaining });
    expect(told).toEqual([]);
    await failOver(group, 'hearthkey:proof:a:b');
    await within(30_000, 'a write comes through', async () => {
      return String(await connection.ask('SET', 'hearthkey:proof:a:b', 'x')) === 'OK';
    });
  });

  it('a slot that moves is followed, while it moves and after it, and Redis is not lost for that', async () => {
    // This user may not even send ASKING: that costs its answers, and nothing else.
    const rights = ['~hearthkey:*', '+getrange', '+set', '+ping', '+hello', '+pexpire', '+cluster|slots'];
    const group = await TestCluster.start({ more: ['--user', 'hearthkey', 'on', '>word', ...rights] });
    const told: string[] = [];
    const connection = await connected(group, told, limits);
    const limited = await connected({ url: group.url.replace('//', '//hearthkey:word@') }, [], limits);
    for (const each of [connection, limited]) await within(10_000, 'Redis is used', () => each.isUp);
    const key = 'hearthkey:proof:moved:v';
    const from = await group.masterOf(key);
    const to = (await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map((other) => group.masterOf(other)))).find(
      (server) => server !== from,
    )!;
    const slot = String(await slotOf(from, key));
    await setSlot(to, slot, 'IMPORTING', await idOf(from));
    await setSlot(from, slot, 'MIGRATING', await idOf(to));
    // It is not at the old place, so the new one is asked.
    expect(String(await connection.ask('SET', key, 'x'))).toBe('OK');
    expect(await limited.ask('GETRANGE', key, '0', '9')).toBeUndefined();
    for (const server of [to, from]) await setSlot(server, slot, 'NODE', await idOf(to));
    expect(await group.masterOf(key)).toBe(to);
    expect(String(await connection.ask('GETRANGE', key, '0', '9'))).toBe('x');
    await within(10_000, 'the other finds it too', async () => {
      return String(await limited.ask('GETRANGE', key, '0', '9')) === 'x';
    });
    expect(told).toEqual([]);
  });

  it('a replica that is promoted in order is followed', async () => {
    const group = await TestCluster.start();
    const told: string[] = [];
    const connection = await connected(group, told, limits);
    await within(10_000, 'Redis is used', () => connection.isUp);
    const key = 'hearthkey:proof:a:v';
    await isWhole(group);
    const replica = await group.replicaOf(key);
    await replica.with((client) => client.cluster('FAILOVER'));
    await within(30_000, 'it is the master', async () => (await group.masterOf(key)) === replica);
    await within(30_000, 'a write comes through', async () => {
      return String(await connection.ask('SET', key, 'x')) === 'OK';
    });
    expect(String(await replica.with((client) => client.get(key)))).toBe('x');
  });

  it('one that lacks slots is not used until it has them', async () => {
    const group = await TestCluster.start();
    const told: string[] = [];
    const connection = await connected(group, told, limits);
    await within(10_000, 'Redis is used', () => connection.isUp);
    const key = 'hearthkey:proof:a:v';
    const slot = await slotOf(group.servers[0]!, key);
    const running = group.servers;
    for (const server of running)
      await server.with((client) => client.cluster('DELSLOTS', slot)).catch(() => 0);
    await within(10_000, 'it is missed', async () => {
      await connection.ask('GETRANGE', key, '0', '9');
      return !connection.isUp;
    });
    expect(told).toEqual([expect.stringMatching(/^lost: CLUSTERDOWN/)]);
    await (await group.masterOf('b')).with((client) => client.cluster('ADDSLOTS', slot));
    await within(30_000, 'it is used again', () => connection.isUp);
    expect(told.at(-1)).toBe('back');
  });
});
