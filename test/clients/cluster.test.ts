/** The master of a Hestia DNS cluster, request by request, against a service that stands for another node. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Key } from '../support/client.js';
import { temporaryFolder } from '../support/folders.js';
import { describeWith } from '../support/programs.js';
import { runClient, startPanel, type Panel } from './panel.js';

// As a zone's records are handed over: settings on each line, with quotes in quotes.
const zone = (name: string): string[] => [
  "ID='1' RECORD='@' TYPE='A' PRIORITY='' VALUE='203.0.113.9' SUSPENDED='no' TTL='14400'",
  `ID='2' RECORD='@' TYPE='TXT' PRIORITY='' VALUE='"v=spf1 a mx & -all; %41+%2B"' SUSPENDED='no'`,
  "ID='3' RECORD='büro' TYPE='CNAME' PRIORITY='' VALUE='www' SUSPENDED='no' TTL='14400'",
  `ID='4' RECORD='@' TYPE='NS' PRIORITY='' VALUE='ns1.${name}' SUSPENDED='no' TTL='14400'`,
];
const rootPassword = 'Sup3r & secret=1';
const host = 'master.example.com';
let panel: Panel;
let cluster: Key;
/** Each way in which a master logs in, as its environment. */
let ways: Record<string, Record<string, string>>;

beforeAll(async () => {
  panel = await startPanel();
  const { service } = panel;
  await service.addUser('dns-cluster');
  await service.ok('v-change-user-password', 'admin', rootPassword);
  await service.ok('v-add-api', 'cluster', '--from', 'dns-cluster');
  cluster = await service.makeKey('admin', 'sync-dns-cluster');
  ways = {
    'ID:SECRET of the role that comes with Hestia': { HASH: cluster.pair },
    'ID:SECRET of the ready-made role': { HASH: (await service.makeKey('admin', 'cluster')).pair },
    'a legacy key': { HASH: (await service.ok('v-generate-api-key')).trim() },
    'user and password': { USER: 'admin', PASSWORD: rootPassword },
  };
});

async function master(way: Record<string, string>, ...args: string[]) {
  const env = { ...panel.place, DNS_USER: 'dns-cluster', HOST: host, ...way };
  const { code, stdout } = await runClient('dns-master.sh', args, env);
  return { code, requests: stdout.trim().split('\n') };
}

/** A folder with a file for each zone, named as the master names them. */
function zoneDir(...domains: string[]): string {
  const folder = temporaryFolder();
  for (const domain of domains) writeFileSync(join(folder, `${domain}.conf`), `${zone(domain).join('\n')}\n`);
  return folder;
}

const zonesDir = (): string => join(panel.recordsDir, 'dns-cluster/dns');

/** What the node serves after a rebuild, by domain. */
function served(): Record<string, string[]> {
  const read = (domain: string): string[] =>
    readFileSync(join(zonesDir(), domain, 'served'), 'utf8')
      .trimEnd()
      .split('\n');
  return Object.fromEntries(readdirSync(zonesDir()).map((domain) => [domain, read(domain)]));
}

function sent(domain: string): string[] {
  return [
    `v-insert-dns-domain dns-cluster DOMAIN='${domain}' IP='203.0.113.9' TTL='14400' SUSPENDED='no' ${host} domain no -> 0`,
    `v-make-tmp-file (4 lines) /tmp/vst-sync.${domain} -> 0`,
    `v-insert-dns-records dns-cluster ${domain} /tmp/vst-sync.${domain} no -> 0`,
  ];
}

function synchronised(...domains: string[]): string[] {
  return [
    'v-list-sys-config  -> 0',
    `v-delete-dns-domains-src dns-cluster ${host} no -> 0`,
    ...domains.flatMap(sent),
    'v-rebuild-dns-domains dns-cluster no -> 0',
    'v-add-cron-restart-job  -> 0',
  ];
}

