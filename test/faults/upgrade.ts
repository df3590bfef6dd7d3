/** `npm run faults -- upgrade`: three nodes under load are replaced one by one by the next version, and back. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Key } from '../support/client.js';
import { installation, temporaryFolder } from '../support/folders.js';
import { PostgresServer, queryOnce } from '../support/postgres.js';
import { TestRedis } from '../support/redis.js';
import { Line } from '../support/line.js';
import { decidesNothing, Findings } from './findings.js';
import type { Fault, FaultOptions } from './fault.js';
import type { Machine } from './machine.js';
import { Node } from './nodes.js';
import { checkOldWriter, type MixedNodes } from './old-writer.js';
import { Random } from './random.js';
import { Seconds } from './seconds.js';
import { Traffic, type Asked } from './traffic.js';

/** The release before, and the oldest whose nodes may run beside those of this version. */
const releases = ['0.2.0', '0.1.0'];
const leaseMs = 3000;
const keyCount = 30;
const perSecond = { 'in use': 60, 'first use': 2, wrong: 20 };

export const upgrade: Fault = {
  promise:
    'Nodes are replaced by the next version one by one, and back: no wrong answer, and no failed request but those of the node that is away and of its lease.',
  count: 2,
  countInCi: 1,
  async run(options) {
    const findings = new Findings();
    for (const before of releases) findings.take(await upgradeFrom(before, options), `${before}: `);
    return findings;
  },
};

async function upgradeFrom(before: string, { count, seed, machine, print }: FaultOptions): Promise<Findings> {
  const { buildOfRelease } = (await import(join(installation, 'scripts/lib/release-build.mjs'))) as {
    buildOfRelease: (version: string, print: (line: string) => void) => string;
  };
  const old = buildOfRelease(before, print);
  const database = await PostgresServer.start('fsync=on');
  const url = await database.newDatabase();
  const nodes = await startOldNodes(old, database, url);
  const keys = await makeKeys(nodes[0]!);
  const judge = new UpgradeJudge(machine);
  let oldWriters = 0;
  let state = `all of ${before}`;
  const seconds = new Seconds(print, () => state);
  const traffic = new Traffic({
    ...{ nodes, keys, random: new Random(seed), perSecond, limitMs: 30_000 },
    onAnswer: (asked) => {
      seconds.add(asked.kind, asked.answer.code, asked.answer.tookMs);
      judge.take(asked);
    },
  });
  await sleep(3000);
  for (let round = 0; round < count; round++) {
    for (const build of [installation, old]) {
      for (const [index, node] of nodes.entries()) {
        state = `node ${String(index + 1)} to ${build === old ? before : 'this version'}`;
        await replace(node, build, judge);
        await checkChanges(nodes, judge.findings);
        await checkFloor(nodes, old, judge.findings);
        const query = (text: string) => queryOnce(url, text);
        oldWriters += await checkMixed(nodes, { old, query }, judge.findings);
        await sleep(1000);
      }
    }
  }
  state = 'the end';
  await traffic.stop();
  seconds.stop();
  for (const node of nodes) await node.kill('SIGTERM');
  print(judge.summary());
  print(`${String(oldWriters)} times a key was rotated and deleted through a node of ${before}`);
  return judge.findings;
}

