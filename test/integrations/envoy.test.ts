/** What docs/integrations/envoy.md sets up, asked for as Envoy's documentation says that it asks. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { load } from 'js-yaml';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readBlocks } from '../support/documents.js';
import { temporaryFolder } from '../support/folders.js';
import { startGatedService, type GatedService } from '../support/gated-service.js';

interface Patterns {
  patterns: { exact: string }[];
}

interface ExtAuthz {
  failure_mode_allow: boolean;
  allowed_headers: Patterns;
  http_service: {
    path_prefix: string;
    authorization_response: { allowed_upstream_headers: Patterns; allowed_client_headers: Patterns };
  };
}

const [text = ''] = readBlocks('docs/integrations/envoy.md', 'yaml');
const [{ typed_config: config }] = load(text) as [{ typed_config: ExtAuthz }];
const names = ({ patterns }: Patterns): string[] => patterns.map(({ exact }) => exact).sort();

describe('the page on Envoy', () => {
  let gated: GatedService;

  beforeAll(async () => {
    const routes = join(temporaryFolder(), 'routes');
    writeFileSync(routes, readBlocks('docs/integrations/forward-auth.md', '')[0] ?? '');
    gated = await startGatedService(['203.0.113.9'], { GATE_ROUTES: routes });
  });

  /** The client's own method, its path behind the prefix, no body, and of its headers those that are allowed. */
  function ask(method: string, path: string, client: string, headers: Record<string, string>) {
    const all = { ...headers, 'x-forwarded-for': client };
    const allowed = Object.entries(all).filter(([name]) => names(config.allowed_headers).includes(name));
    return gated.service.request(method, `${config.http_service.path_prefix}${path}`, undefined, {
      headers: { ...Object.fromEntries(allowed), 'Content-Length': '0', 'Content-Type': 'application/json' },
    });
  }

  it('names the headers that a request which is let through gets, all of them', async () => {
    const { alice } = gated;
    for (const [method, path] of [
      ['GET', '/mail/alice?x=1'],
      ['POST', '/mail/alice/example.com/suspend'],
    ] as const) {
      const answer = await ask(method, path, '203.0.113.9', { authorization: `Bearer ${alice.pair}` });
      expect([path, answer.status]).toEqual([path, 200]);
      const sent = Object.keys(answer.headers).filter((name) => name.startsWith('x-hearthkey-'));
      expect(names(config.http_service.authorization_response.allowed_upstream_headers)).toEqual(sent.sort());
    }
  });

  it('lets nothing else through, and tells the client why', async () => {
    expect(config.failure_mode_allow).toBe(false);
    const own = { authorization: `Bearer ${gated.alice.pair}` };
    const toClient = names(config.http_service.authorization_response.allowed_client_headers);
    for (const [method, path, client, headers, status] of [
      ['GET', '/mail/bob', '203.0.113.9', own, 403],
      ['DELETE', '/mail/alice', '203.0.113.9', own, 403],
      ['GET', '/', '203.0.113.9', own, 403],
      ['GET', '/mail/alice', '203.0.113.8', own, 403],
      ['GET', '/mail/alice', '203.0.113.9', {}, 401],
    ] as const) {
      const answer = await ask(method, path, client, headers);
      expect([path, answer.status]).toEqual([path, status]);
      const told = Object.keys(answer.headers).filter((name) => toClient.includes(name));
      expect(told.sort()).toEqual(
        status === 401 ? ['www-authenticate', 'x-hearthkey-reason'] : ['x-hearthkey-reason'],
      );
    }
  });

  it('does not let a client say another path in a header', async () => {
    const lies = { 'x-forwarded-uri': '/mail/alice', 'x-forwarded-method': 'GET' };
    const answer = await gated.service.request('GET', '/v1/forward-auth/mail/bob', undefined, {
      forwardedFor: '203.0.113.9',
      headers: { authorization: `Bearer ${gated.alice.pair}`, ...lies },
    });
    expect([answer.status, answer.headers['x-hearthkey-reason']]).toEqual([403, 'user_argument_mismatch']);
  });
});
