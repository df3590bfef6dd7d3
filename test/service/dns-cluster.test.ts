/** A slave of Hestia's DNS cluster: what a master sends, in the master's order, with each credential that it can have. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fields } from '../support/client.js';
import { commandsDirectory, temporaryFolder } from '../support/folders.js';
import { TestService } from '../support/test-service.js';

type Zones = Readonly<Record<string, string>>;

const firstZones: Zones = {
  'example.com': record(1, '@', 'A', '203.0.113.9') + record(2, '@', 'TXT', '"v=spf1 a mx & -all; %41+%2B"'),
  'müller.example': record(1, 'www', 'CNAME', 'example.com.'),
};
const otherZones: Zones = {
  'example.com': record(1, '@', 'A', '203.0.113.10'),
  'new.example': record(1, '@', 'A', '203.0.113.11'),
};

let slave: TestService;
let zonesDir: string;
let tmpDir: string;

beforeEach(async () => {
  const folder = temporaryFolder();
  zonesDir = join(folder, 'zones');
  tmpDir = join(folder, 'tmp');
  for (const directory of [zonesDir, tmpDir]) mkdirSync(directory);
  slave = await TestService.startOpen(['dns-cluster'], {
    COMMANDS_DIR: commandsDirectory(slaveCommands()),
    TMP_DIR: tmpDir,
  });
});

/** They take the files that they are given away, as Hestia's do. */
function slaveCommands(): Parameters<typeof commandsDirectory>[0] {
  return {
    'v-add-cron-restart-job': { script: 'exit 0' },
    'v-delete-dns-domains-src': {
      options: 'USER SRC [RESTART]',
      script: `[ "$2" = master.example ] || exit 2; rm -f ${zonesDir}/*`,
    },
    'v-insert-dns-domain': {
      options: 'USER DATA [SRC] [FLUSH] [RESTART]',
      script: `domain=$(printf '%s' "$2" | sed "s/^DOMAIN='\\([^']*\\)'.*/\\1/"); : > "${zonesDir}/$domain"`,
    },
    'v-insert-dns-records': {
      options: 'USER DOMAIN DATA_FILE [RESTART]',
      script: `[ -f "${zonesDir}/$2" ] || exit 3; [ -e "$3" ] && mv -f "$3" "${zonesDir}/$2"; exit 0`,
    },
    'v-rebuild-dns-domains': { options: 'USER [RESTART] [UPDATE_SERIAL]', script: 'exit 0' },
  };
}

function record(id: number, name: string, type: string, value: string): string {
  return `ID='${String(id)}' RECORD='${name}' TYPE='${type}' PRIORITY='' VALUE='${value}' SUSPENDED='no'\n`;
}

/** A master, which sends eight arguments, the empty ones too, and ends at the first answer that is not 0. */
class Master {
  readonly log: string[] = [];

  constructor(private readonly credential: Fields) {}

  /** As `v-add-remote-dns-host` does. */
  async addHost(zones: Zones): Promise<void> {
    await this.send('v-list-sys-config');
    await this.send('v-list-user', 'dns-cluster');
    await this.send('v-add-cron-restart-job');
    await this.sync(zones);
  }

  /** As `v-sync-dns-cluster` does. */
  async sync(zones: Zones): Promise<void> {
    await this.send('v-list-user', 'dns-cluster');
    await this.send('v-delete-dns-domains-src', 'dns-cluster', 'master.example', 'no');
    for (const [domain, text] of Object.entries(zones)) {
      const file = `/tmp/vst-sync.${domain}`;
      const settings = `DOMAIN='${domain}' IP='203.0.113.9' TTL='14400' RECORDS='2'`;
      await this.send('v-insert-dns-domain', 'dns-cluster', settings, 'master.example', ' ', 'no');
      // The last line end is lost on the way, and comes back with the file.
      await this.send('v-make-tmp-file', text.trimEnd(), file);
      await this.send('v-insert-dns-records', 'dns-cluster', domain, file, 'no');
    }
    await this.send('v-rebuild-dns-domains', 'dns-cluster');
  }

