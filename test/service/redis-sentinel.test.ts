/** Redis behind Sentinels: real ones, with a master and a replica. */
import { expect, it } from '@jest/globals';
import { CertificateAuthority } from '../support/certificates.js';
import { describeWith } from '../support/programs.js';
import { redisGroupContract } from '../support/redis-group-contract.js';
import { failOver } from '../support/redis-group.js';
import { TestSentinels } from '../support/redis-sentinels.js';
import { connected } from '../support/redis.js';
import { within } from '../support/waiting.js';

const limits = { answerMs: 5_000, connectMs: 60_000, retryMs: 50, maxRetryMs: 200 };

describeWith('redis-server')('behind Sentinels', () => {
  redisGroupContract(() =>
    TestSentinels.start({ password: 'p-word-of-redis', sentinelPassword: 'p-word-of-sentinels' }),
  );

  it('TLS and a user of its own are taken, at the Sentinels and at each master', async () => {
    const authority = new CertificateAuthority();
    const rights = ['~hearthkey:*', '+getrange', '+set', '+ping', '+hello', '+pexpire'];
    const group = await TestSentinels.start({
      tls: authority,
      more: ['--user', 'hearthkey', 'on', '>word', ...rights],
    });
    const told: string[] = [];
    const url = group.url.replace('//', '//hearthkey:word@');
    const connection = await connected({ url, trusted: [String(authority.ca)] }, told, limits);
    await within(10_000, 'Redis is used', () => connection.isUp);
    expect(String(await connection.ask('SET', 'hearthkey:proof:a:b', 'x'))).toBe('OK');
    await failOver(group, '');
    await within(30_000, 'a write comes through', async () => {
      return String(await connection.ask('SET', 'hearthkey:proof:a:c', 'x')) === 'OK';
    });
    // Nobody else's authority is trusted.
    const doubting = await connected({ url }, told, { ...limits, connectMs: 300 });
    expect(doubting.isUp).toBe(false);
    expect(told.at(-1)).toMatch(/^lost: All sentinels are unreachable/);
  });

  it('it is told what is wrong: the password of the Sentinels, or the name of the master', async () => {
    const group = await TestSentinels.start({ sentinelPassword: 'right-word' });
    for (const [url, sentinelPassword, reason] of [
      [group.url, 'wrong-word', /WRONGPASS/],
      [group.url.replace('hearth-1', 'nobody'), 'right-word', /All sentinels are unreachable/],
    ] as const) {
      const told: string[] = [];
      const connection = await connected({ url, sentinelPassword }, told, limits);
      expect(connection.isUp).toBe(false);
      await within(10_000, 'it is told', () => told.length > 0);
      expect(told).toEqual([expect.stringMatching(reason)]);
      expect(told[0]).not.toMatch(/wrong-word|right-word/);
    }
  });
});
