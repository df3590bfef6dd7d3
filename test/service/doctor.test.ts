import { beforeAll, describe, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { selfSigned } from '../support/certificates.js';
import { temporaryFolder } from '../support/folders.js';
import { HestiaFolder, numbered } from '../support/hestia-tree.js';
import { TestService } from '../support/test-service.js';
import { within } from '../support/waiting.js';

interface Finding {
  CHECK: string;
  SUBJECT: string;
  PROBLEM: string;
  ADVICE: string;
}

const examine = async (service: TestService) => {
  const { code, stdout } = await service.run('doctor', 'json');
  return { code, findings: JSON.parse(stdout) as Finding[] };
};

describe('hearthkey doctor', () => {
  let service: TestService;
  let findings: Finding[];
  const find = (check: string) => findings.filter((finding) => finding.CHECK === check);

  beforeAll(async () => {
    const folder = temporaryFolder();
    const { cert, key } = selfSigned('DNS:localhost');
    writeFileSync(join(folder, 'cert.pem'), cert);
    writeFileSync(join(folder, 'key.pem'), key);
    const tls = { TLS_CERT: join(folder, 'cert.pem'), TLS_KEY: join(folder, 'key.pem') };
    service = await TestService.start({ ...tls, LISTENS: 'x' });
    const tree = new HestiaFolder();
    tree.user('alice');
    tree.key({ ...pairOf(1), user: 'alice', permissions: 'mail-accounts,gone', comment: 'Mail script' });
    tree.legacyKey(numbered.legacyKey(1));
    await service.ok('import', '--from', tree.root);
    writeFileSync(join(service.dataDir, 'api/broken'), 'nonsense\n');
    writeFileSync(join(service.dataDir, 'api/billing'), "ROLE='boss'\n");
    await within(10_000, 'both edits count', async () => {
      const listed = await service.ok('v-list-apis', 'json');
      const apis = JSON.parse(listed) as Record<string, { PROBLEM?: string }>;
      return ['broken', 'billing'].every((name) => apis[name]?.PROBLEM !== undefined);
    });
    const examined = await examine(service);
    expect(examined.code).toBe(1);
    findings = examined.findings;
  });

  it('names each weak key with its owner and comment, and how to rotate it', () => {
    expect(find('weak_access_key')).toEqual([
      {
        CHECK: 'weak_access_key',
        SUBJECT: `access key ${numbered.id(1)} of alice ("Mail script")`,
        PROBLEM: 'its secret came from a source that can be guessed',
        ADVICE: `v-rotate-access-key ${numbered.id(1)} (all of them: v-rotate-access-key --weak)`,
      },
    ]);
  });

  it('names each weak legacy key by its ID in the list, which revokes it', async () => {
    const [found] = find('weak_legacy_key');
    const [id = ''] = Object.keys(JSON.parse(await service.ok('v-list-api-keys', 'json')) as object);
    expect(found?.SUBJECT).toBe(`legacy API key ${id}`);
    await service.ok('v-revoke-api-key', id);
    expect((await examine(service)).findings.map((finding) => finding.CHECK)).not.toContain(
      'weak_legacy_key',
    );
  });

  it('names role files that grant nothing, and keys that name APIs which are not there', () => {
    expect(find('role_file').map((finding) => finding.SUBJECT)).toEqual([
      'API role file billing',
      'API role file broken',
    ]);
    expect(find('api_unknown')[0]).toMatchObject({ PROBLEM: "it names APIs that don't exist: gone" });
  });

  it('names what lets everybody in, a certificate that ends soon, and a setting that is none', () => {
    expect(find('everybody_allowed')[0]?.SUBJECT).toBe('API_ALLOWED_IP allow-all');
    expect(find('tls_certificate')[0]?.PROBLEM).toBe('ends in 1 day');
    expect(find('unknown_setting')[0]?.SUBJECT).toBe('HEARTHKEY_LISTENS');
  });

  it('prints a line for each, and shows no secret', async () => {
    const { code, stdout } = await service.run('doctor');
    expect(code).toBe(1);
    const lines = stdout.trim().split('\n');
    for (const line of lines) expect(line).toMatch(/^\S.*: .+ -> .+$/);
    expect(stdout).not.toMatch(/Zz09Zz09|abCD56/);
    const plain = (await service.run('doctor', 'plain')).stdout.trim().split('\n');
    expect(plain.map((line) => line.split('\t').length)).toEqual(lines.map(() => 4));
    expect(await service.run('doctor', 'csv')).toMatchObject({ code: 2 });
  });
});

describe('hearthkey doctor on a healthy installation', () => {
  it('ends with 0 and says so; with 1 as long as nobody may call', async () => {
    const service = await TestService.start();
    expect((await examine(service)).findings.map((finding) => finding.CHECK)).toEqual(['nobody_allowed']);
    await service.ok('v-add-sys-api-ip', '203.0.113.9');
    await service.addUser('alice');
    await service.makeKey('alice', 'mail-accounts');
    await service.ok('v-generate-api-key');
    expect(await service.run('doctor')).toEqual({ code: 0, stdout: 'nothing to do\n' });
    expect(await service.run('doctor', 'json')).toEqual({ code: 0, stdout: '[]\n' });
    expect(await service.run('doctor', 'plain')).toEqual({ code: 0, stdout: '' });
  });

  it('changes nothing, and works in read-only mode', async () => {
    const service = await TestService.start();
    await service.ok('v-change-sys-config-value', 'DEMO_MODE', 'yes');
    const before = await service.events();
    expect(await service.run('doctor')).toMatchObject({ code: 1 });
    expect(await service.events()).toEqual(before);
  });
});

describe('hearthkey doctor on a setup that looks right', () => {
  const subjects = async (service: TestService, check: string) =>
    (await examine(service)).findings.filter(({ CHECK }) => CHECK === check).map(({ SUBJECT }) => SUBJECT);

  it('names the keys of a root user who is none any more', async () => {
    const first = await TestService.start();
    const key = await first.makeKey('admin', '');
    expect(await subjects(first, 'root_user')).toEqual([]);
    await first.close();
    const renamed = await TestService.start({ DATA_DIR: first.dataDir, ROOT_USER: 'boss' });
    expect(await subjects(renamed, 'root_user')).toEqual([`access key ${key.id} of admin`]);
  });

  it("names the server's own address where a list that was taken over lacks it", async () => {
    const service = await TestService.start();
    const tree = new HestiaFolder({ API_ALLOWED_IP: '203.0.113.9' });
    await service.ok('import', '--from', tree.root);
    const [found] = (await examine(service)).findings.filter(({ CHECK }) => CHECK === 'own_address');
    expect(found?.PROBLEM).toContain('127.0.0.1');
    for (const command of found?.ADVICE.split(', ') ?? []) {
      const [name = '', address = ''] = command.split(' ');
      await service.ok(name, address);
    }
    expect(await subjects(service, 'own_address')).toEqual([]);
  });

  it('names a proxy that is not trusted, by either path of a request; a trusted one and a decision are none', async () => {
    const service = await TestService.start({ TRUSTED_PROXIES: '127.0.0.4' });
    const forwardedFor = '203.0.113.9';
    const body = { hash: 'x'.repeat(32), cmd: 'v-list-users' };
    for (const from of ['127.0.0.4', '127.0.0.5', '127.0.0.5'])
      await service.api(body, { from, forwardedFor });
    await service.request('GET', '/api/server/status', undefined, { from: '127.0.0.6', forwardedFor });
    await service.request('GET', '/v1/forward-auth', undefined, { from: '127.0.0.7', forwardedFor });
    await service.api(body, { from: '127.0.0.8' });
    expect(await subjects(service, 'untrusted_proxy')).toEqual([
      'requests from 127.0.0.5',
      'requests from 127.0.0.6',
    ]);
    expect(service.log.match(/requests from 127\.0\.0\.5 carry X-Forwarded-For/g)).toHaveLength(1);
  });
});

function pairOf(number: number): { id: string; secret: string } {
  return { id: numbered.id(number), secret: numbered.secret(number) };
}
