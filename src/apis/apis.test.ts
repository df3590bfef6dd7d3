import { beforeEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { ChildScript, source } from '../../test/support/child-scripts.js';
import { temporaryFolder } from '../../test/support/folders.js';
import { byService, openStore } from '../../test/support/store.js';
import { AppError } from '../errors.js';
import { Changes } from '../storage/changes.js';
import type { Database } from '../storage/database.js';
import { Apis, parseApiName, parseApiRole, parseCommandList, type NewApi } from './apis.js';
import { RoleDirectory } from './role-directory.js';
import { layFiles, shippedTexts } from './role-files.js';

let directory: string;
let roles: RoleDirectory;
let db: Database;
let apis: Apis;

const mail: NewApi = { name: 'mail', role: 'user', commands: ['v-a', 'v-b'], safe: ['v-b'] };

const codeOf = async (work: Promise<unknown>): Promise<number | undefined> =>
  work.then(
    () => undefined,
    (error: unknown) => (error as AppError).code,
  );

function throwIt(error: unknown): never {
  throw error;
}

beforeEach(async () => {
  directory = join(temporaryFolder(), 'api');
  mkdirSync(directory);
  db = await openStore();
  roles = new RoleDirectory(directory, () => undefined);
  apis = new Apis({ directory, roles, changes: new Changes(db), shared: undefined, onError: throwIt });
});

describe('an API that a command adds', () => {
  it('is in force when the command returns, and its file says what it grants', async () => {
    await apis.add(mail, byService);
    expect(roles.find('mail')?.role).toMatchObject({
      role: 'user',
      commands: new Set(['v-a', 'v-b']),
      safe: new Set(['v-b']),
    });
    const text = readFileSync(join(directory, 'mail'), 'utf8');
    expect(text).toBe("ROLE='user'\nCOMMANDS='v-a,v-b'\nSAFE='v-b'\n");
    expect(statSync(join(directory, 'mail')).mode & 0o777).toBe(0o644);
  });

  it('leaves nothing else in the directory', async () => {
    await apis.add(mail, byService);
    expect(readdirSync(directory)).toEqual(['mail']);
  });

  it('is refused with 4 when there is one of that name, which stays as it is', async () => {
    await apis.add(mail, byService);
    expect(await codeOf(apis.add({ ...mail, commands: [] }, byService))).toBe(4);
    expect(roles.find('mail')?.role?.commands.size).toBe(2);
  });

  it('is recorded with what it grants', async () => {
    await apis.add(mail, byService);
    const events = await db.selectFrom('audit_outbox').select('event').execute();
    expect(JSON.parse(events[0]!.event)).toMatchObject({
      type: 'change',
      target: { api: 'mail', role: 'user', commands: 'v-a,v-b', safe: 'v-b' },
    });
  });
});

describe('a change of an API', () => {
  it('counts when the command returns', async () => {
    await apis.add(mail, byService);
    await apis.change({ ...mail, role: 'admin', commands: ['v-a'], safe: [] }, byService);
    expect(roles.find('mail')?.role).toMatchObject({ role: 'admin', commands: new Set(['v-a']) });
    await apis.delete('mail', byService);
    expect(roles.find('mail')).toBeUndefined();
    expect(readdirSync(directory)).toEqual([]);
  });

  it('is refused with 3 where there is no such API', async () => {
    expect(await codeOf(apis.change(mail, byService))).toBe(3);
    expect(await codeOf(apis.delete('mail', byService))).toBe(3);
    expect(readdirSync(directory)).toEqual([]);
  });

  it('mends a file that grants nothing', async () => {
    writeFileSync(join(directory, 'mail'), 'broken');
    roles.adopt('mail');
    await apis.change(mail, byService);
    expect(roles.find('mail')?.role?.commands.size).toBe(2);
  });

  it('that can not be written is refused with 13, and leaves nothing behind', async () => {
    await apis.add(mail, byService);
    // A folder is in the place of the file.
    rmSync(join(directory, 'mail'));
    mkdirSync(join(directory, 'mail/full'), { recursive: true });
    expect(await codeOf(apis.change({ ...mail, commands: [] }, byService))).toBe(13);
    expect(readdirSync(directory)).toEqual(['mail']);
  });

  it('on a full disk is refused, and no part of it gets into force', async () => {
    const commands = Array.from({ length: 400 }, (_, index) => `v-command-${String(index)}`);
    const script = `
      import { Apis } from ${source('apis/apis.ts')};
      import { RoleDirectory } from ${source('apis/role-directory.ts')};
      const directory = ${JSON.stringify(directory)};
      const roles = new RoleDirectory(directory, () => {});
      const apis = new Apis({ directory, roles, changes: { run: async () => {} } });
      const api = { name: 'mail', role: 'user', commands: ${JSON.stringify(commands)}, safe: [] };
      await apis.add(api, {}).then(() => console.log('added'), (error) => console.log('refused', error.code));
    `;
    expect(await ChildScript.start(script, { maxFileKib: 2 }).output()).toBe('refused 13\n');
    expect(readdirSync(directory)).toEqual([]);
  });

  it('is seen by a reader as the old file or the new one, never as a part', async () => {
    const long = Array.from({ length: 800 }, (_, index) => `v-command-${String(index)}`);
    await apis.add({ ...mail, commands: long, safe: [] }, byService);
    const reader = new Worker(
      `const { readFileSync } = require('node:fs');
       const { parentPort, workerData } = require('node:worker_threads');
       const seen = new Set();
       let isStopped = false;
       parentPort.on('message', () => (isStopped = true));
       (function read() {
         for (let i = 0; i < 50; i++) seen.add(readFileSync(workerData, 'utf8').length);
         if (isStopped) parentPort.postMessage([...seen]);
         else setImmediate(read);
       })();`,
      { eval: true, workerData: join(directory, 'mail') },
    );
    const seen = new Promise<number[]>((resolve, reject) => {
      reader.on('message', resolve).on('error', reject);
    });
    for (let round = 0; round < 50; round++) {
      await apis.change(
        { ...mail, commands: long.slice(0, round % 2 === 0 ? 400 : 800), safe: [] },
        byService,
      );
    }
    reader.postMessage('stop');
    const lengths = new Set(
      [400, 800].map((count) => `ROLE='user'\nCOMMANDS='${long.slice(0, count).join()}'\n`.length),
    );
    for (const length of await seen) expect(lengths).toContain(length);
    await reader.terminate();
  });
});

describe('the shipped role files', () => {
  it('are laid into a directory that was not there', () => {
    const fresh = join(temporaryFolder(), 'deep/api');
    layFiles(fresh, shippedTexts());
    expect(readdirSync(fresh)).toHaveLength(6);
    expect(readFileSync(join(fresh, 'purge-nginx-cache'), 'utf8')).toMatch(/^ROLE='user'\nCOMMANDS='v-/);
  });

  it('are not laid into one that exists: it is the operator who empties it', () => {
    layFiles(directory, shippedTexts());
    expect(readdirSync(directory)).toEqual([]);
  });
});

describe('what a command line says of an API', () => {
  it.each(['', '.', '..', '../x', 'x/y', '.x', '*', 'a b', 'a.b', '-x', 'a'.repeat(65), 'a\n'])(
    'has no name such as %p',
    (name) => {
      expect(() => parseApiName(name)).toThrow(AppError);
    },
  );

  it.each(['', 'root', 'Admin', 'admin ', 'user,admin'])('has no role such as %p', (role) => {
    expect(() => parseApiRole(role)).toThrow(/expected admin or user/);
  });

  it('has commands between commas, without blanks and duplicates', () => {
    expect(parseCommandList(' v-a ,v-b,,v-a,')).toEqual(['v-a', 'v-b']);
    expect(parseCommandList('')).toEqual([]);
  });

  it.each(['*', 'v-*', 'ls', '/usr/bin/v-a', "v-a'", 'v-a\nROLE', 'v-a;id', 'v-a v-b'])(
    'has no command such as %p, which could write other lines into its file',
    (command) => {
      expect(() => parseCommandList(`v-ok,${command}`)).toThrow(AppError);
    },
  );
});
