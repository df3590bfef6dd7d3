import { beforeAll, expect, it } from '@jest/globals';
import { lstatSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Key } from '../support/client.js';
import { temporaryFolder } from '../support/folders.js';
import { describeWith } from '../support/programs.js';
import { runClient, startPanel, type Panel } from './panel.js';

// As a zone's records are handed over: settings on each line, with quotes in quotes.
const records = [
  "ID='1' RECORD='@' TYPE='A' PRIORITY='' VALUE='203.0.113.9' SUSPENDED='no' TTL='14400'",
  `ID='2' RECORD='@' TYPE='TXT' PRIORITY='' VALUE='"v=spf1 a mx & -all; %41+%2B"' SUSPENDED='no'`,
  "ID='3' RECORD='büro' TYPE='CNAME' PRIORITY='' VALUE='www' SUSPENDED='no' TTL='14400'",
];
let panel: Panel;
let cluster: Key;
let legacyKey: string;
let zoneFile: string;

beforeAll(async () => {
  panel = await startPanel();
  await panel.service.addUser('dnsuser');
  cluster = await panel.service.makeKey('admin', 'sync-dns-cluster');
  legacyKey = (await panel.service.ok('v-generate-api-key')).trim();
  zoneFile = join(temporaryFolder(), 'zone');
  writeFileSync(zoneFile, `${records.join('\n')}\n`);
});

async function sync(hash: string, domain: string): Promise<{ code: number | null; steps: string[] }> {
  const env = { ...panel.place, HASH: hash, TMP: panel.tmpDir };
  const { code, stdout } = await runClient('cluster.sh', ['dnsuser', domain, zoneFile], env);
  return { code, steps: stdout.trim().split('\n') };
}

function zoneOf(domain: string): string[] {
  const folder = join(panel.recordsDir, 'dnsuser/dns', domain);
  return readFileSync(join(folder, 'zone'), 'utf8')
    .split('\n')
    .filter((line) => line !== '');
}

function makeTmpFile(content: string, name: string) {
  return panel.service.call(cluster, 'v-make-tmp-file', [content, name]);
}

const steps = [
  'v-insert-dns-domain 0',
  'v-make-tmp-file 0',
  'v-insert-dns-records 0',
  'v-rebuild-dns-domain 0',
];

describeWith('curl', 'openssl')('a node of a DNS cluster', () => {
  it('hands a zone over with a legacy key, every record as it was', async () => {
    expect(await sync(legacyKey, 'legacy.example')).toEqual({ code: 0, steps });
    expect(zoneOf('legacy.example')).toEqual(records);
  });

  it('hands a zone over with ID:SECRET in the place of that key', async () => {
    expect(await sync(cluster.pair, 'keyed.example')).toEqual({ code: 0, steps });
    expect(zoneOf('keyed.example')).toEqual(records);
  });

  it('leaves no file behind', () => {
    expect(readdirSync(panel.tmpDir)).toEqual([]);
  });

  it('ends with the code of the first step that is refused', async () => {
    const wrong = `${cluster.id}:${'x'.repeat(40)}`;
    expect(await sync(wrong, 'wrong.example')).toEqual({ code: 9, steps: ['v-insert-dns-domain 9'] });
    expect(await sync('A'.repeat(32), 'wrong.example')).toMatchObject({ code: 9 });
    const other = await panel.service.makeKey('admin', 'billing');
    expect(await sync(other.pair, 'wrong.example')).toMatchObject({ code: 10 });
    await panel.service.ok('v-change-sys-config-value', 'API', 'no');
    expect(await sync(legacyKey, 'wrong.example')).toEqual({ code: 11, steps: ['v-insert-dns-domain 11'] });
    await panel.service.ok('v-change-sys-config-value', 'API', 'yes');
  });

  it('may run nothing beyond its permission', async () => {
    expect((await panel.service.call(cluster, 'v-add-user', ['x', 'password-1', 'x@example.com'])).code).toBe(
      10,
    );
    expect((await panel.service.call(cluster, 'v-list-dns-records', ['dnsuser', 'keyed.example'])).code).toBe(
      10,
    );
    expect((await panel.service.call(cluster, 'v-list-users')).code).toBe(0);
  });
});

describeWith('openssl')('a file that is handed over', () => {
  it('can be read by nobody but the service', async () => {
    expect(await makeTmpFile('secret zone', 'zone.1')).toMatchObject({ status: 204, code: 0 });
    const file = join(panel.tmpDir, 'zone.1');
    expect((statSync(file).mode & 0o7777).toString(8)).toBe('600');
    expect(readFileSync(file, 'utf8')).toBe('secret zone\n');
  });

  it('is not written over one of the same name', async () => {
    await makeTmpFile('first', 'zone.2');
    expect(await makeTmpFile('second', 'zone.2')).toMatchObject({ status: 422, code: 2 });
    expect(readFileSync(join(panel.tmpDir, 'zone.2'), 'utf8')).toBe('first\n');
  });

  it('is not written through a link, whether that leads somewhere or not', async () => {
    const target = join(temporaryFolder(), 'target');
    writeFileSync(target, 'untouched');
    symlinkSync(target, join(panel.tmpDir, 'link'));
    symlinkSync(`${target}.new`, join(panel.tmpDir, 'dangling'));
    for (const name of ['link', 'dangling']) {
      expect(await makeTmpFile('x', name)).toMatchObject({ status: 422, code: 2 });
      expect(lstatSync(join(panel.tmpDir, name)).isSymbolicLink()).toBe(true);
    }
    expect(readFileSync(target, 'utf8')).toBe('untouched');
    expect(() => statSync(`${target}.new`)).toThrow();
  });

  it('is written once when two clients ask for the same name at once', async () => {
    const answers = await Promise.all(['a', 'b', 'c', 'd'].map((content) => makeTmpFile(content, 'zone.3')));
    expect(answers.map(({ code }) => code).sort()).toEqual([0, 2, 2, 2]);
    const winner = answers.findIndex(({ code }) => code === 0);
    expect(readFileSync(join(panel.tmpDir, 'zone.3'), 'utf8')).toBe(`${'abcd'[winner] ?? ''}\n`);
  });
});
