/** What happens to the record, and what v-verify-audit says about it. */
import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateSecretAccessKey } from '../../src/secrets/generated-secret.js';
import { disk } from '../faults/disk.js';
import { kill } from '../faults/kill.js';
import { Machine } from '../faults/machine.js';
import { countOf } from '../support/client.js';
import { installation } from '../support/folders.js';
import { ServiceProcess } from '../support/processes.js';
import { recordedNotes } from '../support/record.js';
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

  it('agrees with the script in docs/audit.md, which needs nothing of ours', async () => {
    const script = /```sh verify\n([\s\S]*?)```/.exec(
      readFileSync(join(installation, 'docs/audit.md'), 'utf8'),
    )?.[1];
    const DATA_DIR = await closedDataDir();
    const check = (): string => {
      const { stdout } = spawnSync('bash', ['-c', script ?? 'exit 9', 'bash', recordOf(DATA_DIR)], {
        encoding: 'utf8',
      });
      return stdout;
    };
    expect(check()).toMatch(/^whole: \d+:[0-9a-f]{64}\n$/);
    writeFileSync(
      recordOf(DATA_DIR),
      readFileSync(recordOf(DATA_DIR), 'utf8').replace('"user":"bob"', '"user":"eve"'),
    );
    expect(check()).toMatch(/^line \d+ does not follow\n/);
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

  const canMount = process.getuid?.() === 0 && existsSync('/bin/mount');
  (canMount ? it : it.skip)(`disk: ${disk.promise}`, async () => {
    expect((await disk.run({ ...(await options()), count: 3 })).wrong).toEqual([]);
  });
});
