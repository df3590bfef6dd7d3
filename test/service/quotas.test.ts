/** Quotas over the real adapters, on one node and on three that share a PostgreSQL database. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { FaultService } from '../faults/service.js';
import type { Client, Key } from '../support/client.js';
import { commandsDirectory, temporaryFolder } from '../support/folders.js';
import { postJson } from '../support/gate.js';
import { PostgresServer } from '../support/postgres.js';
import { describeWith } from '../support/programs.js';
import { TestService } from '../support/test-service.js';

const command = 'v-list-mail-domains';
const COMMANDS_DIR = commandsDirectory({ [command]: { options: 'USER', script: 'echo ran' } });

async function quotaKey(service: Client, quota: string, ...options: string[]): Promise<Key> {
  const printed = await service.ok(
    ...(['v-add-access-key', 'alice', 'mail-accounts', '', 'plain', '--quota', quota] as const),
    ...options,
  );
  const pair = printed.trim();
  const [id = '', secret = ''] = pair.split(':');
  return { id, secret, pair };
}

interface Usage {
  QUOTAS: { KEY: string; QUOTA: string; USED: number; UNTIL: string }[];
  USES: { DAY: string; COMMAND: string; OUTCOME: string; REASON: string; COUNT: number }[];
}

async function usageOf(service: Client, id: string): Promise<Usage> {
  const text = await service.ok('v-list-access-key-usage', id, 'json');
  return (JSON.parse(text) as Record<string, Usage>)[id]!;
}

const ask = async (service: Client, { id, secret }: Key): Promise<string> => {
  const body = { accessKeyId: id, secretAccessKey: secret, command, args: ['alice'], clientIp: '127.0.0.1' };
  const { json } = await postJson(service, '/v1/authorize', body);
  const { allowed, reason } = json as { allowed: boolean; reason: string | null };
  return allowed ? 'allowed' : String(reason);
};

describe('a key with --quota', () => {
  let service: TestService;

  beforeAll(async () => {
    service = await TestService.startOpen(['alice', 'bob'], { COMMANDS_DIR });
  });

  it('is refused with 14 and 429 once it is used up, until the period ends, at every adapter', async () => {
    const key = await quotaKey(service, '3/month');
    for (let index = 0; index < 2; index++)
      expect(await service.call(key, command, ['bob'])).toMatchObject({ code: 10 });
    for (let index = 0; index < 3; index++)
      expect(await service.call(key, command, ['alice'])).toMatchObject({ code: 0 });
    const refused = await service.call(key, command, ['alice']);
    expect(refused).toMatchObject({
      status: 429,
      code: 14,
      body: `Error: The quota of key ${key.id} is used up`,
    });
    const now = new Date();
    const end = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1);
    const wait = Number(refused.headers['retry-after']);
    expect(Math.abs(Date.now() + wait * 1000 - end)).toBeLessThan(60_000);
    expect(await ask(service, key)).toBe('quota_exceeded');
    const rest = await service.request('GET', '/v1/access-keys', undefined, {
      headers: { Authorization: `Bearer ${key.pair}` },
    });
    // Its role does not have the command: that is said first.
    expect(rest.status).toBe(403);
    const explained = await service.ok('v-explain-access', key.id, command, '127.0.0.1', 'alice');
    const until = new Date(end).toISOString().slice(0, 16);
    expect(explained).toContain(`3 of 3 used, until ${until}Z`);
  });

  it('is listed with what was counted, by day, command and outcome', async () => {
    const key = await quotaKey(service, '2/week');
    await service.call(key, command, ['bob']);
    for (let index = 0; index < 4; index++) await service.call(key, command, ['alice']);
    const other = await service.makeKey('alice', 'mail-accounts');
    await service.call({ ...key, secret: other.secret }, command, ['alice']);
    await service.call(other, command, ['alice']);
    const usage = await usageOf(service, key.id);
    expect(usage.QUOTAS).toMatchObject([{ KEY: key.id, QUOTA: '2/week', USED: 2 }]);
    expect(usage.QUOTAS[0]!.UNTIL).toMatch(/^\d{4}-\d\d-\d\dT00:00Z$/);
    const counted = Object.fromEntries(
      usage.USES.map(({ COMMAND, OUTCOME, REASON, COUNT }) => [`${COMMAND} ${OUTCOME} ${REASON}`, COUNT]),
    );
    expect(counted).toEqual({
      [`${command} allow `]: 2,
      [`${command} deny quota_exceeded`]: 2,
      [`${command} deny user_argument_mismatch`]: 1,
      [`${command} deny secret_mismatch`]: 1,
    });
    expect(await service.ok('v-list-access-key-usage', key.id, 'csv')).toContain(
      'kind,key,day,command,outcome,reason,count,quota,until',
    );
    expect(await service.ok('v-list-access-key-usage', other.id)).not.toContain('QUOTA');
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    expect(await service.run('v-list-access-key-usage', key.id, '--since', tomorrow)).toMatchObject({
      code: expect.any(Number),
    });
    expect(await service.run('v-list-access-key-usage', 'A'.repeat(20))).toMatchObject({ code: 3 });
  });

  it('gets no second allowance by another quota, and counts with the key that it was derived from', async () => {
    const key = await quotaKey(service, '5/month');
    expect(await ask(service, key)).toBe('allowed');
    await service.ok('v-change-access-key', key.id, 'COMMENT', 'another one');
    await service.ok('v-change-access-key', key.id, '--quota', '3/day');
    const pair = await service.ok('v-derive-access-key', key.id, '15m', 'plain', '--quota', '1/day');
    const [id = '', secret = ''] = pair.trim().split(':');
    const child = { id, secret, pair };
    expect([await ask(service, child), await ask(service, child)]).toEqual(['allowed', 'quota_exceeded']);
    expect([await ask(service, key), await ask(service, key)]).toEqual(['allowed', 'quota_exceeded']);
    expect((await usageOf(service, child.id)).QUOTAS).toMatchObject([
      { KEY: child.id, USED: 1 },
      { KEY: key.id, USED: 3 },
    ]);
    const wider = await service.run('v-derive-access-key', key.id, '15m', 'plain', '--quota', '4/day');
    expect(wider.code).toBe(10);
    await service.ok('v-change-access-key', key.id, '--quota', '4/month');
    expect([await ask(service, key), await ask(service, key)]).toEqual(['allowed', 'quota_exceeded']);
    await service.ok('v-change-access-key', key.id, '--quota', 'none');
    expect(await ask(service, key)).toBe('allowed');
    const [widened] = (await service.events('--key', key.id)).slice(-2);
    expect(JSON.stringify(await service.events('--type', 'change'))).toContain('"widened":"quota"');
    expect(widened).toBeDefined();
  });

  it('is refused in a wrong form, and shown where keys are', async () => {
    const add = ['v-add-access-key', 'alice', 'mail-accounts', '', 'json', '--quota'] as const;
    expect((await service.run(...add, '5/hour')).code).toBe(2);
    const key = await quotaKey(service, '10000/month');
    expect(await service.ok('v-list-access-key', key.id, 'json')).toContain('"QUOTA": "10000/month"');
  });
});

describeWith('initdb', 'postgres')('three nodes on one database', () => {
  const quota = 1500;
  let server: PostgresServer;

  beforeAll(async () => {
    server = await PostgresServer.start();
  });

  async function startNodes(): Promise<{
    nodes: FaultService[];
    settings: Record<string, string>;
    store: string;
  }> {
    const HEARTHKEY_DATABASE_URL = await server.newDatabase();
    const settings = {
      ...{ HEARTHKEY_DATABASE_URL, HEARTHKEY_PEPPER_FILE: join(temporaryFolder(), 'pepper') },
      HEARTHKEY_COMMANDS_DIR: COMMANDS_DIR,
    };
    const first = await FaultService.start(join(temporaryFolder(), 'data'), settings);
    await first.open();
    await first.ok('v-add-user', 'alice', 'Passw0rd-alice', 'alice@example.com');
    const others = await Promise.all(
      [1, 2].map(() => FaultService.start(join(temporaryFolder(), 'data'), settings)),
    );
    const store = new URL(HEARTHKEY_DATABASE_URL).pathname.slice(1);
    return { nodes: [first, ...others], settings, store };
  }

  /** Asks without a pause until it is told that the quota is used up, or the node is gone. */
  async function useUp(node: Client, key: Key, seen: Seen): Promise<void> {
    for (;;) {
      seen.inFlight++;
      let answer;
      try {
        answer = await ask(node, key);
      } catch {
        seen.unanswered++;
        seen.inFlight--;
        return;
      }
      seen.inFlight--;
      seen.answers.set(answer, (seen.answers.get(answer) ?? 0) + 1);
      if (answer !== 'allowed') return;
    }
  }

  interface Seen {
    answers: Map<string, number>;
    inFlight: number;
    unanswered: number;
  }

  const nobody = (): Seen => ({ answers: new Map(), inFlight: 0, unanswered: 0 });
  const counted = async (store: string, key: Key): Promise<number> => {
    const [row] = await server.query(
      store,
      `select sum(used) as used from quota_counts where key_id = '${key.id}'`,
    );
    return Number(row?.['used']);
  };

  it('let exactly the quota through under concurrent load, and go on from there after a restart', async () => {
    const { nodes, settings, store } = await startNodes();
    const key = await quotaKey(nodes[0]!, `${String(quota)}/month`);
    const seen = nobody();
    await Promise.all(nodes.flatMap((node) => Array.from({ length: 20 }, () => useUp(node, key, seen))));
    expect(Object.fromEntries(seen.answers)).toEqual({ allowed: quota, quota_exceeded: 60 });
    expect(await counted(store, key)).toBe(quota);
    const [first] = nodes;
    await first!.end('SIGTERM');
    const again = await FaultService.start(first!.dataDir, settings);
    expect(await ask(again, key)).toBe('quota_exceeded');
    await again.ok('v-change-access-key', key.id, '--quota', `${String(quota + 1)}/month`);
    expect([await ask(nodes[1]!, key), await ask(again, key)]).toEqual(['allowed', 'quota_exceeded']);
    for (const node of [again, ...nodes]) await node.end('SIGTERM');
  });

  it('lose no more than what a killed node had under way', async () => {
    const { nodes, store } = await startNodes();
    const key = await quotaKey(nodes[0]!, `${String(quota)}/month`);
    const [ofKilled, ofOthers] = [nobody(), nobody()];
    const killed = nodes[2]!;
    const all = nodes.flatMap((node) =>
      Array.from({ length: 20 }, () => useUp(node, key, node === killed ? ofKilled : ofOthers)),
    );
    while ((ofKilled.answers.get('allowed') ?? 0) < 200 && (ofOthers.answers.get('allowed') ?? 0) < 700)
      await new Promise((resolve) => setTimeout(resolve, 5));
    await killed.end('SIGKILL');
    await Promise.all(all);
    const allowed = (ofKilled.answers.get('allowed') ?? 0) + (ofOthers.answers.get('allowed') ?? 0);
    expect(ofKilled.unanswered).toBeGreaterThan(0);
    expect(await counted(store, key)).toBe(quota);
    expect(allowed).toBeLessThanOrEqual(quota);
    expect(quota - allowed).toBeLessThanOrEqual(ofKilled.unanswered);
    expect([...ofOthers.answers.keys()].sort()).toEqual(['allowed', 'quota_exceeded']);
    for (const node of nodes) await node.end('SIGTERM');
  });

  it('deny without the database, and no second later than their lease', async () => {
    const alone = await PostgresServer.start();
    const node = await TestService.startOpen(['alice'], {
      ...{ DATABASE_URL: await alone.newDatabase(), PEPPER_FILE: join(temporaryFolder(), 'pepper') },
      COMMANDS_DIR,
    });
    const key = await quotaKey(node, '9/month');
    const free = await node.makeKey('alice', 'mail-accounts');
    expect([await ask(node, key), await ask(node, free)]).toEqual(['allowed', 'allowed']);
    await alone.stop();
    expect(await ask(node, key)).toBe('store_unavailable');
  });
});
