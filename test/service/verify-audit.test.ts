/** What happens to the record, and what v-verify-audit says about it. */
import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { AuditKey, formatVerifierKey } from '../../src/audit/key/audit-key.js';
import { origin, plainLine } from '../../src/audit/record/chain.js';
import { generateSecretAccessKey } from '../../src/secrets/generated-secret.js';
import { disk } from '../faults/disk.js';
import { kill } from '../faults/kill.js';
import { Machine } from '../faults/machine.js';
import { countOf } from '../support/client.js';
import { tampering } from '../faults/tampering.js';
import { installation, temporaryFolder } from '../support/folders.js';
import { PostgresServer } from '../support/postgres.js';
import { ServiceProcess } from '../support/processes.js';
import { describeWith } from '../support/programs.js';
import { recordedNotes, recordLines } from '../support/record.js';
import { TestService } from '../support/test-service.js';
import { within } from '../support/waiting.js';

const recordOf = (dataDir: string): string => join(dataDir, 'audit/events.jsonl');

async function verify(
  service: TestService,
  ...args: string[]
): Promise<{ code: number; told: Record<string, unknown> }> {
  const { code, stdout } = await service.run('v-verify-audit', 'json', ...args);
  return { code, told: JSON.parse(stdout) as Record<string, unknown> };
}

/** A data directory whose service was closed in order after some changes. */
async function closedDataDir(): Promise<string> {
  const service = await TestService.startOpen(['alice', 'bob']);
  await service.close();
  return service.dataDir;
}

