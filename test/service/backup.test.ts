/** Copies between stores and nodes, under load, and with the service killed in the middle. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Apis } from '../../src/apis/apis.js';
import { Facts } from '../../src/authorization/facts/facts.js';
import { BackupStore } from '../../src/backup/backup-store.js';
import { formatCopy, parseCopy } from '../../src/backup/copy-format.js';
import { pagesOf } from '../../src/storage/pages.js';
import { Changes } from '../../src/storage/changes.js';
import { generateAccessKeyId } from '../../src/secrets/generated-secret.js';
import { commandsDirectory, temporaryFolder } from '../support/folders.js';
import { runBin, ServiceProcess } from '../support/processes.js';
import { describeWith } from '../support/programs.js';
import { postgresServer } from '../support/store.js';
import { TestService } from '../support/test-service.js';
import { within } from '../support/waiting.js';

const commands = commandsDirectory({
  'v-list-mail-domains': { options: 'USER', script: 'echo "mail of $1"' },
});
const newFile = (): string => join(temporaryFolder(), 'copy.hkb');

/** Lines of a copy that say what the state is, in one order. */
const stateIn = (file: string): string[] => readFileSync(file, 'utf8').split('\n').slice(1, -2).sort();

async function stateOf(service: { ok: TestService['ok'] }): Promise<string[]> {
  const file = newFile();
  await service.ok('backup', file);
  return stateIn(file);
}

describe('hearthkey backup and restore', () => {
  let service: TestService;

  beforeAll(async () => {
    service = await TestService.startOpen(['alice'], { COMMANDS_DIR: commands });
  });

  it('hold no secret in clear, and the pepper only when asked', async () => {
    const key = await service.makeKey('alice', 'mail-accounts');
    const legacy = (await service.ok('v-generate-api-key')).trim();
    const pepper = readFileSync(join(service.dataDir, 'pepper'), 'utf8').trim();
    const [file, withPepper] = [newFile(), newFile()];
    await service.ok('backup', file);
    await service.ok('backup', withPepper, '--with-pepper');
    for (const secret of [key.secret, legacy, 'correct-horse-1']) {
      expect(readFileSync(withPepper, 'utf8')).not.toContain(secret);
    }
    expect(readFileSync(file, 'utf8')).not.toContain(pepper);
    const taken = join(temporaryFolder(), 'pepper');
    expect(await service.run('restore', file, '--pepper-to', taken)).toMatchObject({ code: 3 });
    await service.ok('restore', withPepper, '--pepper-to', taken);
    expect(readFileSync(taken, 'utf8').trim()).toBe(pepper);
  });

  it('are events in the record', async () => {
    const file = newFile();
    await service.ok('backup', file);
    const [backup] = (await service.events('--command', 'backup')).slice(-1);
    expect(backup).toMatchObject({ outcome: 'done', target: { file, pepper: 'no' } });
    await service.ok('restore', file);
    const [restored] = (await service.events('--command', 'restore')).slice(-1);
    expect(restored?.target).toMatchObject({ copy: backup?.target?.['copy'], heldBack: '0' });
    expect(await service.ok('v-verify-audit')).toMatch(/./);
  });

  it('refuse what can not be, and leave everything as it is', async () => {
    const file = newFile();
    await service.ok('backup', file);
    const bytes = readFileSync(file);
    const before = stateIn(file);
    const broken = newFile();
    writeFileSync(broken, bytes.subarray(0, bytes.length / 2));
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'directory'));
    const cases: [string[], number, string][] = [
      [['backup'], 1, 'Usage: hearthkey backup FILE'],
      [['backup', file], 4, 'is there already'],
      [['backup', join(folder, 'none/copy')], 3, `the directory ${join(folder, 'none')} doesn't exist`],
      [['backup', join(file, 'copy')], 13, "can't be written: ENOTDIR"],
      [['backup', `${folder}/${'x'.repeat(300)}`], 13, 'ENAMETOOLONG'],
      [['restore', join(folder, 'none')], 3, "doesn't exist"],
      [['restore', join(folder, 'directory')], 13, "can't be read: EISDIR"],
      [['restore', broken], 12, 'cut off'],
      [['restore', file, '--revive', 'user:nobody'], 3, 'user:nobody'],
      [['restore', file, '--revive'], 1, 'needs a value'],
    ];
    for (const [words, code, text] of cases) {
      const [command = '', ...args] = words;
      const answer = await service.run(command, ...args);
      expect({ words, ...answer }).toMatchObject({ words, code });
      expect(answer.stdout).toContain(text);
    }
    expect(readFileSync(file)).toEqual(bytes);
    expect(readdirSync(folder)).toEqual(['directory']);
    expect(await stateOf(service)).toEqual(before);
  });

  it('in read-only mode: a copy is made, a restore is only tried', async () => {
    const file = newFile();
    await service.ok('v-change-sys-config-value', 'DEMO_MODE', 'yes');
    await service.ok('backup', file);
    expect(await service.run('restore', file)).toMatchObject({ code: 1 });
    await service.ok('restore', file, '--dry-run');
    await service.ok('v-change-sys-config-value', 'DEMO_MODE', 'no');
  });

  it('of another root user is refused with what to do', async () => {
    const file = newFile();
    const copy = await parseCopy(await copyBytes(service));
    copy.head.rootUser = 'boss';
    writeFileSync(file, Buffer.concat(await formatCopy(copy)));
    expect(await service.run('restore', file)).toMatchObject({
      code: 2,
      stdout: expect.stringContaining('HEARTHKEY_ROOT_USER=boss'),
    });
  });

  it('on a new machine with the old audit record tell what was revoked since', async () => {
    const old = await TestService.startOpen(['alice'], { COMMANDS_DIR: commands });
    const [good, revoked] = [
      await old.makeKey('alice', 'mail-accounts'),
      await old.makeKey('alice', 'mail-accounts'),
    ];
    const file = newFile();
    await old.ok('backup', file);
    await old.ok('v-delete-access-key', revoked.id);
    await old.close();
    const dataDir = join(temporaryFolder(), 'data');
    mkdirSync(dataDir, { mode: 0o700 });
    mkdirSync(join(dataDir, 'audit'), { mode: 0o700 });
    for (const name of ['audit-chain', 'audit/events.jsonl'])
      writeFileSync(join(dataDir, name), readFileSync(join(old.dataDir, name)));
    cpSync(`${old.dataDir}-audit`, `${dataDir}-audit`, { recursive: true });
    const fresh = await TestService.start({ DATA_DIR: dataDir, COMMANDS_DIR: commands });
    const report = await fresh.ok('restore', file, '--revive', 'unrevoked');
    expect(report).toContain('1 held back');
    expect(report).toMatch(new RegExp(`held back key:${revoked.id}: .*v-delete-access-key at 20`));
    expect((await fresh.call(good, 'v-list-mail-domains', ['alice'])).code).toBe(0);
    expect((await fresh.call(revoked, 'v-list-mail-domains', ['alice'])).code).toBe(9);
  });
});

