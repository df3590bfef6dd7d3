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

/** Paths that some read as alice's and others as bob's, or as nobody's. */
const twoFacedPaths = [
  ...[
    '/mail/bob/..%2falice',
    '/mail/bob//../alice',
    '/mail/bob/../alice',
    '/mail/./alice',
    '/mail//alice',
    '//mail/alice',
  ],
  ...[
    '/mail/bob/%2e%2e/alice',
    '/mail/bob/.%2e/alice',
    '/mail/bob%2f..%2falice',
    '/mail/bob/..%2Falice',
    '/mail%2falice',
  ],
  ...[
    '/mail/bob/..%5calice',
    '/mail/bob/..\\alice',
    '/mail/alice\\..\\bob',
    '/mail/alice%5c..%5cbob',
    '/mail/alice/../bob',
  ],
  ...[
    '/mail/alice;bob',
    '/mail/alice;/../bob',
    '/mail/bob;/../alice',
    '/mail/alice%3b',
    '/mail/alice%00',
    '/mail/alice%00bob',
  ],
  ...[
    '/mail/alice%0a',
    '/mail/alice%0d%0a',
    '/mail/alice%20',
    '/mail/alice+',
    '/mail/alice%2520',
    '/mail/bob/%252e%252e/alice',
  ],
  ...[
    '/mail/bob/..%252falice',
    '/mail/%61lice',
    '/mail/al%69ce',
    '/mail/%2561lice',
    '/mail/alice/',
    '/mail/alice/.',
  ],
  ...[
    '/mail/alice/..%2f..%2fmail%2fbob',
    '/mail/alice%2f',
    '/mail/alice%3f',
    '/mail/alice%23',
    '/mail/alice?/../bob',
  ],
  ...[
    '/mail/alice?x=/mail/bob',
    '/mail/alice#/../bob',
    '/mail/bob#/../alice',
    '/mail/alice/%2e',
    '/mail/alice..',
    '/mail/..',
  ],
  ...[
    '/mail/../mail/alice',
    '/x/../mail/alice',
    '/%6dail/alice',
    '/mail/%c0%ae%c0%ae/alice',
    '/mail/bob/%c0%ae./alice',
    '/MAIL/alice',
  ],
  'http://127.0.0.1/mail/bob/..%2falice',
];

/** @returns the user whom a server acts for that splits paths at slashes */
function userInPath(url: string): string {
  const [path = ''] = url.split('?');
  return path.split('/')[2] ?? '';
}

/** Whatever a client writes: the server behind acts for whom was decided about, or gets nothing. */
export function itPassesOnWhatWasDecided(panel: () => GuardedPanel): void {
  it.each(twoFacedPaths)('passes on what was decided about: %s', async (path) => {
    const before = panel().received.length;
    const { statusCode } = await panel().callAsIs('GET', path);
    const reached = panel().received.slice(before);
    expect(reached).toHaveLength(statusCode === 200 ? 1 : 0);
    for (const { url, headers } of reached) {
      const events = await panel().gated.service.events('--outcome', 'allow');
      expect([userInPath(url), headers['x-hearthkey-user']]).toEqual(['alice', 'alice']);
      expect(events.at(-1)?.args).toEqual(['alice']);
    }
  });
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
