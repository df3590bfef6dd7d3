import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join, relative } from 'node:path';
import { temporaryFolder } from '../../test/support/folders.js';
import { Announcement } from './announcement.js';
import finding from './find-service.cjs';

const { findService } = finding;
const installation = '/opt/hearthkey';
const servers: Server[] = [];
let runDir: string;

beforeEach(() => {
  runDir = join(temporaryFolder(), 'run');
});

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A service that runs and has announced itself; the process is this one, so they differ by their folders. */
async function announce(more: { installation?: string; folder?: string; pid?: number } = {}) {
  const dataDir = temporaryFolder();
  const socket = join(dataDir, 's');
  const server = createServer();
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  const { pid = process.pid, folder = runDir } = more;
  const service = { pid, version: '9.9.9', socket, dataDir, installation: more.installation ?? installation };
  const announcement = new Announcement(service, [folder]);
  expect(announcement.publish()).toBe(true);
  return { ...service, announcement };
}

/** A search that found no socket at its first place. */
function search(more: Partial<Parameters<typeof findService>[0]> = {}) {
  return findService({
    installationDir: installation,
    environment: { HEARTHKEY_RUN_DIR: runDir },
    socketPath: join(temporaryFolder(), 'run/admin.sock'),
    namedBy: undefined,
    errorCode: 'ENOENT',
    ...more,
  });
}

describe('the command line without a setting', () => {
  it('finds the one service that runs, whatever data directory that one has', async () => {
    const { socket } = await announce({ installation: '/usr/lib/hearthkey' });
    expect(search()).toEqual({ socketPath: socket });
    expect(search({ errorCode: 'ECONNREFUSED' })).toEqual({ socketPath: socket });
  });

  it('finds the service of its own installation among several', async () => {
    await announce({ installation: '/usr/lib/hearthkey', pid: process.ppid });
    const { socket } = await announce();
    expect(search()).toEqual({ socketPath: socket });
  });

  it('reads a relative HEARTHKEY_RUN_DIR as the service does', async () => {
    const { socket } = await announce();
    const environment = { HEARTHKEY_RUN_DIR: relative(installation, runDir) };
    expect(search({ environment })).toEqual({ socketPath: socket });
  });

  it('asks which one is meant where several of others run', async () => {
    const first = await announce({ installation: '/a', pid: process.ppid });
    const second = await announce({ installation: '/b' });
    const { problem } = search() as { problem: string };
    expect(problem).toContain(`HEARTHKEY_SOCKET=${first.socket} `);
    expect(problem).toContain(`HEARTHKEY_SOCKET=${second.socket} `);
    expect(problem).toContain('version 9.9.9');
  });

  it('sends nothing to the service of another installation where its own has data', async () => {
    const { socket } = await announce({ installation: '/usr/lib/hearthkey' });
    const dataDir = temporaryFolder();
    writeFileSync(join(dataDir, 'lock'), '');
    const found = search({ socketPath: join(dataDir, 'run/admin.sock') });
    expect(found).toMatchObject({
      problem: expect.stringContaining(`HEARTHKEY_SOCKET=${socket} `) as unknown as string,
    });
  });
});

describe('a setting', () => {
  it('that names a socket is the last word', async () => {
    const { socket } = await announce();
    expect(search({ namedBy: 'HEARTHKEY_SOCKET' })).toMatchObject({
      problem: expect.stringMatching(/set by HEARTHKEY_SOCKET[^]*These services run/) as unknown as string,
    });
    expect(search({ namedBy: 'HEARTHKEY_SOCKET', socketPath: socket })).toHaveProperty('problem');
  });

  it('that names a data directory means the service of that one, wherever its socket is', async () => {
    const { dataDir, socket } = await announce();
    const namedBy = 'HEARTHKEY_DATA_DIR';
    expect(search({ namedBy })).toHaveProperty('problem');
    expect(search({ namedBy, socketPath: join(dataDir, 'run/admin.sock') })).toEqual({ socketPath: socket });
  });
});

describe('a message', () => {
  it('says what was looked at, and how to start one, where none runs', () => {
    const socketPath = '/nowhere/run/admin.sock';
    expect(search({ socketPath, installationDir: '/usr/lib/hearthkey' })).toEqual({
      problem: [
        `no Hearthkey service answers at ${socketPath} (the data directory of this installation)`,
        `  No running service is announced in ${runDir}.`,
        '  Start it: systemctl start hearthkey',
      ].join('\n'),
    });
  });

  it('of a user who may not open the socket names the right', () => {
    expect(search({ errorCode: 'EACCES' })).toMatchObject({
      problem: expect.stringMatching(/^this user may not open .*: run it as root/) as unknown as string,
    });
  });

  it('of a lost connection sends the command nowhere else', async () => {
    await announce();
    expect(search({ errorCode: 'ECONNRESET' })).toMatchObject({
      problem: expect.stringMatching(/was lost \(ECONNRESET\)$/) as unknown as string,
    });
  });
});

describe('an announcement', () => {
  it('can be read by everybody, and ends with its service', async () => {
    const { announcement } = await announce();
    const file = join(runDir, `${String(process.pid)}.json`);
    expect(statSync(file).mode & 0o777).toBe(0o644);
    expect(readdirSync(runDir)).toHaveLength(1);
    announcement.withdraw();
    expect(readdirSync(runDir)).toEqual([]);
  });

  it('of a process that is gone counts for nothing, and the next service removes it', async () => {
    const { pid } = spawnSync('true');
    await announce({ pid });
    expect(search()).toHaveProperty('problem');
    await announce();
    expect(readdirSync(runDir)).toEqual([`${String(process.pid)}.json`]);
  });

  // `su` keeps XDG_RUNTIME_DIR: root's command, with a password in it, would go to a service of the user before.
  (process.getuid?.() === 0 ? it : it.skip)(
    'of another user is not read, unless root made the folder',
    async () => {
      const ofUser = temporaryFolder();
      const folder = join(ofUser, 'hearthkey');
      const { socket } = await announce({ folder });
      const environment = { HEARTHKEY_RUN_DIR: folder };
      chownSync(folder, 65534, 65534);
      expect(search({ environment })).toEqual({ socketPath: socket });
      chownSync(ofUser, 65534, 65534);
      expect(search({ environment })).toHaveProperty('problem');
      const link = join(temporaryFolder(), 'link');
      symlinkSync(folder, link);
      expect(search({ environment: { HEARTHKEY_RUN_DIR: link } })).toHaveProperty('problem');
    },
  );

  it('is neither written nor read where other users may write', async () => {
    const { announcement } = await announce();
    chmodSync(runDir, 0o777);
    expect(search()).toHaveProperty('problem');
    announcement.withdraw();
    expect(announcement.publish()).toBe(false);
  });

  it('writes through no link of others', async () => {
    mkdirSync(runDir);
    const victim = join(temporaryFolder(), 'victim');
    symlinkSync(victim, join(runDir, `${String(process.pid)}.json`));
    await announce();
    expect(existsSync(victim)).toBe(false);
  });

  it('goes to the next folder where one cannot be written', () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    const service = { pid: process.pid, version: '1', socket: '/s', dataDir: '/d', installation };
    const announcement = new Announcement(service, [join(file, 'run'), runDir]);
    expect(announcement.publish()).toBe(true);
    expect(readdirSync(runDir)).toHaveLength(1);
    expect(new Announcement(service, [join(file, 'run')]).publish()).toBe(false);
  });
});