async function copyBytes(service: TestService): Promise<Buffer> {
  const file = newFile();
  await service.ok('backup', file);
  return readFileSync(file);
}

describeWith('postgres', 'initdb')('copies between stores and nodes', () => {
  const onServer = async (): Promise<Record<string, string>> => ({
    COMMANDS_DIR: commands,
    DATABASE_URL: await (await postgresServer()).newDatabase(),
  });

  it('go from SQLite to PostgreSQL and back, and the secrets go on working', async () => {
    const embedded = await TestService.startOpen(['alice'], { COMMANDS_DIR: commands });
    const key = await embedded.makeKey('alice', 'mail-accounts');
    const before = await stateOf(embedded);
    const [there, back] = [newFile(), newFile()];
    await embedded.ok('backup', there);
    const server = await TestService.start(await onServer());
    await server.ok('restore', there, '--revive', 'all');
    expect((await server.call(key, 'v-list-mail-domains', ['alice'])).code).toBe(0);
    await server.ok('backup', back);
    await embedded.ok('v-delete-user', 'alice');
    await embedded.ok('restore', back, '--revive', 'all');
    expect((await embedded.call(key, 'v-list-mail-domains', ['alice'])).code).toBe(0);
    // Which keys were ever deleted stays known.
    const compared = (lines: string[]) =>
      lines
        .filter((line) => !line.includes('deleted_keys'))
        .map((line) => line.replace(/"secret_tag":[^,]*/, ''));
    expect(compared(await stateOf(embedded))).toEqual(compared(before));
  });

  it('count on every node when the restore returns', async () => {
    const settings = { ...(await onServer()), PEPPER_FILE: join(temporaryFolder(), 'pepper'), LEASE: '2s' };
    const first = await TestService.startOpen(['alice'], settings);
    const nodes = [first, await TestService.start(settings)];
    const kept = await first.makeKey('alice', 'mail-accounts');
    const file = newFile();
    await first.ok('backup', file);
    const codes = async (key: typeof kept) =>
      (await Promise.all(nodes.map((node) => node.call(key, 'v-list-mail-domains', ['alice'])))).map(
        ({ code }) => code,
      );
    for (const at of nodes) {
      const newer = await at.makeKey('alice', 'mail-accounts');
      expect(await codes(newer)).toEqual([0, 0]);
      await at.ok('v-change-api', 'mail-accounts', 'user', 'v-list-mail-domains,v-list-user');
      await at.ok('v-add-api', 'newer', 'user', 'v-list-mail-domains');
      await at.ok('restore', file);
      expect(await codes(newer)).toEqual([9, 9]);
      expect(await codes(kept)).toEqual([0, 0]);
      for (const node of nodes) expect(await node.run('v-list-api', 'newer')).toMatchObject({ code: 2 });
    }
  });
});

