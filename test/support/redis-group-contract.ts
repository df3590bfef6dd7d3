/** What holds with every kind of group of Redis servers: nodes share it, and a failover makes no answer wrong. */
import { randomBytes } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { RateLimiter } from '../../src/authorization/limits/rate-limiter.js';
import { RedisProofs } from '../../src/authorization/secrets/redis-proofs.js';
import { generateSecretAccessKey } from '../../src/secrets/generated-secret.js';
import { RedisConnection } from '../../src/storage/redis/redis-connection.js';
import type { Key } from './client.js';
import { commandsDirectory } from './folders.js';
import { failOver, isWhole, takenOver, type RedisGroup } from './redis-group.js';
import { connected } from './redis.js';
import { TestService } from './test-service.js';
import { within } from './waiting.js';

/** A machine with much else to do may take its time, unless a test is about that. */
const patient = { answerMs: 5_000, connectMs: 60_000, retryMs: 50, maxRetryMs: 200 };

interface Node {
  redis: RedisConnection;
  proofs: RedisProofs;
  limiter: RateLimiter;
  told: string[];
}

async function startNode(group: RedisGroup, limits: Partial<typeof patient> = {}): Promise<Node> {
  const told: string[] = [];
  const redis = await connected(group, told, { ...patient, ...limits });
  await within(10_000, 'Redis is used', () => redis.isUp);
  told.length = 0;
  return { redis, proofs: new RedisProofs(redis), limiter: new RateLimiter({ redis }), told };
}

const hourly = (count: number) => ({ count, windowSeconds: 3600 });

/** Keys whose proofs lie all over a Cluster. */
async function addProofs({ proofs }: Node, count: number): Promise<Map<string, Buffer>> {
  const kept = new Map<string, Buffer>();
  while (kept.size < count) kept.set(randomBytes(10).toString('hex'), randomBytes(32));
  for (const [id, proof] of kept) await proofs.add(id, 'v', proof);
  return kept;
}

/** Each question and what is counted at both nodes, again and again until it is stopped. */
class Load {
  asked = 0;
  found = 0;
  wrong = 0;
  /** How many requests of each limit were let through. */
  readonly passed: number[] = [];
  private isStopped = false;
  private readonly ending: Promise<void>;

  constructor(
    private readonly nodes: readonly Node[],
    private readonly kept: ReadonlyMap<string, Buffer>,
  ) {
    this.ending = this.run();
  }

  /** Resolves when everything that was asked is answered. */
  async stop(): Promise<void> {
    this.isStopped = true;
    await this.ending;
  }

  private async run(): Promise<void> {
    const ids = [...this.kept.keys()];
    for (let round = 0; !this.isStopped; round++) {
      // So often that a limit is used up four times over.
      const limit = Math.floor(round / perLimit / 2);
      const id = ids[round % ids.length]!;
      await Promise.all(this.nodes.map((node) => this.askAt(node, id, limit)));
      await nextTurn();
    }
  }

  private async askAt({ proofs, limiter }: Node, id: string, limit: number): Promise<void> {
    const found = await proofs.get(id, 'v');
    this.asked++;
    if (found !== undefined) this.found++;
    if (found !== undefined && this.kept.get(id)?.equals(found) !== true) this.wrong++;
    const state = await limiter.take(`load-${String(limit)}`, hourly(perLimit));
    this.passed[limit] = (this.passed[limit] ?? 0) + Number(!state.isExceeded);
  }
}

const perLimit = 50;

