/** DNS challenges in the manner of acme.sh and lego, and the Terraform provider. */
import { beforeAll, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Key } from '../support/client.js';
import { describeWith } from '../support/programs.js';
import { keyInTwo, linesOf, startPanel, type Panel } from './panel.js';

/** Refusals that the runs below get are several times as many. */
const failureLimit = 10;
let panel: Panel;

beforeAll(async () => {
  panel = await startPanel({ FAILURE_LIMIT: String(failureLimit) });
  const { service } = panel;
  await service.addUser('alice');
  const root = await service.makeKey('admin', '');
  for (const domain of ['example.org', 'sub.example.org'])
    expect((await service.call(root, 'v-add-dns-domain', ['alice', domain, '203.0.113.9'])).code).toBe(0);
});

describeWith('curl', 'openssl')('a DNS challenge, with the ready-made role', () => {
  let key: Key;
  const records = (zone: string): string =>
    readFileSync(join(panel.recordsDir, 'alice/dns', zone, 'records'), 'utf8');
  const act = (...args: string[]): Promise<string[]> =>
    linesOf('acme.sh', args, { ...panel.place, ...keyInTwo(key), USER: 'alice' });

  beforeAll(async () => {
    await panel.service.ok('v-add-api', 'challenge', '--from', 'acme-dns');
    key = await panel.service.makeKey('alice', 'challenge');
  });

  it('walks up the labels until a zone is there, adds its record once, finds it and deletes it', async () => {
    const name = '_acme-challenge.www.example.org';
    expect(await act('add', name, 'token-1')).toEqual([
      `v-list-dns-records alice ${name} json -> Error: dns domain ${name} doesn't exist`,
      "v-list-dns-records alice www.example.org json -> Error: dns domain www.example.org doesn't exist",
      'v-list-dns-records alice example.org json -> text',
      'v-add-dns-record alice example.org _acme-challenge.www TXT token-1   yes 600 -> done',
    ]);
    expect(records('example.org')).toMatch(
      /RECORD='_acme-challenge\.www' TYPE='TXT' .* VALUE='token-1'.* TTL='600'/,
    );
    expect((await act('add', name, 'token-1')).at(-1)).toBe('is there already');
    await act('add', name, 'token-2');
    expect((await act('remove', name, 'token-1')).at(-1)).toBe(
      'v-delete-dns-record alice example.org 1 yes -> done',
    );
    expect(records('example.org')).not.toContain('token-1');
    expect(records('example.org')).toContain('token-2');
  });

  it('takes the longest zone that there is', async () => {
    await act('add', '_acme-challenge.sub.example.org', 'token-3');
    expect(records('sub.example.org')).toContain("RECORD='_acme-challenge' ");
  });

  it('is not held up by its own refusals: several runs, each with four', async () => {
    for (let run = 0; run < failureLimit; run++) {
      const lines = await act('add', `_acme-challenge.a.b.c${String(run)}.example.org`, 'token');
      expect(lines.filter((line) => line.includes('Error:'))).toHaveLength(4);
      expect(lines.at(-1)).toMatch(/^v-add-dns-record .* -> done$/);
    }
  });

  it("does not reach another user's zones, and finds none", async () => {
    const env = { ...panel.place, ...keyInTwo(key), USER: 'admin' };
    const lines = await linesOf('acme.sh', ['add', '_acme-challenge.example.org', 'x'], env, 1);
    expect(lines.at(-1)).toBe('no zone');
    expect(lines[0]).toMatch(/ -> Error: /);
  });
});

describeWith('openssl')('the Terraform provider, with the ready-made role', () => {
  it('makes, reads and deletes a user, a domain, a zone and a record over one kept connection', async () => {
    await panel.service.ok('v-add-api', 'tf', '--from', 'terraform');
    const key = await panel.service.makeKey('admin', 'tf');
    expect(await linesOf('terraform.mjs', ['terra'], { ...panel.place, HASH: key.pair })).toEqual([
      'v-add-user -> 0 done',
      'v-list-user -> found',
      'v-add-web-domain -> 0 done',
      'v-add-web-domain -> 4 done',
      'v-list-web-domain -> found',
      'v-add-dns-domain -> 0 done',
      'v-add-dns-record -> 0 done',
      'v-list-dns-records -> found',
      'v-delete-dns-record -> 0 done',
      'v-delete-dns-domain -> 0 done',
      'v-delete-web-domain -> 0 done',
      'v-list-web-domain -> not found',
      'v-delete-web-domain -> 3 done',
      'v-delete-user -> 0 done',
      'v-delete-user -> 3 done',
      'connections: 1',
    ]);
  });
});
