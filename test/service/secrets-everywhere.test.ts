/** Of all that a node had to do with, no place keeps a secret: its own, its servers' and its memory. */
import { beforeAll, expect, it } from '@jest/globals';
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
import { AdministrationClient } from '../support/administration.js';
import type { Key } from '../support/client.js';
import { textsBelow } from '../support/files-below.js';
import { commandsDirectory, temporaryFolder } from '../support/folders.js';
import { askSocket } from '../support/gate.js';
import { linkToken, Person } from '../support/person.js';
import type { PostgresServer } from '../support/postgres.js';
import { ServiceProcess } from '../support/processes.js';
import { describeWith } from '../support/programs.js';
import { TestRedis } from '../support/redis.js';
import { postgresServer } from '../support/store.js';
import { within } from '../support/waiting.js';

/** What a secret leaves behind where it stands whole, or nearly so. */
const enough = 14;

describeWith('postgres', 'redis-server')(
  'after requests with every kind of secret over HTTP, sockets and the command line, there is none',
  () => {
    let service: ServiceProcess;
    let gateSocket: string;
    let server: PostgresServer;
    let redis: TestRedis;
    let heapFolder: string;
    /** No secret: the ID of a key, which every search must find. */
    let known: string;
    /** Every secret, and what it was. */
    const secrets = new Map<string, string>();
    /** Command lines and environments of the service's processes, as anybody could have read them. */
    const seenInProc = new Set<string>();

    const keep = (secret: string, what: string): string => {
      secrets.set(secret, what);
      return secret;
    };
    const findIn = (text: string): string[] =>
      [...secrets].flatMap(([secret, what]) => (text.includes(secret.slice(0, enough)) ? [what] : []));
    const findBelow = (folder: string): string[] => {
      const texts = textsBelow(folder);
      // Else the search would not see what is there.
      expect(texts.some(({ text }) => text.includes(known))).toBe(true);
      return texts.flatMap(({ file, text }) => findIn(text).map((what) => `${what} in ${file}`));
    };

    const keepKey = (key: Key, what: string): Key => {
      keep(key.secret, what);
      return key;
    };

    async function useOverHttp(root: Key): Promise<void> {
      const alice = keepKey(await service.makeKey('alice', 'mail-accounts'), 'the secret of a key');
      const args = [
        'alice',
        'x.example',
        'info',
        keep('p4ss-of-a-mailbox-q7', 'a password on standard input'),
      ];
      for (const key of [alice, root]) {
        await service.call(key, 'v-change-mail-account-password', args);
        await service.api({ hash: key.pair, cmd: 'v-list-mail-domains', arg1: 'alice' });
        const wrong = keep(`${key.secret.slice(20)}${key.secret.slice(0, 20)}`, 'a wrong secret');
        await service.call({ ...key, secret: wrong }, 'v-list-mail-domains', ['alice']);
        const question = { accessKeyId: key.id, secretAccessKey: key.secret, command: 'v-list-mail-domains' };
        const headers = { 'Content-Type': 'application/json' };
        await service.request('POST', '/v1/authorize', JSON.stringify(question), { headers });
        await askSocket(gateSocket, 'POST', '/v1/authorize', question);
        const evaluation = {
          subject: {
            ...{ type: 'access_key', id: key.id },
            properties: { secretAccessKey: key.secret },
          },
          action: { name: 'run' },
          resource: { type: 'command', id: 'v-list-mail-domains', properties: { args: ['alice'] } },
        };
        await service.request('POST', '/access/v1/evaluation', JSON.stringify(evaluation), { headers });
        const authorization = { Authorization: `Bearer ${key.pair}` };
        await service.request('GET', '/api/accounts', undefined, { headers: authorization });
        await service.request('GET', '/v1/whoami', undefined, { headers: authorization });
        await service.request('GET', '/v1/forward-auth', undefined, {
          headers: { ...authorization, 'X-Hearthkey-Command': 'v-list-mail-domains' },
        });
      }
      const legacyKey = keep((await service.ok('v-generate-api-key')).trim(), 'a legacy key');
      await service.api({ hash: legacyKey, cmd: 'v-list-users' });
      await service.api({
        user: 'admin',
        password: keep('p4ss-wrong-of-admin-q7', 'a wrong password'),
        cmd: 'v-list-users',
      });
    }

    async function useRestV1(root: Key): Promise<void> {
      const client = new AdministrationClient(service, root);
      const made = await client.post('/v1/access-keys', {
        user: 'alice',
        permissions: ['mail-accounts'],
        expiresIn: '90d',
      });
      expect(made.status).toBe(201);
      const { accessKeyId, secretAccessKey } = made.json as Record<string, string>;
      keep(secretAccessKey ?? '', 'the secret of a key made over REST v1');
      const rotated = await client.post(`/v1/access-keys/${accessKeyId ?? ''}/rotate`, { overlap: '1h' });
      keep(String(rotated.json['secretAccessKey']), 'a rotated secret');
      const password = keep('p4ss-of-carol-w2-q7', 'a password over REST v1');
      await client.post('/v1/users', { name: 'carol', password, email: 'c@example.com' });
      const person = new Person(service);
      await person.logIn({ user: 'carol', password });
      keep(person.cookie.slice(person.cookie.indexOf('=') + 1), 'the token of a session');
      await person.get('/v1/whoami');
      const byLink = new Person(service);
      await byLink.logIn({ token: keep(await linkToken(service, 'carol'), 'the token of a login link') });
      keep(byLink.cookie.slice(byLink.cookie.indexOf('=') + 1), 'the token of another session');
      await person.post('/v1/sessions', {
        user: 'carol',
        password: keep('p4ss-wrong-of-carol-q7', 'a wrong password'),
      });
    }

    async function useCommandLine(root: Key): Promise<void> {
      const password = keep('p4ss-of-bob-by-stdin-q7', 'a password from standard input');
      await service.bin('v-add-user', ['bob', '-', 'b@example.com'], { input: password });
      await service.bin('v-check-user-password', ['bob', '-'], { input: password });
      await service.bin('v-check-access-key', [root.id, '-', 'v-list-users'], { input: root.secret });
      const rotated = await service.ok('v-rotate-access-key', root.id, '--overlap', '1h', 'plain');
      keep(rotated.trim().split(':')[1] ?? '', 'a secret rotated by an operator');
    }

    beforeAll(async () => {
      [server, redis] = [await postgresServer(), await TestRedis.start()];
      heapFolder = temporaryFolder();
      const folder = temporaryFolder();
      gateSocket = join(folder, 'gate.sock');
      const wasSeen = join(folder, 'was-seen');
      const script = `# secrets: stdin\nread -r secret\nuntil [ -e ${wasSeen} ]; do sleep 0.02; done`;
      const COMMANDS_DIR = commandsDirectory({
        'v-list-mail-domains': { options: 'USER', script: 'echo ran' },
        'v-change-mail-account-password': { options: 'USER DOMAIN ACCOUNT PASSWORD', script },
      });
      const settings = {
        DATABASE_URL: await server.newDatabase(),
        REDIS_URL: redis.url,
        COMMANDS_DIR,
        GATE_SOCKET: gateSocket,
        LOG_LEVEL: 'trace',
      };
      service = await ServiceProcess.start(settings, undefined, {
        NODE_OPTIONS: `--heapsnapshot-signal=SIGUSR2 --diagnostic-dir=${heapFolder}`,
      });
      // The command with a secret ends once it was seen.
      const watch = setInterval(() => {
        lookAtProcesses(service.pid, seenInProc);
        const isSeen = [...seenInProc].some((text) => text.includes('v-change-mail-account-password'));
        if (isSeen && !existsSync(wasSeen)) writeFileSync(wasSeen, '');
      }, 20).unref();
      await service.ok('v-change-sys-config-value', 'API_SYSTEM', '2');
      await service.ok('v-add-sys-api-ip', '127.0.0.1');
      await service.ok('v-add-user', 'alice', keep('p4ss-of-alice-w1-q7', 'a password'), 'a@example.com');
      const root = keepKey(await service.makeKey('admin', ''), 'the secret of the root user’s key');
      known = root.id;
      await useOverHttp(root);
      await useRestV1(root);
      await useCommandLine(root);
      clearInterval(watch);
      expect(secrets.size).toBeGreaterThan(15);
      expect([...secrets.keys()].filter((secret) => secret.length < enough)).toEqual([]);
    });

    it('in its data directory, beside its audit key, or in the folder of temporary files', () => {
      expect(findBelow(service.dataDir)).toEqual([]);
      expect(textsBelow(`${service.dataDir}-audit`).flatMap(({ text }) => findIn(text))).toEqual([]);
    });

    it('in any file of the database server, with its write-ahead log', async () => {
      await server.query('postgres', 'checkpoint');
      expect(findBelow(server.folder)).toEqual([]);
    });

    it('in Redis', async () => {
      const dump = await redis.dump();
      expect(JSON.stringify(dump)).toContain(known);
      expect(findIn(JSON.stringify(dump))).toEqual([]);
    });

    it('in a backup', async () => {
      const file = join(temporaryFolder(), 'copy');
      await service.ok('backup', file, '--with-pepper');
      expect(readFileSync(file, 'utf8')).toContain(known);
      expect(findIn(readFileSync(file, 'utf8'))).toEqual([]);
    });

    it('in what it logged', () => {
      expect(service.stderr).toContain('/v1/access-keys/:accessKeyId/rotate');
      expect(findIn(service.stdout + service.stderr)).toEqual([]);
    });

    it('in a command line or an environment', () => {
      const all = [...seenInProc].join('\n');
      expect(all).toContain('v-change-mail-account-password');
      expect(findIn(all)).toEqual([]);
    });

    it('in its heap', async () => {
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
      expect(findIn(text)).toEqual([]);
    });
  },
);

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
