/** A panel behind a web server that asks the service first, and what has to hold whichever web server that is. */
import { expect, it } from '@jest/globals';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { Client, type CallOptions, type HttpAnswer, type Key } from '../support/client.js';
import type { Received } from '../support/gate.js';
import type { GatedService } from '../support/gated-service.js';

/** Where the clients that may call are. */
export const from = '127.0.0.5';

export class GuardedPanel {
  private readonly front: Client;

  constructor(
    readonly gated: GatedService,
    /** What reached the server behind. */
    readonly received: readonly Received[],
    port: number,
  ) {
    this.front = new Client(`http://127.0.0.1:${String(port)}`, gated.service.socketPath);
  }

  call(
    method: string,
    path: string,
    key: Key | undefined,
    options: CallOptions & { body?: string } = {},
  ): Promise<HttpAnswer> {
    const authorization = key === undefined ? {} : { Authorization: `Bearer ${key.pair}` };
    const headers = { ...authorization, ...options.headers };
    return this.front.request(method, path, options.body, { from, ...options, headers });
  }

  /** Asked by alice. */
  get(path: string, options?: CallOptions): Promise<HttpAnswer> {
    return this.call('GET', path, this.gated.alice, options);
  }

  /** With a path that `URL` would tidy up. */
  callAsIs(method: string, path: string): Promise<IncomingMessage> {
    const { port } = new URL(this.front.url);
    const headers = { Authorization: `Bearer ${this.gated.alice.pair}` };
    return new Promise((resolve, reject) => {
      const request = httpRequest({ host: '127.0.0.1', port, method, path, headers, localAddress: from });
      request.on('error', reject).on('response', (response) => resolve(response.resume()));
      request.end();
    });
  }
}

/**
 * The cases that every web server shares.
 *
 * @param panel - asked for in each case, once it is there
 * @param refused - requests of alice that get 403, with the reason
 */
export function itIsGuarded(
  panel: () => GuardedPanel,
  refused: readonly (readonly [method: string, path: string, reason: string])[],
): void {
  it('lets an allowed request through, with who it is and without the secret', async () => {
    const { alice, service } = panel().gated;
    const answer = await panel().get('/mail/alice?x=1');
    expect(answer.status).toBe(200);
    const { method, url, headers } = JSON.parse(answer.body) as Received;
    expect([method, url]).toEqual(['GET', '/mail/alice?x=1']);
    expect(headers).toMatchObject({
      'x-hearthkey-user': 'alice',
      'x-hearthkey-access-key': alice.id,
      'x-hearthkey-command': 'v-list-mail-domains',
      'x-hearthkey-root-user': 'no',
    });
    expect(headers.authorization).toBeUndefined();
    const events = await service.events('--key', alice.id, '--outcome', 'allow');
    expect(events.at(-1)).toMatchObject({ clientAddress: from, args: ['alice'] });
  });

  it('denies with 401 or 403, and nothing reaches the server behind it', async () => {
    const { alice } = panel().gated;
    const before = panel().received.length;
    const wrong = { ...alice, pair: `${alice.id}:${'x'.repeat(40)}` };
    const unknown = { ...alice, pair: `${'x'.repeat(20)}:${alice.secret}` };
    for (const key of [undefined, wrong, unknown]) {
      const { status, headers } = await panel().call('GET', '/mail/alice', key);
      expect([status, headers['x-hearthkey-reason']]).toEqual([401, 'credentials_refused']);
      expect(headers['www-authenticate']).toBe('Bearer realm="Hearthkey"');
    }
    for (const [method, path, reason] of refused) {
      const { statusCode, headers } = await panel().callAsIs(method, path);
      expect([path, statusCode, headers['x-hearthkey-reason']]).toEqual([path, 403, reason]);
    }
    expect(panel().received).toHaveLength(before);
  });

  it('denies another client, whatever it says of its address', async () => {
    const { alice, service } = panel().gated;
    const headers = { 'X-Real-IP': from, Forwarded: `for=${from}`, 'CF-Connecting-IP': from };
    for (const forwardedFor of [from, `${from}, 127.0.0.1`, '203.0.113.9']) {
      const answer = await panel().get('/mail/alice', { from: '127.0.0.6', forwardedFor, headers });
      expect([answer.status, answer.headers['x-hearthkey-reason']]).toEqual([403, 'address_not_allowed']);
    }
    // What asked whether the web server answers had no key.
    const events = await service.events('--reason', 'address_not_allowed', '--key', alice.id);
    expect(new Set(events.map((event) => event.clientAddress))).toEqual(new Set(['127.0.0.6']));
  });
}
