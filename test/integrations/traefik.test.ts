/** What docs/integrations/traefik.md sets up, asked for as Traefik's documentation says that it asks. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { load } from 'js-yaml';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readBlocks } from '../support/documents.js';
import { temporaryFolder } from '../support/folders.js';
import { startGatedService, type GatedService } from '../support/gated-service.js';

interface ForwardAuth {
  address: string;
  trustForwardHeader: boolean;
  authRequestHeaders: string[];
  authResponseHeaders: string[];
}

const [text = ''] = readBlocks('docs/integrations/traefik.md', 'yaml');
const { http } = load(text) as { http: { middlewares: { hearthkey: { forwardAuth: ForwardAuth } } } };
const { address, trustForwardHeader, authRequestHeaders, authResponseHeaders } =
  http.middlewares.hearthkey.forwardAuth;

describe('the page on Traefik', () => {
  let gated: GatedService;

  beforeAll(async () => {
    const routes = join(temporaryFolder(), 'routes');
    writeFileSync(routes, readBlocks('docs/integrations/forward-auth.md', '')[0] ?? '');
    gated = await startGatedService(['203.0.113.9'], { GATE_ROUTES: routes });
  });

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
