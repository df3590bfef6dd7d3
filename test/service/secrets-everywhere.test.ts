/** Of all that a node had to do with, no place keeps a secret: its own, its servers' and its memory. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Key } from '../support/client.js';
import { commandsDirectory, temporaryFolder } from '../support/folders.js';
import type { PostgresServer } from '../support/postgres.js';
import { ServiceProcess } from '../support/processes.js';
import { describeWith } from '../support/programs.js';
import { TestRedis } from '../support/redis.js';
import { SecretTraces } from '../support/secret-traces.js';
import { SecretUses } from '../support/secret-uses.js';
import { postgresServer } from '../support/store.js';
import { within } from '../support/waiting.js';

/** A service that has been used in every way, and how it was seen meanwhile. */
class UsedService {
  readonly traces = new SecretTraces();
  /** Command lines and environments of its processes, as anybody could have read them. */
  readonly seenInProc = new Set<string>();

  private constructor(
    readonly service: ServiceProcess,
    private readonly gateSocket: string,
    private readonly watch: NodeJS.Timeout,
  ) {}

  static async start(
    settings: Record<string, string>,
    more: Record<string, string> = {},
  ): Promise<UsedService> {
    const folder = temporaryFolder();
    const [gateSocket, wasSeen] = [join(folder, 'gate.sock'), join(folder, 'was-seen')];
    const script = `# secrets: stdin\nread -r secret\nuntil [ -e ${wasSeen} ]; do sleep 0.02; done`;
    const COMMANDS_DIR = commandsDirectory({
      'v-list-mail-domains': { options: 'USER', script: 'echo ran' },
      'v-change-mail-account-password': { options: 'USER DOMAIN ACCOUNT PASSWORD', script },
    });
    const own = { COMMANDS_DIR, GATE_SOCKET: gateSocket, LOG_LEVEL: 'trace' };
    const service = await ServiceProcess.start({ ...own, ...settings }, undefined, more);
    // The command with a secret ends once it was seen.
    const watch = setInterval(() => {
      lookAtProcesses(service.pid, used.seenInProc);
      const isSeen = [...used.seenInProc].some((text) => text.includes('v-change-mail-account-password'));
      if (isSeen && !existsSync(wasSeen)) writeFileSync(wasSeen, '');
    }, 20).unref();
    const used = new UsedService(service, gateSocket, watch);
    return used;
  }

  /** @returns a key of which every place has the ID */
  async use(): Promise<Key> {
    const uses = new SecretUses(this.service, this.gateSocket, this.traces);
    const root = await uses.begin();
    await uses.overHttp(root);
    await uses.overRestV1(root);
    await uses.atCommandLine(root);
    clearInterval(this.watch);
    expect(this.traces.count).toBeGreaterThan(15);
    return root;
  }

  tell(): void {
    process.stdout.write(`${this.traces.told()}\n`);
  }
}

/** What both forms have. */
function ownPlaces(of: () => { used: UsedService; known: string }): void {
  it('in its data directory, beside its audit key, or in the folder of temporary files', () => {
    const { used, known } = of();
    const { dataDir } = used.service;
    expect(used.traces.findBelow('data directory', dataDir, known)).toEqual([]);
    expect(used.traces.findBelow('audit key', `${dataDir}-audit`)).toEqual([]);
  });

  it('in a backup', async () => {
    const { used, known } = of();
    const file = join(temporaryFolder(), 'copy');
    await used.service.ok('backup', file, '--with-pepper');
    const text = readFileSync(file, 'latin1');
    expect(text).toContain(known);
    expect(used.traces.findIn('backup', text)).toEqual([]);
  });

  it('in what it logged', () => {
    const { used } = of();
    expect(used.service.stderr).toContain('/v1/access-keys/:accessKeyId/rotate');
    expect(used.traces.findIn('logs', used.service.stdout + used.service.stderr)).toEqual([]);
  });

  it('in a command line or an environment', () => {
    const { used } = of();
    const all = [...used.seenInProc].join('\n');
    expect(all).toContain('v-change-mail-account-password');
    expect(used.traces.findIn('processes', all)).toEqual([]);
  });
}