  /** As `v-delete-remote-dns-host` does. */
  async deleteHost(): Promise<void> {
    await this.send('v-delete-dns-domains-src', 'dns-cluster', 'master.example');
  }

  private async send(cmd: string, ...args: string[]): Promise<void> {
    const places = Array.from({ length: 8 }, (_, index) => [`arg${String(index + 1)}`, args[index] ?? '']);
    const fields = Object.fromEntries(places) as Fields;
    const { body } = await slave.api({ ...this.credential, returncode: 'yes', cmd, ...fields });
    this.log.push(`${cmd} ${body}`);
    if (body !== '0') throw new Error(`the master stops: ${cmd} answered ${body}`);
  }
}

function zonesOfSlave(): Zones {
  const names = readdirSync(zonesDir).sort();
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(zonesDir, name), 'utf8')]));
}

const credentials: Readonly<Record<string, () => Promise<Fields>>> = {
  'an access key of the API role sync-dns-cluster': async () => ({
    hash: (await slave.makeKey('admin', 'sync-dns-cluster')).pair,
  }),
  'an unrestricted access key': async () => ({ hash: (await slave.makeKey('admin', '')).pair }),
  'a legacy key': async () => {
    await slave.ok('v-change-sys-config-value', 'API', 'yes');
    return { hash: (await slave.ok('v-generate-api-key')).trim() };
  },
  'user and password': async () => {
    await slave.ok('v-change-sys-config-value', 'API', 'yes');
    await slave.ok('v-change-user-password', 'admin', 'correct-horse-1');
    return { user: 'admin', password: 'correct-horse-1' };
  },
};

describe.each(Object.keys(credentials))('a DNS cluster with %s', (name) => {
  it('has the zones of the master after each synchronisation, and none after it left', async () => {
    const master = new Master((await credentials[name]?.()) ?? {});
    await master.addHost(firstZones);
    expect(zonesOfSlave()).toEqual(firstZones);
    await master.sync(firstZones);
    expect(zonesOfSlave()).toEqual(firstZones);
    await master.sync(otherZones);
    expect(zonesOfSlave()).toEqual(otherZones);
    expect(readdirSync(tmpDir)).toEqual([]);
    await master.deleteHost();
    expect(zonesOfSlave()).toEqual({});
    expect(new Set(master.log.map((line) => line.split(' ')[1]))).toEqual(new Set(['0']));
  });
});

describe('a synchronisation that broke off', () => {
  it('leaves a file that the next one replaces', async () => {
    const master = new Master({ hash: (await slave.makeKey('admin', 'sync-dns-cluster')).pair });
    const key = await slave.makeKey('admin', 'sync-dns-cluster');
    const before = new Master({ hash: key.pair });
    const lost = { 'example.com': record(1, '@', 'A', '203.0.113.1') };
    await before.addHost({});
    await slave.call(key, 'v-make-tmp-file', [lost['example.com'], '/tmp/vst-sync.example.com']);
    expect(existsSync(join(tmpDir, 'vst-sync.example.com'))).toBe(true);
    await before.sync(firstZones);
    expect(zonesOfSlave()).toEqual(firstZones);
    await master.sync(otherZones);
    expect(zonesOfSlave()).toEqual(otherZones);
  });

  it('meets a file of somebody else on the machine, and does not write over it', async () => {
    const master = new Master({ hash: (await slave.makeKey('admin', 'sync-dns-cluster')).pair });
    writeFileSync(join(tmpDir, 'vst-sync.example.com'), 'not ours');
    await expect(master.sync(firstZones)).rejects.toThrow('the master stops: v-make-tmp-file answered 2');
    expect(readFileSync(join(tmpDir, 'vst-sync.example.com'), 'utf8')).toBe('not ours');
  });
});
