/** What docs/integrations/traefik.md and envoy.md set up, asked for as the documentation of both says that they ask. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { load } from 'js-yaml';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readBlocks } from '../support/documents.js';
import { temporaryFolder } from '../support/folders.js';
import { startGatedService, type GatedService } from '../support/gated-service.js';

let gated: GatedService;

beforeAll(async () => {
  const routes = join(temporaryFolder(), 'routes');
  writeFileSync(routes, readBlocks('docs/integrations/forward-auth.md', '')[0] ?? '');
  gated = await startGatedService(['203.0.113.9'], { GATE_ROUTES: routes });
});

interface ForwardAuth {
  address: string;
  trustForwardHeader: boolean;
  authRequestHeaders: string[];
  authResponseHeaders: string[];
}

const { http } = load(readBlocks('docs/integrations/traefik.md', 'yaml')[0] ?? '') as {
  http: { middlewares: { hearthkey: { forwardAuth: ForwardAuth } } };
};
const { address, trustForwardHeader, authRequestHeaders, authResponseHeaders } =
  http.middlewares.hearthkey.forwardAuth;

describe('the page on Traefik', () => {
  /** A GET with the headers that are named, and with what Traefik says of the request; a client's X-Forwarded-… are gone. */
  function ask(method: string, uri: string, client: string, headers: Record<string, string>) {
    expect(trustForwardHeader).toBe(false);
    const named = Object.entries(headers).filter(([name]) => authRequestHeaders.includes(name));
    return gated.service.request('GET', new URL(address).pathname, undefined, {
      headers: {
        ...Object.fromEntries(named),
        'X-Forwarded-Method': method,
        'X-Forwarded-Proto': 'https',
        'X-Forwarded-Host': 'panel.example.com',
        'X-Forwarded-Uri': uri,
        'X-Forwarded-For': client,
      },
    });
  }

  it('names the headers that a request which is let through gets, all of them', async () => {
    const answer = await ask('GET', '/mail/alice', '203.0.113.9', {
      Authorization: `Bearer ${gated.alice.pair}`,
      'X-Hearthkey-Command': 'v-list-users',
    });
    expect(answer.status).toBe(200);
    const sent = Object.keys(answer.headers).filter((name) => name.startsWith('x-hearthkey-'));
    expect(authResponseHeaders.map((name) => name.toLowerCase()).sort()).toEqual(sent.sort());
  });

  it('lets nothing else through', async () => {
    const own = { Authorization: `Bearer ${gated.alice.pair}` };
    expect((await ask('GET', '/mail/bob', '203.0.113.9', own)).status).toBe(403);
    expect((await ask('DELETE', '/mail/alice', '203.0.113.9', own)).status).toBe(403);
    expect((await ask('GET', '/mail/alice', '203.0.113.8', own)).status).toBe(403);
    expect((await ask('GET', '/mail/alice', '203.0.113.9', {})).status).toBe(401);
  });
});

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

const [{ typed_config: config }] = load(readBlocks('docs/integrations/envoy.md', 'yaml')[0] ?? '') as [
  { typed_config: ExtAuthz },
];
const names = ({ patterns }: Patterns): string[] => patterns.map(({ exact }) => exact).sort();

describe('the page on Envoy', () => {
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