describe('a copy that is made while everything changes', () => {
  const stores = {
    SQLite: () => Promise.resolve({}),
    PostgreSQL: async () => ({ DATABASE_URL: await (await postgresServer()).newDatabase() }),
  };
  for (const [kind, settings] of Object.entries(stores)) {
    const describeKind = kind === 'SQLite' ? describe : describeWith('postgres', 'initdb');
    describeKind(kind, () => {
      it('is of one moment: what changes together is the same in it', async () => {
        const service = await TestService.startOpen(['alice'], await settings());
        const changes = service.part<Changes>(Changes);
        const id = await addKeysLike(service, (await service.makeKey('alice', 'mail-accounts')).id);
        const mark = (text: string) =>
          changes.run(async ({ trx }) => {
            await trx.updateTable('users').set({ email: text }).where('name', '=', 'alice').execute();
            await trx.updateTable('access_keys').set({ comment: text }).where('id', '=', id).execute();
            await trx.updateTable('users').set({ email: text }).where('name', '=', 'admin').execute();
          });
        await mark('0');
        const seen = new Set<string>();
        await during(mark, async () => {
          for (let count = 0; count < 10 || seen.size < 2; count++) {
            const { state } = await service.part(BackupStore).readAtOneMoment(() => Promise.resolve());
            const comment = state.access_keys.find((key) => key.id === id)?.comment;
            const marks = new Set([...state.users.map(({ email }) => email), comment]);
            expect([...marks]).toHaveLength(1);
            seen.add([...marks].join());
          }
        });
      });
    });
  }
});

/** Does something over and over, numbered, for as long as the work lasts, however that ends. */
async function during(again: (text: string) => Promise<void>, work: () => Promise<void>): Promise<void> {
  const over = new AbortController();
  const running = (async () => {
    for (let count = 1; !over.signal.aborted; count++) {
      await sleep(1); // the embedded store answers without waiting: nobody else would ever get a turn
      await again(String(count));
    }
  })();
  try {
    await work();
  } finally {
    over.abort();
    await running;
  }
}

it('a copy of many keys keeps changes waiting on the embedded store, and no decision', async () => {
  const service = await TestService.startOpen(['alice'], { COMMANDS_DIR: commands });
  const key = await service.makeKey('alice', 'mail-accounts');
  const id = await addKeysLike(service, key.id);
  const ended: string[] = [];
  const noted = <T>(what: string, work: Promise<T>) => work.finally(() => ended.push(what));
  const copied = noted(
    'copy',
    service.part(BackupStore).readAtOneMoment(() => Promise.resolve()),
  );
  const changed = noted(
    'change',
    service.part<Changes>(Changes).run(async ({ trx }) => {
      await trx.updateTable('access_keys').set({ is_suspended: 1 }).where('id', '=', id).execute();
    }),
  );
  await noted('decision', service.part(Facts).load(id)); // read from the store: nobody asked for this key before
  const { state } = await copied;
  await changed;
  expect(ended).toEqual(['decision', 'copy', 'change']);
  expect(state.access_keys.find((each) => each.id === id)?.is_suspended).toBe(0);
});

/** Several pages of them; @returns the ID of the last one. */
async function addKeysLike(service: TestService, like: string): Promise<string> {
  const ids = Array.from({ length: 5000 }, generateAccessKeyId).sort();
  await service.part<Changes>(Changes).run(async ({ trx }) => {
    const row = await trx
      .selectFrom('access_keys')
      .selectAll()
      .where('id', '=', like)
      .executeTakeFirstOrThrow();
    for (const page of pagesOf(ids))
      await trx
        .insertInto('access_keys')
        .values(page.map((id) => ({ ...row, id })))
        .execute();
  });
  return ids.at(-1) ?? '';
}