describe('v-verify-audit', () => {
  it('finds a record whole that nobody touched, over two restarts and a rotation while the service was down', async () => {
    const DATA_DIR = await closedDataDir();
    renameSync(recordOf(DATA_DIR), `${recordOf(DATA_DIR)}.1`);
    for (let start = 0; start < 2; start++) {
      const service = await TestService.start({ DATA_DIR });
      await service.makeKey('alice', 'mail-accounts');
      expect(await verify(service)).toMatchObject({
        code: 0,
        told: { WHOLE: 'yes', FILES: 2, FIRST: 1, PROBLEMS: 0 },
      });
      await service.close();
    }
    expect(recordedNotes(recordOf(DATA_DIR)).map(([note]) => note)).toEqual(['record_begun']);
  });

  it('prints the head for the operator to keep, and takes it back later', async () => {
    const service = await TestService.startOpen(['alice']);
    const head = (await service.ok('v-verify-audit', '--head')).trim();
    expect(head).toMatch(/^\d+:[0-9a-f]{64}$/);
    await service.addUser('bob');
    expect((await verify(service, '--expect', head)).code).toBe(0);
    const [sequence = ''] = head.split(':');
    const other = await verify(service, '--expect', `${sequence}:${'0'.repeat(64)}`);
    expect(other).toMatchObject({ code: 12, told: { WHOLE: 'no' } });
    const later = await verify(service, '--expect', `999999:${'0'.repeat(64)}`);
    expect(later).toMatchObject({ code: 12, told: { FIRST_PROBLEMS: [{ PLACE: 'the end' }] } });
  });

  it('finds a tail that was cut while the service was down, now and ever after, and the cut is noted', async () => {
    const DATA_DIR = await closedDataDir();
    const lines = readFileSync(recordOf(DATA_DIR), 'utf8').split('\n');
    writeFileSync(recordOf(DATA_DIR), `${lines.slice(0, -3).join('\n')}\n`);
    for (let start = 0; start < 2; start++) {
      const service = await TestService.start({ DATA_DIR });
      const { code, told } = await verify(service);
      expect(code).toBe(12);
      expect(JSON.stringify(told['FIRST_PROBLEMS'])).toContain('missing before this');
      expect((await service.events('--type', 'note')).map(({ note }) => note)).toEqual([
        'record_begun',
        'record_cut',
      ]);
      await service.close();
    }
  });

  it('notes that the database went back to an older copy, and goes on with what that has', async () => {
    const DATA_DIR = await closedDataDir();
    const [database, copy] = [join(DATA_DIR, 'hearthkey.db'), join(temporaryFolder(), 'copy')];
    copyFileSync(database, copy);
    const before = await TestService.start({ DATA_DIR });
    await before.makeKey('alice', 'mail-accounts');
    await before.close();
    for (const suffix of ['-wal', '-shm']) rmSync(database + suffix, { force: true });
    copyFileSync(copy, database);
    const service = await TestService.start({ DATA_DIR });
    expect(recordedNotes(recordOf(DATA_DIR)).map(([note]) => note)).toEqual([
      'record_begun',
      'store_went_back',
    ]);
    expect(service.log).toMatch(/the database had a signed head of number \d+, now it has one of \d+/);
    expect(await service.ok('v-list-access-keys', 'alice', 'plain')).toBe('');
    const { code, told } = await verify(service);
    expect([code, told['WHOLE']]).toEqual([12, 'no']);
    expect(told['FIRST_PROBLEMS']).toContainEqual({
      PLACE: 'the database',
      PROBLEM: expect.stringMatching(
        /^it had a signed head of number \d+, now its newest is of \d+$/,
      ) as unknown,
    });
    await service.close();
  });

  it.each([
    ['is gone', (file: string) => rmSync(file)],
    ['is empty', (file: string) => writeFileSync(file, '')],
    ['names another chain', (file: string) => writeFileSync(file, `${'a'.repeat(32)}\n`)],
  ])('finds a tail that was cut also where the file that names the chain %s', async (_, change) => {
    const DATA_DIR = await closedDataDir();
    const chainFile = join(DATA_DIR, 'audit-chain');
    const chain = readFileSync(chainFile, 'utf8');
    const lines = readFileSync(recordOf(DATA_DIR), 'utf8').split('\n');
    writeFileSync(recordOf(DATA_DIR), `${lines.slice(0, -3).join('\n')}\n`);
    change(chainFile);
    const service = await TestService.start({ DATA_DIR });
    const { code, told } = await verify(service);
    expect(code).toBe(12);
    expect(JSON.stringify(told['FIRST_PROBLEMS'])).toContain('missing before this');
    expect(readFileSync(chainFile, 'utf8')).toBe(chain);
    await service.close();
  });

  it('finds a record that is gone', async () => {
    const DATA_DIR = await closedDataDir();
    rmSync(recordOf(DATA_DIR));
    const service = await TestService.start({ DATA_DIR });
    expect((await verify(service)).code).toBe(12);
  });

  const namesAltered = async (names: readonly string[], settings: Record<string, string> = {}) => {
    const service = await TestService.startOpen(['alice'], settings);
    for (const name of names) {
      const file = join(service.dataDir, name);
      const was = readFileSync(file, 'utf8');
      for (const alter of [() => rmSync(file), () => writeFileSync(file, 'another one\n')]) {
        alter();
        const found = { PLACE: name, PROBLEM: expect.stringContaining('altered or removed while') };
        expect(await verify(service)).toMatchObject({ code: 12, told: { FIRST_PROBLEMS: [found] } });
        expect(readFileSync(file, 'utf8')).toBe(was);
      }
    }
    expect(await verify(service)).toMatchObject({ code: 0, told: { WHOLE: 'yes' } });
    const [name = ''] = names;
    const was = readFileSync(join(service.dataDir, name));
    rmSync(join(service.dataDir, name));
    mkdirSync(join(service.dataDir, name));
    const found = { PLACE: name, PROBLEM: expect.stringContaining("can't be written anew") };
    expect(await verify(service)).toMatchObject({ code: 12, told: { FIRST_PROBLEMS: [found] } });
    rmSync(join(service.dataDir, name), { recursive: true });
    writeFileSync(join(service.dataDir, name), was);
    await service.close();
    const again = await TestService.start({ DATA_DIR: service.dataDir, ...settings });
    expect(await verify(again)).toMatchObject({ code: 0, told: { WHOLE: 'yes' } });
    await again.close();
  };

  it('finds that what names the record was altered or removed while the service ran, and puts it back', () =>
    namesAltered(['audit-chain']));

  describeWith('initdb', 'postgres')('of a node on PostgreSQL', () => {
    it('finds the same, also of what names the node', async () => {
      const server = await PostgresServer.start();
      const PEPPER_FILE = join(temporaryFolder(), 'pepper');
      const settings = { DATABASE_URL: await server.newDatabase(), PEPPER_FILE, LEASE: '2s' };
      await namesAltered(['audit-chain', 'node-id'], settings);
    });
  });

  it('finds nothing where a kill tore the last line, which is cut and noted', async () => {
    const DATA_DIR = await closedDataDir();
    appendFileSync(recordOf(DATA_DIR), '{"seq":99,"id":"torn');
    const service = await TestService.start({ DATA_DIR });
    expect(await verify(service)).toMatchObject({ code: 0, told: { WHOLE: 'yes' } });
    expect((await service.events('--type', 'note')).at(-1)).toMatchObject({
      note: 'torn_line_cut',
      target: { bytes: '20' },
    });
  });

  it('tells where a line was altered, in each of its forms, from its own program', async () => {
    const service = await ServiceProcess.start();
    await service.addUser('alice');
    const file = recordOf(service.dataDir);
    await service.end();
    writeFileSync(file, readFileSync(file, 'utf8').replace('"user":"alice"', '"user":"mallo"'));
    const next = await ServiceProcess.start({ DATA_DIR: service.dataDir });
    const shell = await next.bin('v-verify-audit');
    expect(shell.code).toBe(12);
    expect(shell.stdout).toMatch(/^WHOLE: +no\nCHAIN: +[0-9a-f]{32}\n/);
    expect(shell.stdout).toMatch(/^PROBLEM: +events\.jsonl line \d+: number \d+ does not follow/m);
    expect((await next.bin('v-verify-audit', ['plain'])).stdout).toMatch(/^WHOLE\tno\n/);
    await next.end();
  });

  it.each([
    [['xml'], 2],
    [['--expect', 'abc'], 2],
    [['--from', '0'], 2],
    [['--nonsense'], 1],
  ])('%j is refused with %i', async (args, code) => {
    const service = await TestService.start();
    expect((await service.run('v-verify-audit', ...args)).code).toBe(code);
    await service.close();
  });

  it('takes over a record from before there was a key, under a signed line that fixes its head', async () => {
    const DATA_DIR = join(temporaryFolder(), 'data');
    mkdirSync(join(DATA_DIR, 'audit'), { recursive: true, mode: 0o700 });
    const chain = 'c'.repeat(32);
    let head = origin;
    const lines = Array.from({ length: 5 }, (_, index) => {
      const begun = index === 0 ? { note: 'record_begun', target: { chain, previous: origin.hash } } : {};
      const event = {
        id: String(index),
        type: 'note',
        outcome: 'done',
        actor: { kind: 'service' },
        ...begun,
      };
      const next = plainLine(head, JSON.stringify(event));
      ({ head } = next);
      return next.line;
    });
    writeFileSync(recordOf(DATA_DIR), lines.join(''));
    writeFileSync(join(DATA_DIR, 'audit-chain'), `${chain}\n`);
    for (let start = 0; start < 2; start++) {
      const service = await TestService.start({ DATA_DIR });
      expect(await verify(service)).toMatchObject({ code: 0, told: { CHAIN: chain, FIRST: 1 } });
      await service.close();
    }
    const [note] = recordLines(recordOf(DATA_DIR)).filter(({ seq }) => seq === 6);
    const before = `5:${head.hash}`;
    expect(note).toMatchObject({
      note: 'record_signed_from',
      target: { tree: '6', previous: head.hash, before },
    });
    writeFileSync(
      recordOf(DATA_DIR),
      readFileSync(recordOf(DATA_DIR), 'utf8').replace('"id":"3"', '"id":"4"'),
    );
    const service = await TestService.start({ DATA_DIR });
    expect((await verify(service)).code).toBe(12);
    await service.close();
  });

  const chainFileOf = (keyFile: string): string => join(keyFile.replace(/-audit\/key$/, ''), 'audit-chain');
  it.each([
    ['missing', 'audit_key_missing', (file: string) => rmSync(file)],
    ['another one', 'audit_key_changed', (file: string) => writeFileSync(file, AuditKey.generate().pem)],
    ['there but the head beside it', 'audit_head_missing', (file: string) => rmSync(`${file}.head`)],
    ["there, but not the chain's ID", 'identity_lost', (file: string) => rmSync(chainFileOf(file))],
  ])('says that the audit key is %s, and a new tree begins with a note', async (_, note, change) => {
    const DATA_DIR = await closedDataDir();
    change(join(`${DATA_DIR}-audit`, 'key'));
    const service = await TestService.start({ DATA_DIR });
    const { code, told } = await verify(service);
    expect(code).toBe(12);
    expect(JSON.stringify(told)).toContain('a new tree begins');
    expect((await service.events('--type', 'note')).map((event) => event.note)).toContain(note);
    expect(service.log).toMatch(/audit key|identity is not what it was/);
    const readyz = await service.request('GET', '/readyz', undefined);
    expect(JSON.parse(readyz.body)).toMatchObject({ status: 'ok', auditFindings: [expect.any(String)] });
    expect((await service.run('v-list-findings')).stdout).toContain('audit record: ');
    await service.close();
  });

  it('with the key and a witness elsewhere: a record that went back to a copy with its head is found', async () => {
    const away = temporaryFolder();
    const settings = { AUDIT_KEY_FILE: join(away, 'key'), AUDIT_WITNESS: join(away, 'witness') };
    const first = await TestService.startOpen(['alice'], settings);
    const DATA_DIR = first.dataDir;
    await first.close();
    expect(existsSync(`${DATA_DIR}-audit/key`)).toBe(false);
    const copies = [DATA_DIR, away].map((folder) => {
      const copy = join(temporaryFolder(), 'copy');
      cpSync(folder, copy, { recursive: true });
      return [folder, copy] as const;
    });
    const second = await TestService.start({ DATA_DIR, ...settings });
    await second.makeKey('alice', 'mail-accounts');
    expect(await verify(second)).toMatchObject({ code: 0, told: { WHOLE: 'yes' } });
    await second.close();
    const witnessed = readFileSync(settings.AUDIT_WITNESS, 'utf8');
    for (const [folder, copy] of copies) {
      rmSync(folder, { recursive: true });
      cpSync(copy, folder, { recursive: true });
    }
    writeFileSync(settings.AUDIT_WITNESS, witnessed);
    const third = await TestService.start({ DATA_DIR, ...settings });
    const { code, told } = await verify(third);
    expect(code).toBe(12);
    expect(JSON.stringify(told)).toContain('witness');
    await third.close();
  });
});

