import { beforeEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { ChildScript, source } from '../../test/support/child-scripts.js';
import { temporaryFolder } from '../../test/support/folders.js';
import { byService, openStore } from '../../test/support/store.js';
import { AppError } from '../errors.js';
import { Changes } from '../storage/changes.js';
import type { Database } from '../storage/database.js';
import { Apis } from './apis.js';
import { RoleDirectory } from './role-directory.js';
import { StagedRoles } from './staged-roles.js';
import type { NewApi } from './wanted-role.js';

let directory: string;
let roles: RoleDirectory;
let db: Database;
let changes: Changes;
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
  changes = new Changes(db);
  // Time stands still: files are looked at once, and else only by the command that has written them.
  roles = new RoleDirectory(
    directory,
    () => undefined,
    () => 0,
  );
  apis = new Apis({ directory, roles, changes, shared: undefined, onError: throwIt });
});

/** Instead of a panel's files: those of the one process that owns the data. */
function ownFiles(onError: (error: unknown) => void = throwIt): StagedRoles {
  const staged = new StagedRoles(db, directory);
  apis = new Apis({ directory, roles, changes, shared: undefined, staged, onError });
  return staged;
}

describe.each(['own', 'panel'])('an API that a command adds (%s files)', (kind) => {
  beforeEach(() => {
    if (kind === 'own') ownFiles();
  });

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

describe.each(['own', 'panel'])('a change of an API (%s files)', (kind) => {
  beforeEach(() => {
    if (kind === 'own') ownFiles();
  });

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
    // What it held arguments to is unknown.
    expect(await codeOf(apis.change(mail, byService))).toBe(12);
    await apis.change({ ...mail, only: null }, byService);
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
      const changes = { run: (work) => work({ record: () => {} }) };
      const apis = new Apis({ directory, roles, changes, onError: console.error });
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

describe('where one process owns the data', () => {
  const text = "ROLE='user'\nCOMMANDS='v-a'\n";
  const fileOf = (name: string) => join(directory, name);
  /** Nothing can be written to it, nor can it be removed. */
  const block = (name: string) => {
    rmSync(fileOf(name), { force: true });
    mkdirSync(join(fileOf(name), 'full'), { recursive: true });
  };
  const unblock = (name: string) => {
    rmSync(fileOf(name), { recursive: true });
  };

  it('a command waits for a restore, and counts after it', async () => {
    const staged = ownFiles();
    await apis.add(mail, byService);
    const { texts } = await apis.texts();
    const wanted = new Map([['other', text], ...texts]);
    let deleted: Promise<void> | undefined;
    await changes.run(async (change) => {
      deleted = apis.delete('mail', byService);
      await sleep(20);
      await apis.replaceAll(change, texts, wanted);
    });
    await deleted;
    expect(roles.find('mail')).toBeUndefined();
    expect(readdirSync(directory)).toEqual(['other']);
    expect(await staged.finish()).toEqual([]);
  });

  it('no file changes without its event: neither in a change that fails, nor before its commit', async () => {
    for (const kind of ['own', 'panel']) {
      if (kind === 'own') ownFiles();
      const over = new AppError(17, 'the store is gone');
      changes.run = async (work) => {
        await db.transaction().execute(async (trx) => {
          await work({
            trx,
            number: 1,
            touch: () => undefined,
            touchApi: () => undefined,
            record: () => undefined,
            needsApproval: false,
            requireApproved: () => Promise.resolve(),
          });
          expect(readdirSync(directory)).toEqual([]);
          throw over;
        });
        throw over;
      };
      await expect(apis.add(mail, byService)).rejects.toBe(over);
      expect(roles.find('mail')).toBeUndefined();
      expect(readdirSync(directory)).toEqual([]);
    }
  });

  it('a restore names the files that it could not write or remove, and the next start does it', async () => {
    const errors: unknown[] = [];
    const staged = ownFiles((error) => errors.push(error));
    await apis.add(mail, byService);
    await apis.add({ ...mail, name: 'kept' }, byService);
    const { texts: present } = await apis.texts();
    const kept = present.get('kept') ?? '';
    block('mail');
    block('new');
    await changes.run((change) =>
      apis.replaceAll(
        change,
        present,
        new Map([
          ['new', text],
          ['other', text],
          ['kept', kept],
        ]),
      ),
    );
    expect(await apis.finishFiles()).toEqual(['mail', 'new']);
    expect(errors).toHaveLength(2);
    unblock('mail');
    unblock('new');
    writeFileSync(fileOf('mail'), text); // still there
    await staged.write();
    expect(readdirSync(directory).sort()).toEqual(['kept', 'new', 'other']);
  });

  it('the next start undoes nothing of what was done after a restore', async () => {
    const staged = ownFiles(() => undefined);
    await apis.add(mail, byService);
    const { texts: present } = await apis.texts();
    block('stuck');
    const wanted = new Map([['stuck', text], ['later', text], ['other', text], ...present]);
    await changes.run((change) => apis.replaceAll(change, present, wanted));
    expect(await apis.finishFiles()).toEqual(['stuck']);
    await apis.delete('later', byService);
    await apis.change({ ...mail, commands: [], safe: [] }, byService);
    rmSync(fileOf('other')); // by hand
    unblock('stuck');
    await apis.add({ ...mail, name: 'stuck', commands: ['v-z'], safe: [] }, byService);
    await staged.write();
    expect(readdirSync(directory).sort()).toEqual(['mail', 'stuck']);
    expect(readFileSync(fileOf('mail'), 'utf8')).toContain("COMMANDS=''");
    expect(readFileSync(fileOf('stuck'), 'utf8')).toContain("COMMANDS='v-z'");
  });

  it('a change whose file is stuck after its commit is answered with 13, and made at the next start', async () => {
    let isBlocked = false;
    changes.onApplied(() => {
      if (isBlocked) block('mail');
    });
    const staged = ownFiles(() => undefined);
    await apis.add(mail, byService);
    const before = readFileSync(fileOf('mail'));
    isBlocked = true;
    expect(await codeOf(apis.delete('mail', byService))).toBe(13);
    unblock('mail');
    writeFileSync(fileOf('mail'), before);
    await staged.write();
    expect(readdirSync(directory)).toEqual([]);
  });
});
