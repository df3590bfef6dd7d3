/** The record's life in the built service: files are put away while it is killed, and nothing looks like a cut. */
import { describe, expect, it } from '@jest/globals';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FaultService, Load } from '../faults/service.js';
import { installation, temporaryFolder } from '../support/folders.js';
import { describeWith } from '../support/programs.js';
import { TestService } from '../support/test-service.js';
import { within } from '../support/waiting.js';
import { spawnSync } from 'node:child_process';

const keep = { HEARTHKEY_AUDIT_KEEP: '1s', HEARTHKEY_AUDIT_FILE_SIZE: '20KB' };
const recordFiles = (dataDir: string): string[] =>
  readdirSync(join(dataDir, 'audit'))
    .filter((name) => name.startsWith('events.jsonl'))
    .sort();
const beginning = (dataDir: string): number =>
  Number(readFileSync(join(dataDir, 'audit/beginning'), 'utf8').split('\n')[1]);

interface Told {
  WHOLE: string;
  FIRST: number;
  BEGINS?: { NUMBER: number; WHY: string };
  FIRST_PROBLEMS: { PLACE: string; PROBLEM: string }[];
}

async function verify(service: Pick<FaultService, 'run'>): Promise<Told> {
  return JSON.parse((await service.run('v-verify-audit', 'json')).stdout) as Told;
}

describe('a record that is kept for a second', () => {
  it('is whole from its signed beginning after every kill, and one file more that is gone is found', async () => {
    const dataDir = join(temporaryFolder(), 'data');
    mkdirSync(dataDir, { mode: 0o700 });
    let service = await FaultService.start(dataDir, keep);
    await service.open();
    const key = await service.makeKey('admin', '');
    let begin = 1;
    for (let round = 0; round < 6; round++) {
      const load = new Load(service, `k${String(round)}`, key, key);
      // Killed when a file has just been put away, or is about to be, or is removed.
      await within(60_000, 'more was put away', () => {
        return readdirSync(join(dataDir, 'audit')).includes('beginning') && beginning(dataDir) > begin;
      });
      await service.end('SIGKILL');
      await load.stop();
      service = await FaultService.start(dataDir, keep);
      const told = await verify(service);
      expect(told.FIRST_PROBLEMS).toEqual([]);
      expect(told).toMatchObject({
        WHOLE: 'yes',
        BEGINS: { NUMBER: told.FIRST, WHY: 'HEARTHKEY_AUDIT_KEEP=1s' },
      });
      expect(told.FIRST).toBeGreaterThan(begin);
      begin = told.FIRST;
    }
    expect((await service.run('v-verify-audit', '--expect', `1:${'0'.repeat(64)}`)).code).toBe(2);
    await service.end('SIGTERM');
    // Now nothing more is put away.
    service = await FaultService.start(dataDir, { HEARTHKEY_AUDIT_FILE_SIZE: '1KB' });
    let host = 1;
    await within(20_000, 'there are more files', async () => {
      await service.ok('v-add-sys-api-ip', `192.0.2.${String(host++)}`);
      return recordFiles(dataDir).length > 2;
    });
    expect((await verify(service)).WHOLE).toBe('yes');
    const [oldest = ''] = recordFiles(dataDir).filter((name) => name !== 'events.jsonl');
    rmSync(join(dataDir, 'audit', oldest));
    const told = await verify(service);
    expect(told.FIRST_PROBLEMS[0]?.PROBLEM).toMatch(/^missing before this: number/);
    await service.end('SIGKILL');
  });

  describeWith('php')('with the checker in docs', () => {
    it('proves what is kept, says of what it is not, and lists from the beginning on', async () => {
      const service = await TestService.startOpen(['alice'], {
        ...{ AUDIT_KEEP: '1s', AUDIT_FILE_SIZE: '1KB' },
      });
      await within(60_000, 'something was put away', async () => {
        await service.ok('v-change-user-password', 'alice', 'Correct-horse-9');
        return readdirSync(join(service.dataDir, 'audit')).includes('beginning');
      });
      const told = JSON.parse((await service.run('v-verify-audit', 'json')).stdout) as Told;
      expect(told.WHOLE).toBe('yes');
      expect((await service.ok('v-verify-audit')).replace(/ +/g, ' ')).toMatch(
        /^BEGINS: with number \d+: older events were put away on purpose by HEARTHKEY_AUDIT_KEEP=1s \(/m,
      );
      expect((await service.run('v-prove-audit-event', '1')).code).toBe(3);
      const file = join(temporaryFolder(), 'proof.json');
      const newest = (await service.ok('v-verify-audit', '--head')).split(':')[0] ?? '';
      writeFileSync(file, await service.ok('v-prove-audit-event', newest, 'json'));
      const script = join(installation, 'docs/check-audit-proof.php');
      const vkey = join(`${service.dataDir}-audit`, 'key.vkey');
      expect(spawnSync('php', [script, file, vkey], { encoding: 'utf8' })).toMatchObject({ status: 0 });
      const notes = await service.events('--type', 'note', '--limit', '1000');
      expect(notes.some(({ note }) => note === 'record_put_away')).toBe(true);
      await service.close();
    });
  });
});