describe('v-prove-audit-event', () => {
  const check = (...args: string[]) =>
    spawnSync('php', [join(installation, 'docs/check-audit-proof.php'), ...args], { encoding: 'utf8' });

  describeWith('php')('with the checker in docs', () => {
    it('proves each event to somebody who has the public key alone, and no other event', async () => {
      const service = await TestService.startOpen(['alice']);
      const folder = temporaryFolder();
      const file = join(folder, 'proof.json');
      const key = join(`${service.dataDir}-audit`, 'key.vkey');
      const count = Number((await service.ok('v-verify-audit', '--head')).split(':')[0]);
      for (let number = 1; number <= count; number++) {
        writeFileSync(file, await service.ok('v-prove-audit-event', String(number), 'json'));
        expect(check(file, key)).toMatchObject({
          status: 0,
          stdout: expect.stringContaining(`event ${number} of`),
        });
      }
      const proof = readFileSync(file, 'utf8');
      for (const forged of [
        proof.replace('v-add-user', 'v-del-user'),
        proof.replace(/"index": \d+/, '"index": 0'),
        proof.replace(/\\n(\d+)\\n/, '\\n9$1\\n'),
      ]) {
        writeFileSync(file, forged);
        expect(check(file, key).status).toBe(1);
      }
      writeFileSync(file, proof);
      const other = join(folder, 'other.vkey');
      writeFileSync(other, formatVerifierKey(AuditKey.generate().verifierKey));
      expect(check(file, other).status).toBe(1);
      expect(check(file, key, other).status).toBe(1);
      expect((await service.run('v-prove-audit-event', '999999')).code).toBe(3);
      await service.close();
    });

    it('has the signature of another node, which signs no record that went back', async () => {
      const server = await PostgresServer.start();
      const DATABASE_URL = await server.newDatabase();
      const PEPPER_FILE = join(temporaryFolder(), 'pepper');
      const settings = { DATABASE_URL, PEPPER_FILE, LEASE: '2s' };
      const [one, other] = [await TestService.start(settings), await TestService.start(settings)];
      // Each looks at the other's head when it stores its own.
      const store = async (service: TestService): Promise<void> => {
        await service.ok('v-add-sys-api-ip', '192.0.2.1');
        await service.ok('v-delete-sys-api-ip', '192.0.2.1');
        await service.ok('v-verify-audit', '--head');
      };
      const file = join(temporaryFolder(), 'proof.json');
      const keys = [one, other].map(({ dataDir }) => join(`${dataDir}-audit`, 'key.vkey'));
      await within(60_000, 'the other node has signed', async () => {
        await store(one);
        await store(other);
        writeFileSync(file, await one.ok('v-prove-audit-event', '2', 'json'));
        return check(file, ...keys).status === 0;
      });
      expect((await verify(one)).code).toBe(0);
      const database = new URL(DATABASE_URL).pathname.slice(1);
      const [head] = await server.query(
        database,
        `select origin, note from audit_heads order by origin limit 1`,
      );
      await store(one);
      await store(other);
      await server.query(
        database,
        `update audit_heads set note = '${String(head?.['note'])}' where origin = '${String(head?.['origin'])}'`,
      );
      const found = [await verify(one), await verify(other)];
      expect(found.map(({ code }) => code)).toContain(12);
      await one.close();
      await other.close();
    });
  });
});

