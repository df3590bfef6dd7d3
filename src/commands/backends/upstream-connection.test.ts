import { describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { selfSigned } from '../../../test/support/certificates.js';
import { answerWith, Panel } from '../../../test/support/panel.js';
import { backendFor, didNotRun, problems, runAt } from '../../../test/support/upstream-backend.js';
import { within } from '../../../test/support/waiting.js';

describe('connections', () => {
  it('are used again', async () => {
    const panel = await Panel.start(answerWith(0, 'ok'));
    const backend = backendFor(panel.url);
    for (let count = 0; count < 20; count++) expect((await backend.run('v-x', [])).code).toBe(0);
    expect(panel.sockets).toHaveLength(1);
    await Promise.all(Array.from({ length: 8 }, () => backend.run('v-x', [])));
    expect(panel.sockets.length).toBeLessThanOrEqual(8);
  });

  it('are closed after a few seconds in which nothing was sent', async () => {
    const panel = await Panel.start(answerWith(0, 'ok'));
    await backendFor(panel.url).run('v-x', []);
    expect(panel.openSockets).toHaveLength(1);
    await within(10_000, 'it is closed', () => panel.openSockets.length === 0);
  });

  it('that the panel closed while nothing was sent are not used', async () => {
    const panel = await Panel.start(answerWith(0, 'ok'));
    panel.keepAliveMs = 30;
    const backend = backendFor(panel.url);
    for (let count = 0; count < 3; count++) {
      expect((await backend.run('v-x', [])).code).toBe(0);
      // Node.js adds a second of its own to that time in later versions.
      await within(10_000, 'it is closed', () => panel.openSockets.length === 0);
      await sleep(50);
    }
    expect(panel.sockets).toHaveLength(3);
  });

  it('of a command that takes longer than idle ones are kept stay open', async () => {
    const { result } = await runAt((...given) => setTimeout(() => answerWith(0, 'late')(...given), 3500));
    expect(result).toMatchObject({ code: 0, output: 'late' });
  });
});

describe('a panel with a certificate', () => {
  const right = selfSigned('IP:127.0.0.1');

  it('that is trusted is asked, over connections that are used again', async () => {
    const panel = await Panel.start(answerWith(0, 'ok'), right);
    const backend = backendFor(panel.url, { trusted: [right.cert] });
    for (let count = 0; count < 5; count++) expect((await backend.run('v-x', [])).code).toBe(0);
    expect(panel.sockets).toHaveLength(1);
  });

  const other = selfSigned('IP:127.0.0.1');
  const misnamed = selfSigned('IP:127.0.0.9,DNS:panel.example.com');
  const expired = selfSigned('IP:127.0.0.1', true);
  it.each<[string, Parameters<typeof Panel.start>[1], string[]]>([
    ['that nobody vouches for', right, []],
    ['that another one vouches for', right, [other.cert]],
    ['for another name', misnamed, [misnamed.cert]],
    ['that has expired', expired, [expired.cert]],
    [
      'but an old version of TLS',
      { ...right, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' },
      [right.cert],
    ],
  ])('%s is 15, and is never sent a byte of the command', async (_what, tls, trusted) => {
    const panel = await Panel.start(answerWith(0, 'ok'), tls);
    for (let count = 0; count < 3; count++) {
      const result = await backendFor(panel.url, { trusted }).run('v-list-users', []);
      expect(result).toEqual({ code: 15, output: expect.stringMatching(didNotRun) });
    }
    expect(panel.sockets).toHaveLength(3);
    await within(10_000, 'all are closed', () => panel.openSockets.length === 0);
    expect(panel.forms).toEqual([]);
    expect(problems).toHaveLength(3);
  });

  it('that is not trusted: the log names the setting that it takes', async () => {
    const panel = await Panel.start(answerWith(0, 'ok'), right);
    await backendFor(panel.url).run('v-x', []);
    expect(problems).toEqual([expect.stringMatching(/DEPTH_ZERO_SELF_SIGNED_CERT .*HEARTHKEY_UPSTREAM_CA/)]);
  });
});