describe('after requests with every kind of secret over HTTP, sockets and the command line, with SQLite, there is none', () => {
  let used: UsedService;
  let known: string;

  beforeAll(async () => {
    used = await UsedService.start({});
    known = (await used.use()).id;
  });

  afterAll(() => used.tell());

  ownPlaces(() => ({ used, known }));
});

describeWith('postgres', 'redis-server')(
  'after requests with every kind of secret over HTTP, sockets and the command line, there is none',
  () => {
    let used: UsedService;
    let server: PostgresServer;
    let redis: TestRedis;
    let heapFolder: string;
    let known: string;

    beforeAll(async () => {
      [server, redis] = [await postgresServer(), await TestRedis.start()];
      heapFolder = temporaryFolder();
      const settings = { DATABASE_URL: await server.newDatabase(), REDIS_URL: redis.url };
      used = await UsedService.start(settings, {
        NODE_OPTIONS: `--heapsnapshot-signal=SIGUSR2 --diagnostic-dir=${heapFolder}`,
      });
      known = (await used.use()).id;
    });

    afterAll(() => used.tell());

    ownPlaces(() => ({ used, known }));

    it('in any file of the database server, with its write-ahead log', async () => {
      await server.query('postgres', 'checkpoint');
      expect(used.traces.findBelow('database server', server.folder, known)).toEqual([]);
    });

    it('in Redis', async () => {
      const dump = JSON.stringify(await redis.dump());
      expect(dump).toContain(known);
      expect(used.traces.findIn('Redis', dump)).toEqual([]);
    });

    it('in its heap', async () => {
      const { service, traces } = used;
      // The newest text of each kind may still be held: as what a regular expression was applied to last, for example.
      await service.ok('v-rotate-access-key', (await service.makeKey('alice', 'mail-accounts')).id, 'plain');
      await service.ok('v-list-users', 'json');
      process.kill(service.pid, 'SIGUSR2');
      await within(120_000, 'the snapshot is written', () =>
        Promise.resolve(readdirSync(heapFolder).some((name) => endsAsSnapshot(join(heapFolder, name)))),
      );
      // Each text of the heap is among the strings at the end; what stands before them is numbers.
      const strings = '"strings":[';
      const text = readdirSync(heapFolder)
        .map((name) => readFileSync(join(heapFolder, name), 'latin1'))
        .map((snapshot) => snapshot.slice(snapshot.lastIndexOf(`\n${strings}`)))
        .join('');
      expect(text).toContain('v-list-mail-domains'); // it has the texts
      expect(traces.findIn('heap', text)).toEqual([]);
    });
  },
);

it.each([
  ['as it is', (secret: string) => secret],
  [
    'in Basic auth',
    (secret: string) => `Basic ${Buffer.from(`InNqgp01kO3v0W22eg6Z:${secret}`).toString('base64')}`,
  ],
  ['in base64 for URLs', (secret: string) => Buffer.from(`x${secret}`).toString('base64url')],
  ['in hexadecimal digits', (secret: string) => Buffer.from(secret).toString('hex')],
])('a secret is found %s', (_, encode) => {
  const traces = new SecretTraces();
  const secret = traces.keep('Xk3_-9?mQ2ä7Zz81LpRt', 'a secret');
  const [found] = traces.findIn('a text', `before${encode(secret)}behind`);
  expect(found).toMatch(/^a secret/);
  expect(traces.findIn('a text', 'before and behind')).toEqual([]);
});

function endsAsSnapshot(file: string): boolean {
  const descriptor = openSync(file, 'r');
  const end = Buffer.alloc(16);
  const { size } = fstatSync(descriptor);
  readSync(descriptor, end, 0, end.length, Math.max(0, size - end.length));
  closeSync(descriptor);
  return /\]\}\s*\0*$/.test(end.toString('latin1'));
}

/** Of a process and all that came from it. */
function lookAtProcesses(pid: number, seen: Set<string>): void {
  for (const file of ['cmdline', 'environ'])
    seen.add(read(`/proc/${String(pid)}/${file}`).replaceAll('\0', ' '));
  const children = read(`/proc/${String(pid)}/task/${String(pid)}/children`)
    .split(' ')
    .filter(Boolean);
  for (const child of children) lookAtProcesses(Number(child), seen);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return ''; // it has ended
  }
}
