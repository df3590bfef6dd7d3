import { beforeAll, beforeEach, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CertificateAuthority } from '../support/certificates.js';
import type { Key } from '../support/client.js';
import { commandsDirectory, temporaryFolder } from '../support/folders.js';
import type { PostgresServer } from '../support/postgres.js';
import { ServiceProcess } from '../support/processes.js';
import { describeWith } from '../support/programs.js';
import { postgresServer } from '../support/store.js';
import { TestService } from '../support/test-service.js';
import { within } from '../support/waiting.js';

const describePostgres = describeWith('initdb', 'postgres');
let server: PostgresServer;
let settings: Record<string, string>;
let service: ServiceProcess;

const command = 'v-list-mail-domains';

/** How long a service may take to find a server that is back. */
const recoveryMs = 10_000;

async function startOpen(): Promise<void> {
  service = await ServiceProcess.start(settings);
  await service.ok('v-change-sys-config-value', 'API_SYSTEM', '2');
  await service.ok('v-add-sys-api-ip', '127.0.0.0/8');
  await service.addUser('alice');
}

async function codeOf(key: Key): Promise<string> {
  const { status, code } = await service.call(key, command, ['alice']);
  return `${String(status)} ${String(code)}`;
}

const allowed = '200 0';
const unavailable = '503 17';

describePostgres('a service on PostgreSQL', () => {
  beforeAll(async () => {
    server = await postgresServer();
  });
  beforeEach(async () => {
    settings = {
      DATABASE_URL: await server.newDatabase(),
      DATA_DIR: join(temporaryFolder(), 'data'),
      COMMANDS_DIR: commandsDirectory({ [command]: { options: 'USER', script: 'echo mail' } }),
    };
  });

  it('keeps users, keys, switches and its pepper over a restart', async () => {
    await startOpen();
    const key = await service.makeKey('alice', 'mail-accounts', 'First');
    const gone = await service.makeKey('alice', 'mail-accounts', 'Second');
    await service.ok('v-delete-access-key', gone.id);
    expect(await codeOf(key)).toBe(allowed);
    expect(await codeOf(gone)).toBe('401 9');
    expect((await service.end()).code).toBe(0);
    service = await ServiceProcess.start(settings);
    expect(await codeOf(key)).toBe(allowed);
    expect(await codeOf(gone)).toBe('401 9');
    const keys = JSON.parse(await service.ok('v-list-access-keys', 'alice', 'json')) as object;
    expect(Object.keys(keys)).toEqual([key.id]);
    const changes = await service.events();
    expect(changes.filter(({ command }) => command === 'v-delete-access-key')).toHaveLength(1);
    await service.end();
  });

  it('lets the kept connections of a server that was restarted go, and needs no restart itself', async () => {
    await startOpen();
    const key = await service.makeKey('alice', 'mail-accounts');
    await server.restart();
    await within(recoveryMs, 'the key is allowed', async () => (await codeOf(key)) === allowed);
    await service.ok('v-add-user', 'bob', 'Password1!', 'bob@example.com');
    await service.end();
  });

  it.each(['stop', 'kill'] as const)(
    'denies what it can not look up after a %s of the server, and comes back by itself',
    async (how) => {
      await startOpen();
      const key = await service.makeKey('alice', 'mail-accounts');
      await server[how]();
      expect(await codeOf(key)).toBe(unavailable);
      expect((await service.run('v-suspend-user', 'alice')).code).toBe(17);
      expect((await service.run('v-list-users')).code).toBe(17);
      await server.start();
      await within(recoveryMs, 'the key is allowed', async () => (await codeOf(key)) === allowed);
      await service.ok('v-suspend-user', 'alice');
      expect(await codeOf(key)).toBe('401 9');
      expect(service.stderr).not.toMatch(/argon2id/);
      expect((await service.end()).code).toBe(0);
    },
  );

  it('denies while the server says nothing, and comes back by itself', async () => {
    await startOpen();
    const key = await service.makeKey('alice', 'mail-accounts');
    server.pause();
    try {
      expect(await codeOf(key)).toBe(unavailable);
    } finally {
      server.resume();
    }
    await within(recoveryMs, 'the key is allowed', async () => (await codeOf(key)) === allowed);
    await service.end();
  });

  it('survives that its connections are ended while it uses them', async () => {
    await startOpen();
    const database = new URL(settings['DATABASE_URL'] ?? '').pathname.slice(1);
    const end = `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${database}'`;
    const adding = Array.from({ length: 60 }, (_, index) =>
      service.run('v-add-user', `user${String(index)}`, 'Password1!', 'user@example.com'),
    );
    for (let count = 0; count < 10; count++) {
      await server.query('postgres', end);
      await sleep(50);
    }
    const answers = await Promise.all(adding);
    expect(new Set(answers.map(({ code }) => code))).not.toContain(undefined);
    const listed = Object.keys(JSON.parse(await service.ok('v-list-users', 'json')) as object);
    // What was answered as added is there.
    for (const [index, { code }] of answers.entries()) {
      if (code === 0) expect(listed).toContain(`user${String(index)}`);
      else expect(code).toBe(17);
    }
    await service.end();
  });
});

describePostgres('a start that finds no database', () => {
  it('ends in one line that says where, and never shows the password', async () => {
    const dead = 'postgres://hearthkey:hunter2@127.0.0.1:1/store';
    const folder = temporaryFolder();
    const result = await ServiceProcess.startAndEnd({ DATABASE_URL: dead, DATA_DIR: join(folder, 'data') });
    expect(result).toMatchObject({
      code: 1,
      stdout: '',
      stderr:
        "Hearthkey can't start: the store at 127.0.0.1:1/store can't be reached: connect ECONNREFUSED 127.0.0.1:1\n",
    });
  });
});

describeWith(
  'initdb',
  'postgres',
  'openssl',
)('a connection over TLS', () => {
  it('is made only to a server whose certificate is right, and never without TLS', async () => {
    const authority = new CertificateAuthority();
    const { certFile, keyFile } = authority.issue('db');
    const server = await postgresServer();
    const start = async (query: string): Promise<string> => {
      const url = `${await server.newDatabase()}?${query}`;
      return TestService.start({ DATABASE_URL: url }).then(
        (started) => started.close().then(() => 'started'),
        (error: unknown) => (error as Error).message,
      );
    };
    expect(await start('sslmode=require')).toMatch(/can't be reached: .*not support SSL/);
    await server.useTls(readFileSync(certFile), readFileSync(keyFile));
    const trusting = `sslrootcert=${authority.caFile}`;
    expect(await start(`sslmode=verify-full&${trusting}`)).toBe('started');
    expect(await start(`sslmode=verify-ca&${trusting}`)).toBe('started');
    expect(await start('sslmode=require')).toBe('started');
    expect(await start('sslmode=verify-full')).toMatch(/can't be reached: .*certificate/);
  });
});
