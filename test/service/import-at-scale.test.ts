import { beforeAll, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { commandsDirectory } from '../support/folders.js';
import { textsBelow } from '../support/files-below.js';
import { HestiaFolder, numbered } from '../support/hestia-tree.js';
import { ServiceProcess } from '../support/processes.js';
import { within } from '../support/waiting.js';

let COMMANDS_DIR: string;

beforeAll(() => {
  COMMANDS_DIR = commandsDirectory({ 'v-list-mail-domains': { options: 'USER', script: 'echo ran' } });
});

const start = (settings: Record<string, string> = {}) =>
  ServiceProcess.start({ COMMANDS_DIR, LOG_LEVEL: 'trace', ...settings });

const callOfKey = (service: ServiceProcess, number: number) =>
  service.call(
    { id: numbered.id(number), secret: numbered.secret(number), pair: '' },
    'v-list-mail-domains',
    ['alice'],
  );

function treeOf(keys: number, legacyKeys: number): HestiaFolder {
  const tree = new HestiaFolder();
  tree.user('alice');
  for (let number = 0; number < keys; number++) {
    const pair = { id: numbered.id(number), secret: numbered.secret(number) };
    tree.key({ ...pair, user: 'alice', permissions: 'mail-accounts' });
  }
  for (let number = 0; number < legacyKeys; number++) tree.legacyKey(numbered.legacyKey(number));
  return tree;
}

/** Where something that only secrets have in them stands in a file of the data directory. */
function filesWithSecrets(dataDir: string): string[] {
  return textsBelow(dataDir)
    .filter(({ text }) => hasSecret(text))
    .map(({ file }) => file);
}

function hasSecret(text: string): boolean {
  return /s-\d{8}_=|Zz09Zz09|abCD56abCD56|L\d{7}-_/.test(text);
}

/** Several batches of them; each costs an argon2 run. */
const total = 80;
const forged = 10;
const broken = 10;
const good = total - forged - broken;

describe(`${String(total)} keys, of which some are broken`, () => {
  it('go in as one import: all secrets work, none is anywhere in clear, requests are served meanwhile', async () => {
    const tree = treeOf(good, 10);
    for (let number = good; number < good + forged; number++) {
      const comment = `x\nUSER admin\nPERMISSIONS\nCOMMENT ok`;
      const pair = { id: numbered.id(number), secret: numbered.secret(number) };
      tree.key({ ...pair, user: 'alice', permissions: 'mail-accounts', comment });
    }
    for (let number = good + forged; number < total; number++)
      tree.file(`data/access-keys/${numbered.id(number)}`, 'x');
    const service = await start();
    await service.ok('v-change-sys-config-value', 'API_SYSTEM', '2');
    await service.ok('v-add-sys-api-ip', 'allow-all');
    await service.addUser('early');
    const key = await service.makeKey('early', 'mail-accounts');
    await service.call(key, 'v-list-mail-domains', ['early']);

    const importing = service.bin('hearthkey', ['import', '--from', tree.root], { timeoutMs: 600_000 });
    let isDone = false;
    const isRunning = (): boolean => !isDone;
    void importing.finally(() => (isDone = true));
    let served = 0;
    while (isRunning()) {
      expect(await service.call(key, 'v-list-mail-domains', ['early'])).toMatchObject({ code: 0 });
      if (isRunning()) served++;
      // Starting a program holds up the hashes of the import.
      await sleep(500);
    }
    const { code, stdout, stderr } = await importing;
    expect(code).toBe(12);
    const counts = `${String(good)} imported, 0 unchanged, ${String(forged + broken)} skipped, 0 conflict`;
    expect(stdout).toContain(`\naccess keys: ${counts}\n`);
    expect(stdout).toContain('\nlegacy keys: 10 imported, 0 unchanged, 0 skipped, 0 conflict\n');
    expect(stdout.split('\n').filter((line) => line.startsWith('data/access-keys/')).length).toBe(total);
    expect(stderr).toContain(`access keys: 50 of ${String(total)}\n`);
    expect(stderr).toContain(`access keys: ${String(total)} of ${String(total)}\n`);
    expect(served).toBeGreaterThan(1);
    for (const number of [0, 49, 50, good - 1])
      expect(await callOfKey(service, number)).toMatchObject({ code: 0 });
    for (const number of [good, total - 1])
      expect(await callOfKey(service, number)).toMatchObject({ code: 9 });
    const legacy = { hash: numbered.legacyKey(7), cmd: 'v-list-mail-domains', arg1: 'alice' };
    expect(await service.api(legacy)).toMatchObject({ body: 'ran\n' });

    const again = await service.bin('hearthkey', ['import', '--from', tree.root], { timeoutMs: 600_000 });
    const unchanged = `0 imported, ${String(good)} unchanged, ${String(forged + broken)} skipped, 0 conflict`;
    expect(again.stdout).toContain(`\naccess keys: ${unchanged}\n`);
    const events = await service.events();
    expect(events.filter((event) => event.command === 'import' && event.type === 'change').length).toBe(
      good + 10 + ['admin', 'alice', 'API'].length,
    );

    expect(filesWithSecrets(service.dataDir)).toEqual([]);
    const { stdout: printed, stderr: logged } = await service.end();
    expect(filesWithSecrets(service.dataDir)).toEqual([]);
    for (const text of [printed, logged, stdout, stderr, again.stdout]) expect(hasSecret(text)).toBe(false);
  });
});

describe('an import that is ended half-way', () => {
  it('by kill -9: what was said to be in is in, and a rerun goes on', async () => {
    const tree = treeOf(110, 3);
    const killed = await start();
    const importing = killed.bin('hearthkey', ['import', '--from', tree.root]);
    await within(30_000, 'half of it', async () => {
      const listed = await killed.ok('v-list-access-keys', '', 'plain');
      return listed.split('\n').length > 50;
    });
    await killed.end('SIGKILL');
    expect(await importing).toMatchObject({ code: 15 });

    const service = await start({ DATA_DIR: killed.dataDir });
    const before = (await service.ok('v-list-access-keys', '', 'plain')).trim().split('\n').length;
    expect(before % 50).toBe(0);
    expect(before).toBeLessThan(110);
    const { code, stdout } = await service.bin('hearthkey', ['import', '--from', tree.root]);
    expect(code).toBe(0);
    expect(stdout).toContain(`access keys: ${110 - before} imported, ${before} unchanged, 0 skipped`);
    for (const number of [0, 109]) expect(await callOfKey(service, number)).toMatchObject({ code: 0 });
    expect(filesWithSecrets(service.dataDir)).toEqual([]);
  });

  it('by an orderly stop of the service: it ends at the next batch and says so', async () => {
    const tree = treeOf(400, 0);
    const service = await start();
    const importing = service.bin('hearthkey', ['import', '--from', tree.root]);
    await within(30_000, 'the first batch', async () => {
      return (await service.ok('v-list-access-keys', '', 'plain')) !== '';
    });
    const stopped = await service.end();
    expect(stopped.code).toBe(0);
    const { code, stdout } = await importing;
    expect(code).toBe(14);
    expect(stdout).toMatch(
      /access keys: (50|100|150|200) imported[^]*stopped before the end: run it again\n$/,
    );
  });
});

describe('the command line', () => {
  let service: ServiceProcess;

  beforeAll(async () => {
    service = await start();
  });

  it('takes a directory that is relative to where the caller is', async () => {
    const tree = treeOf(1, 0);
    const { code, stdout } = await service.bin('hearthkey', ['import', '--from', 'hestia', '--dry-run'], {
      cwd: join(tree.root, '..'),
    });
    expect({ code, line: stdout.split('\n').find((line) => line.includes('access-keys/')) }).toEqual({
      code: 0,
      line: `data/access-keys/${numbered.id(0)}: would be imported`,
    });
  });

  it('is the only way: over HTTP there is no such command', async () => {
    await service.ok('v-add-sys-api-ip', 'allow-all');
    const root = await service.makeKey('admin', '');
    expect(await service.call(root, 'import', ['--from', '/tmp'])).toMatchObject({ code: 10 });
    expect(await service.call(root, 'doctor')).toMatchObject({ code: 10 });
  });

  it('says how it is used, and that no service runs', async () => {
    const help = await service.bin('hearthkey', ['import', '--help']);
    expect(help.stdout).toMatch(/^Usage: hearthkey import --from DIR\n/);
    expect(help.stdout).toContain('hearthkey import --from /usr/local/hestia --dry-run');
    expect((await service.bin('hearthkey', ['--help'])).stdout).toMatch(/^ {2}import +import access keys/m);
    await service.end();
    expect(await service.bin('hearthkey', ['import', '--from', '/tmp'])).toMatchObject({ code: 15 });
  });
});