export function redisGroupContract(start: () => Promise<RedisGroup>): void {
  describe('a group of Redis servers', () => {
    let group: RedisGroup;
    beforeAll(async () => {
      group = await start();
    });
    beforeEach(async () => {
      for (const server of group.servers) if (!server.isRunning) await server.start();
      await isWhole(group);
    });

    it('is shared by the nodes: what one has proved and counted, the others have too', async () => {
      const nodes = [await startNode(group), await startNode(group)] as const;
      const kept = await addProofs(nodes[0], 50);
      for (const [id, proof] of kept) expect(await nodes[1].proofs.get(id, 'v')).toEqual(proof);
      for (const id of kept.keys()) {
        const remaining = [];
        for (const at of [0, 1, 1, 0] as const)
          remaining.push((await nodes[at].limiter.take(id, hourly(3))).remaining);
        expect(remaining).toEqual([2, 1, 0, 0]);
        expect(await nodes[0].limiter.precheck(id, hourly(3))).toMatchObject({ isExceeded: true });
      }
    });

    it('loses a master under load: no answer is wrong, and proofs and counts are there again after it', async () => {
      const nodes = [await startNode(group), await startNode(group)] as const;
      const kept = await addProofs(nodes[0], 50);
      const [key = ''] = kept.keys();
      for (let round = 0; round < 40; round++)
        await nodes[round % 2 === 0 ? 0 : 1].limiter.take(key, hourly(100));
      await isWhole(group); // the replicas have all of that
      const load = new Load(nodes, kept);
      await within(10_000, 'some limits are used up', () => load.passed.length > 5);
      expect(new Set(load.passed.slice(0, 5))).toEqual(new Set([perLimit]));
      const master = await group.masterOf(`hearthkey:requests:${key}`);
      await master.kill();
      for (const { redis } of nodes) await within(10_000, 'it is missed', () => !redis.isUp);
      await takenOver(group, `hearthkey:requests:${key}`, master);
      for (const { redis } of nodes) await within(30_000, 'it is used again', () => redis.isUp);
      const { found, passed } = load;
      const next = passed.length;
      await within(10_000, 'proofs are found again', () => load.found > found && passed.length > next + 1);
      await load.stop();
      expect(load.wrong).toBe(0);
      // All that both counted alone, and all that they counted together before and after it.
      expect(Math.max(...load.passed)).toBeLessThanOrEqual(4 * perLimit);
      expect(load.passed[next]).toBe(perLimit);
      // The count goes on where it was.
      const states = [];
      for (const { limiter } of nodes) states.push(await limiter.take(key, hourly(100)));
      expect(states.map(({ remaining }) => remaining)).toEqual([59, 58]);
      for (const [id, proof] of kept) expect(await nodes[1].proofs.get(id, 'v')).toEqual(proof);
      for (const { told } of nodes) expectLostAndBack(told);
    });

    it('has a master that is paused: everybody is answered while it is, and by the next one later', async () => {
      const node = await startNode(group, { answerMs: 300, connectMs: 2_000 });
      const kept = await addProofs(await startNode(group), 20);
      const [key = '', proof] = [...kept][0] ?? [];
      await isWhole(group);
      const name = `hearthkey:proof:${key}:v`;
      const master = await group.masterOf(name);
      master.pause();
      try {
        const asked = Array.from({ length: 2000 }, () => node.proofs.get(key, 'v'));
        expect(new Set(await Promise.all(asked))).toEqual(new Set([undefined]));
        expect((await node.limiter.take(key, hourly(9))).remaining).toBe(8);
        await takenOver(group, name, master);
        // The one that takes over may be slow to answer on a slow machine.
        await within(30_000, 'it is used again', async () => {
          return proof?.equals((await node.proofs.get(key, 'v')) ?? Buffer.alloc(0)) === true;
        });
      } finally {
        master.resume();
      }
      // What the old one had kept to itself is no answer.
      await isWhole(group);
      await within(30_000, 'it is used again', async () => (await node.proofs.get(key, 'v')) !== undefined);
      for (const [id, wanted] of kept) expect(await node.proofs.get(id, 'v')).toEqual(wanted);
    });
  });

  describe('a service with a group of Redis servers', () => {
    const commands = commandsDirectory({
      'v-list-mail-domains': { options: 'USER', script: 'echo "mail of $1"' },
    });
    let service: TestService | undefined;
    afterAll(async () => {
      await service?.close();
    });

    it('gives right answers while one is replaced by another, says so once, and shows no password', async () => {
      const group = await start();
      const { sentinelPassword } = group;
      const running = await TestService.startOpen(['alice'], {
        ...{ COMMANDS_DIR: commands, REDIS_URL: group.url, LOG_LEVEL: 'trace' },
        ...(sentinelPassword !== undefined && { REDIS_SENTINEL_PASSWORD: sentinelPassword }),
      });
      service = running;
      const isUp = (): boolean => running.part(RedisConnection).isUp;
      await within(10_000, 'Redis is used', isUp);
      const isAllowed = async (asked: Key): Promise<boolean> => {
        const { body } = await running.call(asked, 'v-list-mail-domains', ['alice']);
        return body.includes('mail of alice');
      };
      const key = await running.makeKey('alice', 'mail-accounts');
      const answers: boolean[] = [];
      const over = new AbortController();
      const asking = (async () => {
        while (!over.signal.aborted) {
          const fresh = await running.makeKey('alice', 'mail-accounts');
          answers.push(await isAllowed(key), await isAllowed(fresh));
          answers.push(!(await isAllowed({ ...fresh, secret: generateSecretAccessKey() })));
        }
      })();
      await failOver(group, `hearthkey:proof:${key.id}:v`);
      await within(30_000, 'it is used again', isUp);
      over.abort();
      await asking;
      expect(new Set(answers)).toEqual(new Set([true]));
      expect(running.log).toContain('Redis is out of reach');
      expect(running.log).toContain('Redis answers again');
      for (const text of group.hidden) expect(running.log).not.toContain(text);
    });
  });
}

function expectLostAndBack(told: readonly string[]): void {
  const kinds = told.map((text) => text.split(':')[0]);
  // A machine that is held up may lose it more than once.
  expect(kinds.length).toBeGreaterThanOrEqual(2);
  expect(kinds).toEqual(kinds.map((_, place) => (place % 2 === 0 ? 'lost' : 'back')));
  expect(kinds.at(-1)).toBe('back');
}