describe('a flood of wrong secrets', () => {
  it('writes a bounded number of bytes, and every attempt is counted', async () => {
    const service = await TestService.startOpen(['alice']);
    const key = await service.makeKey('alice', 'mail-accounts');
    const file = recordOf(service.dataDir);
    const before = readFileSync(file).length;
    const wrong = (): Promise<unknown> =>
      service.call({ ...key, secret: generateSecretAccessKey() }, 'v-list-mail-domains', ['alice']);
    const startMs = performance.now();
    for (let round = 0; round < 20; round++) await Promise.all(Array.from({ length: 25 }, wrong));
    await within(10_000, 'all are counted', async () => {
      return countOf(await service.eventsAndSums('--key', key.id, '--reason', 'secret_mismatch')) === 500;
    });
    const seconds = Math.ceil((performance.now() - startMs) / 1000) + 1;
    expect(readFileSync(file).length - before).toBeLessThan(seconds * 2 * 450);
  });
});

describe('the fault harnesses', () => {
  const options = async () => ({
    ...{ count: 2, seed: 7, print: () => undefined },
    machine: await Machine.measure(() => undefined),
  });

  it(`kill: ${kill.promise}`, async () => {
    expect((await kill.run(await options())).wrong).toEqual([]);
  });

  it(`tampering: ${tampering.promise}`, async () => {
    const { wrong } = await tampering.run({ ...(await options()), on: 'embedded' });
    expect(wrong).toEqual([]);
  });

  const canMount = process.getuid?.() === 0 && existsSync('/bin/mount');
  (canMount ? it : it.skip)(`disk: ${disk.promise}`, async () => {
    expect((await disk.run({ ...(await options()), count: 3 })).wrong).toEqual([]);
  });
});