/** The state of a service with so many more keys, other users' addresses, and other role files. */
async function largeCopy(service: { ok: TestService['ok'] }, keys: number): Promise<string> {
  const [from, to] = [newFile(), newFile()];
  await service.ok('backup', from);
  const copy = await parseCopy(readFileSync(from));
  const { state } = copy;
  const more = Array.from({ length: keys }, () => ({ ...state.access_keys[0]!, id: generateAccessKeyId() }));
  state.access_keys = [...state.access_keys, ...more];
  state.apis = state.apis.slice(1).map(({ name, text }) => ({ name, text: `# other\n${text}` }));
  state.apis.push({ name: 'other', text: "ROLE='user'\nCOMMANDS='v-list-user'\n" });
  state.users = state.users.map((user) => ({ ...user, email: 'other@example.com' }));
  writeFileSync(to, Buffer.concat(await formatCopy(copy)));
  return to;
}

describe('a restore whose service is killed with SIGKILL', () => {
  it('leaves the old state or the new one, and nothing between', async () => {
    const rounds = process.env['CI'] === undefined ? 5 : 3;
    const dataDir = join(temporaryFolder(), 'data');
    let service = await ServiceProcess.start({ DATA_DIR: dataDir });
    await service.addUser('alice');
    await service.makeKey('alice', 'mail-accounts');
    const one = newFile();
    await service.ok('backup', one);
    const copies = [one, await largeCopy(service, 1500)];
    const states = copies.map((copy) => stateIn(copy).join('\n'));
    const kept = () => readdirSync(dataDir).filter((name) => name.startsWith('before-restore-')).length;
    /** Resolves in the middle of its change: when what is here is kept as a copy. */
    const begin = async (copy: string): Promise<{ over: Promise<unknown> }> => {
      const before = kept();
      const over = service.run('restore', copy, '--revive', 'all').catch(() => undefined);
      await within(20_000, 'the restore is in its change', () => kept() > before);
      return { over };
    };
    const { over } = await begin(copies[1]!);
    const startedAt = performance.now();
    expect(await over).toMatchObject({ code: 0 });
    const restMs = performance.now() - startedAt;
    expect((await stateOf(service)).join('\n')).toBe(states[1]);

    let now = 1;
    for (let round = 0; round < rounds; round++) {
      const running = await begin(copies[1 - now]!);
      await sleep((restMs * round) / (rounds - 1));
      await service.end('SIGKILL');
      await running.over;
      service = await ServiceProcess.start({ DATA_DIR: dataDir });
      now = states.indexOf((await stateOf(service)).join('\n'));
      expect(now).not.toBe(-1);
    }
    await service.end('SIGKILL');
  });

  it('has its API role files at the next start, when it was killed before they were written', async () => {
    const settings = { DATA_DIR: join(temporaryFolder(), 'data') };
    const before = await TestService.start(settings);
    const apis = before.part(Apis);
    const { texts } = await apis.texts();
    const wanted = new Map([['other', "ROLE='user'\nCOMMANDS='v-list-user'\n"]]);
    await before.part(Changes).run((change) => apis.replaceAll(change, texts, wanted));
    await before.close();
    const directory = join(before.dataDir, 'api');
    for (const [name, text] of texts) writeFileSync(join(directory, name), text);
    rmSync(join(directory, 'other'));
    const after = await TestService.start(settings);
    expect((await after.part(Apis).texts()).texts).toEqual(wanted);
    // Once: what is changed later stays so.
    await after.ok('v-delete-api', 'other');
    await after.close();
    expect(readdirSync(directory)).toEqual([]);
    await TestService.start(settings);
    expect(readdirSync(directory)).not.toContain('other');
  });

  it('is a matter of the service: without one the command says so', async () => {
    const dataDir = temporaryFolder();
    const result = await runBin('hearthkey', ['backup', 'copy.hkb'], {
      env: { HEARTHKEY_SOCKET: join(dataDir, 'admin.sock') },
      cwd: dataDir,
    });
    expect(result.code).toBe(15);
    expect(existsSync(join(dataDir, 'copy.hkb'))).toBe(false);
  });
});