/** On an empty database, so that its tables are those of the version before. */
async function startOldNodes(build: string, database: PostgresServer, url: string): Promise<Node[]> {
  const redis = await TestRedis.start();
  const settings = {
    PEPPER_FILE: join(temporaryFolder(), 'pepper'),
    LEASE: `${String(leaseMs)}ms`,
    REDIS_URL: redis.url,
  };
  const databaseUrl = (port: number): string => url.replace(/:\d+\//, `:${String(port)}/`);
  const nodes: Node[] = [];
  while (nodes.length < 3) {
    const line = await Line.to(database.port);
    nodes.push(await Node.start({ settings, databaseUrl, line, leaveOut: undefined, build }));
  }
  return nodes;
}

async function makeKeys({ client }: Node): Promise<Key[]> {
  await client.ok('v-change-sys-config-value', 'API_SYSTEM', '2');
  await client.ok('v-add-sys-api-ip', '127.0.0.1');
  await client.ok('v-add-api', 'load', 'user', 'v-list-api', 'v-list-api');
  await client.addUser('alice');
  const keys: Key[] = [];
  while (keys.length < keyCount) keys.push(await client.makeKey('alice', 'load'));
  return keys;
}

async function replace(node: Node, build: string, judge: UpgradeJudge): Promise<void> {
  judge.leaves(node);
  await node.kill('SIGTERM');
  node.build = build;
  await node.start();
  judge.isBack(node);
}

/** What one version takes away, the other one denies; what one gives, the other allows. */
async function checkChanges(nodes: readonly Node[], findings: Findings): Promise<void> {
  const [first, , last] = nodes;
  const key = await first!.client.makeKey('alice', 'load');
  const expectAll = async (isAllowed: boolean, when: string): Promise<void> => {
    for (const [index, { client }] of nodes.entries()) {
      const { code } = await client.call(key, 'v-list-api', ['load']);
      findings.judged();
      if ((code === 0) !== isAllowed && !(isAllowed && decidesNothing(code)))
        findings.wrong.push(`${when}, node ${String(index + 1)} answered ${String(code)}`);
    }
  };
  await expectAll(true, 'after a key was made by the first node');
  await last!.client.ok('v-suspend-access-key', key.id);
  await expectAll(false, 'after it was suspended by the last node');
  await first!.client.ok('v-unsuspend-access-key', key.id);
  await expectAll(true, 'after it was unsuspended by the first node');
  await last!.client.ok('v-delete-access-key', key.id);
  await expectAll(false, 'after it was deleted by the last node');
}

/** What an older node would not keep is refused while there is one, and taken once there is none. */
async function checkFloor(nodes: readonly Node[], old: string, findings: Findings): Promise<void> {
  const present = nodes.find(({ build }) => build !== old)?.client;
  if (present === undefined) return;
  const isMixed = nodes.some(({ build }) => build === old);
  const { id } = await present.makeKey('alice', 'load');
  const { code } = await present.run('v-change-access-key', id, '--quota', '9/day');
  findings.judged();
  if (code !== (isMixed ? 14 : 0))
    findings.wrong.push(`a quota ${isMixed ? 'beside an older node' : 'on new nodes'} got ${String(code)}`);
  await present.ok('v-delete-access-key', id);
}

/** @returns how often there was a node of each version */
async function checkMixed(
  nodes: readonly Node[],
  { old, query }: Pick<MixedNodes, 'query'> & { old: string },
  findings: Findings,
): Promise<number> {
  const oldNode = nodes.find(({ build }) => build === old);
  const newNode = nodes.find(({ build }) => build !== old);
  if (oldNode === undefined || newNode === undefined) return 0;
  await checkOldWriter({ old: oldNode.client, present: newNode.client, query }, findings);
  return 1;
}

interface Absence {
  node: Node;
  fromMs: number;
  toMs: number;
}

class UpgradeJudge {
  readonly findings = new Findings();
  private readonly absences: Absence[] = [];
  private readonly counts = { answers: 0, away: 0, lease: 0 };

  constructor(private readonly machine: Machine) {}

  leaves(node: Node): void {
    this.absences.push({ node, fromMs: performance.now(), toMs: Infinity });
  }

  isBack(node: Node): void {
    const absence = this.absences.findLast((one) => one.node === node);
    if (absence !== undefined) absence.toMs = performance.now();
  }

  take(asked: Asked): void {
    const { kind, answer } = asked;
    this.counts.answers++;
    if (kind === 'wrong' && answer.code === 0) this.findings.wrong.push('a wrong secret was allowed');
    if (kind !== 'wrong' && answer.code !== 0) this.judgeFailure(asked);
    this.findings.judged();
  }

  summary(): string {
    const { answers, away, lease } = this.counts;
    return (
      `${String(this.absences.length)} replacements, ${String(answers)} requests: ${String(this.findings.wrong.length)} wrong; ` +
      `not answered: ${String(away)} by a node that was away, ${String(lease)} put off (14, 17) while one was replaced or its lease ran out`
    );
  }

  private judgeFailure({ kind, node, beganMs, answer, second }: Asked): void {
    const endedMs = beganMs + answer.tookMs;
    const isAway = this.absences.some(
      (one) => one.node === node && one.fromMs <= endedMs && one.toMs >= beganMs,
    );
    if (isAway && typeof answer.code === 'string') {
      this.counts.away++;
      return;
    }
    const isInLease = this.absences.some(
      ({ fromMs, toMs }) => fromMs <= endedMs && toMs + leaseMs >= beganMs,
    );
    const what = `a request of a key (${kind}) was answered with ${String(answer.code)} in ${answer.tookMs.toFixed(0)} ms`;
    if (!decidesNothing(answer.code)) this.findings.wrong.push(what);
    else if (second?.code === 0 || isInLease) this.counts.lease++;
    else if (this.machine.mayRefuse(beganMs, endedMs)) this.findings.slow.push(what);
    else this.findings.wrong.push(what);
  }
}