describeWith('curl', 'openssl')('the master of a DNS cluster', () => {
  it.each([
    'ID:SECRET of the role that comes with Hestia',
    'ID:SECRET of the ready-made role',
    'a legacy key',
    'user and password',
  ])('does all of its work with %s', async (name) => {
    const way = ways[name] ?? {};
    expect(await master(way, 'add-host')).toEqual({
      code: 0,
      requests: ['v-list-sys-config  -> 0', 'v-list-user dns-cluster -> 0'],
    });

    // Twice, and a third time with other zones: what was deleted at the master goes here too.
    const both = zoneDir('one.example', 'two.example');
    for (let round = 0; round < 2; round++) {
      const { code, requests } = await master(way, 'sync', both);
      expect(requests).toEqual(synchronised('one.example', 'two.example'));
      expect(code).toBe(0);
      expect(served()).toEqual({ 'one.example': zone('one.example'), 'two.example': zone('two.example') });
    }
    expect(await master(way, 'sync', zoneDir('two.example', 'three.example'))).toEqual({
      code: 0,
      requests: synchronised('three.example', 'two.example'),
    });
    expect(Object.keys(served()).sort()).toEqual(['three.example', 'two.example']);

    const added = join(zoneDir('four.example'), 'four.example.conf');
    expect(await master(way, 'add-zone', added)).toMatchObject({ code: 0 });
    const record = "ID='9' RECORD='new' TYPE='A' PRIORITY='' VALUE='203.0.113.10' SUSPENDED='no' TTL='600'";
    expect(await master(way, 'add-record', 'four.example', record)).toMatchObject({ code: 0 });
    expect(served()['four.example']).toEqual([...zone('four.example'), record]);
    expect(await master(way, 'delete-record', 'four.example', '9')).toMatchObject({ code: 0 });
    expect(served()['four.example']).toEqual(zone('four.example'));
    expect(await master(way, 'delete-zone', 'four.example')).toMatchObject({ code: 0 });
    expect(Object.keys(served()).sort()).toEqual(['three.example', 'two.example']);

    expect(await master(way, 'remove-host')).toMatchObject({ code: 0 });
    expect(served()).toEqual({});
    expect(readdirSync(panel.tmpDir)).toEqual([]);
  });

  it('goes on after a synchronisation that broke off between a file and its records', async () => {
    const way = ways['a legacy key'] ?? {};
    const left = await panel.service.call(cluster, 'v-make-tmp-file', [
      'old records',
      '/tmp/vst-sync.one.example',
    ]);
    expect(left.code).toBe(0);
    expect(await master(way, 'sync', zoneDir('one.example'))).toEqual({
      code: 0,
      requests: synchronised('one.example'),
    });
    expect(served()).toEqual({ 'one.example': zone('one.example') });
    expect(readdirSync(panel.tmpDir)).toEqual([]);
  });

  it('ends with the code of the first step that is refused, and has emptied nothing', async () => {
    const zones = zoneDir('one.example');
    expect(await master({ HASH: `${cluster.id}:${'x'.repeat(40)}` }, 'sync', zones)).toEqual({
      code: 9,
      requests: ['v-list-sys-config  -> 9'],
    });
    expect(await master({ HASH: 'A'.repeat(32) }, 'sync', zones)).toMatchObject({ code: 9 });
    const other = await panel.service.makeKey('admin', 'billing');
    expect(await master({ HASH: other.pair }, 'sync', zones)).toMatchObject({ code: 10 });
    await panel.service.ok('v-change-sys-config-value', 'API', 'no');
    expect(await master(ways['a legacy key'] ?? {}, 'sync', zones)).toMatchObject({ code: 11 });
    await panel.service.ok('v-change-sys-config-value', 'API', 'yes');
    expect(Object.keys(served())).toEqual(['one.example']);
  });

  it('may run nothing beyond its role', async () => {
    const { service } = panel;
    expect((await service.call(cluster, 'v-add-user', ['x', 'password-1', 'x@example.com'])).code).toBe(10);
    expect((await service.call(cluster, 'v-list-dns-records', ['dns-cluster', 'one.example'])).code).toBe(10);
    expect((await service.call(cluster, 'v-list-users')).code).toBe(0);
  });
});

describe('a file that is handed over', () => {
  const makeTmpFile = (content: string, name: string) =>
    panel.service.call(cluster, 'v-make-tmp-file', [content, name]);

  describeWith('openssl')('by v-make-tmp-file', () => {
    it('can be read by nobody but the service', async () => {
      expect(await makeTmpFile('secret zone', 'zone.1')).toMatchObject({ status: 204, code: 0 });
      const file = join(panel.tmpDir, 'zone.1');
      expect((statSync(file).mode & 0o7777).toString(8)).toBe('600');
      expect(readFileSync(file, 'utf8')).toBe('secret zone\n');
    });

    it('is not written through a link, whether that leads somewhere or not', async () => {
      const target = join(temporaryFolder(), 'target');
      writeFileSync(target, 'untouched');
      symlinkSync(target, join(panel.tmpDir, 'link'));
      symlinkSync(`${target}.new`, join(panel.tmpDir, 'dangling'));
      for (const name of ['link', 'dangling', '/tmp/link', '/tmp/dangling']) {
        expect(await makeTmpFile('x', name)).toMatchObject({ status: 422, code: 2 });
      }
      for (const name of ['link', 'dangling'])
        expect(lstatSync(join(panel.tmpDir, name)).isSymbolicLink()).toBe(true);
      expect(readFileSync(target, 'utf8')).toBe('untouched');
      expect(() => statSync(`${target}.new`)).toThrow();
    });

    it.each(['/etc/x', '/tmp/../x', '/tmp/a/b', '/tmp/', '//tmp/x', 'tmp/x', '../x', '/tmp/.x'])(
      'is made nowhere else: %s',
      async (name) => {
        const before = readdirSync(panel.tmpDir);
        expect(await makeTmpFile('x', name)).toMatchObject({ status: 422, code: 2 });
        expect(readdirSync(panel.tmpDir)).toEqual(before);
      },
    );

    it('takes the place of one that the same client left', async () => {
      await makeTmpFile('first', 'zone.2');
      expect(await makeTmpFile('second', '/tmp/zone.2')).toMatchObject({ status: 204, code: 0 });
      expect(readFileSync(join(panel.tmpDir, 'zone.2'), 'utf8')).toBe('second\n');
    });

    it('is one of them, whole, when requests with the same name come at once', async () => {
      const answers = await Promise.all(
        ['a', 'b', 'c', 'd'].map((content) => makeTmpFile(content, 'zone.3')),
      );
      expect(answers.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
      expect(readFileSync(join(panel.tmpDir, 'zone.3'), 'utf8')).toMatch(/^[abcd]\n$/);
    });

    it('is not written over what is no file of ours', async () => {
      mkdirSync(join(panel.tmpDir, 'folder'));
      expect(await makeTmpFile('x', 'folder')).toMatchObject({ status: 422, code: 2 });
      expect(statSync(join(panel.tmpDir, 'folder')).isDirectory()).toBe(true);
    });
  });
});
