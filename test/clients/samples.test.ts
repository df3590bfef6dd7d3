import { beforeAll, expect, it } from '@jest/globals';
import type { Key } from '../support/client.js';
import type { ProcessResult } from '../support/processes.js';
import { describeWith } from '../support/programs.js';
import { keyInTwo, runClient, startPanel, type Panel } from './panel.js';

const password = 'Sup3r & secret=1';
let panel: Panel;
let alice: Key;

beforeAll(async () => {
  panel = await startPanel();
  const { service } = panel;
  await service.addUser('alice');
  await service.ok('v-change-user-password', 'admin', password);
  await service.ok('v-add-api', 'web', 'user', 'v-add-web-domain,v-suspend-web-domain,v-list-web-domains');
  alice = await service.makeKey('alice', 'web');
});

describeWith('php', 'openssl')('a PHP script with a form and returncode=yes', () => {
  const sample = async (hash: string, ...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await runClient('sample.php', args, { ...panel.place, HASH: hash });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return stdout;
  };

  it('reads 0 when the command is done, and its code when not, with ID:SECRET as the hash', async () => {
    const domain = ['alice', 'sample.example'];
    expect(await sample(alice.pair, 'v-add-web-domain', ...domain)).toBe('v-add-web-domain has been done\n');
    expect(await sample(alice.pair, 'v-add-web-domain', ...domain)).toBe(
      'v-add-web-domain returned the error code: 4\n',
    );
    expect(await sample(alice.pair, 'v-suspend-web-domain', ...domain)).toMatch(/ done$/m);
    expect(await sample(alice.pair, 'v-suspend-web-domain', ...domain)).toMatch(/: 5$/m);
  });

  it('reads the code of a refusal: another user, another command, a wrong secret', async () => {
    expect(await sample(alice.pair, 'v-list-web-domains', 'admin')).toMatch(/: 10$/m);
    expect(await sample(alice.pair, 'v-delete-user', 'alice')).toMatch(/: 10$/m);
    expect(await sample(`${alice.id}:${'x'.repeat(40)}`, 'v-list-web-domains', 'alice')).toMatch(/: 9$/m);
    expect(await sample('A'.repeat(32), 'v-list-web-domains', 'alice')).toMatch(/: 9$/m);
  });

  it('goes on with a legacy key as the hash, until that is revoked', async () => {
    const key = (await panel.service.ok('v-generate-api-key')).trim();
    expect(await sample(key, 'v-add-web-domain', 'alice', 'legacy.example')).toMatch(/ done$/m);
    expect(await sample(key, 'v-add-web-domain', 'alice', 'legacy.example')).toMatch(/: 4$/m);
    await panel.service.ok('v-revoke-api-key', key);
    expect(await sample(key, 'v-list-web-domains', 'alice')).toMatch(/: 9$/m);
  });
});

describeWith('php', 'openssl')('a PHP script with user and password, sent as multipart/form-data', () => {
  const login = (user: string, secret: string, ...args: string[]): Promise<ProcessResult> =>
    runClient('login.php', args, { ...panel.place, USER: user, PASSWORD: secret });

  it('reads the output of a command as JSON', async () => {
    expect(await login('admin', password, 'v-list-users', 'json')).toMatchObject({
      stdout: 'admin alice\n',
      stderr: '',
    });
  });

  it('reads why it was refused: a wrong password, a user who is not the root user', async () => {
    const refused = { stdout: 'Error: authentication failed\n' };
    expect(await login('admin', 'wrong-password', 'v-list-users', 'json')).toMatchObject(refused);
    expect(await login('alice', 'correct-horse-1', 'v-list-users', 'json')).toMatchObject(refused);
  });
});

describeWith('openssl')('a Node.js script with an access key', () => {
  const sample = (key: Key, ...args: string[]): Promise<ProcessResult> =>
    runClient('sample.mjs', args, { ...panel.place, ...keyInTwo(key) });

  it('reads status, code and JSON', async () => {
    await panel.service.call(alice, 'v-add-web-domain', ['alice', 'node.example']);
    const { stdout, stderr } = await sample(alice, 'v-list-web-domains', 'alice', 'json');
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^200 0\n/);
    expect(stdout).toContain("[ 'node.example', { SUSPENDED: 'no' } ]");
  });

  it('reads status, code and text of a refusal', async () => {
    expect((await sample(alice, 'v-list-web-domains', 'admin')).stdout).toBe(
      `401 10\nError: Key ${alice.id} - the "user" argument doesn\\'t match the key\\'s user\n`,
    );
    const wrong = { ...alice, secret: 'x'.repeat(40) };
    expect((await sample(wrong, 'v-list-web-domains', 'alice')).stdout).toBe(
      '401 9\nError: Invalid access key or secret\n',
    );
  });

  it('is let in again as soon as its user is, and not while that one is suspended', async () => {
    const { service } = panel;
    await service.ok('v-suspend-user', 'alice');
    expect((await sample(alice, 'v-list-web-domains', 'alice')).stdout).toBe(
      '401 9\nError: user alice is suspended\n',
    );
    await service.ok('v-unsuspend-user', 'alice');
    expect((await sample(alice, 'v-list-web-domains', 'alice')).stdout).toMatch(/^20\d 0\n/);
  });
});
