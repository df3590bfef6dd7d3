/** `npm run faults -- sessions`: promise 2 for people, on three nodes under load and faults. */
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { World } from './accounts.js';
import type { Fault, FaultOptions } from './fault.js';
import { Findings } from './findings.js';
import { Load } from './load.js';
import { anyFault, leaseMs, startRun } from './cluster-faults.js';
import type { Node } from './nodes.js';
import { Person, type EndedBy } from './people.js';
import { Random } from './random.js';
import { Timeline, type Violation } from './timeline.js';

const people = 8;
const connectionsPerNode = 3;

export const sessions: Fault = {
  promise:
    'Promise 2: when a command that ends a session has returned, no node accepts it, nor one that was begun on what has ended.',
  count: 3000,
  countInCi: 200,
  run: runSessions,
};

class Counts {
  readonly ended = new Map<EndedBy, number>();
  endedInAll = 0;
  racesIn = 0;
  racesOut = 0;
  answers = 0;
  accepted = 0;
  readonly faults = new Map<string, number>();

  told(): string[] {
    const list = (counts: ReadonlyMap<string, number>): string =>
      [...counts].map(([name, count]) => `${name} ${String(count)}`).join(', ');
    const races = `${String(this.racesIn)} of ${String(this.racesIn + this.racesOut)} logins under way came in before`;
    return [
      `${String(this.endedInAll)} sessions ended: ${list(this.ended)}; ${races}`,
      `${String(this.answers)} requests with a session, ${String(this.accepted)} of them accepted`,
      `faults: ${list(this.faults) || 'none'}`,
    ];
  }
}

async function runSessions({ count, seed, without, only, print }: FaultOptions): Promise<Findings> {
  if (without !== undefined) print(`without ${without}: violations have to be found`);
  const random = new Random(seed);
  const run = await startRun(random, without);
  const timeline = new Timeline();
  const counts = new Counts();
  const violations: Violation[] = [];
  let isFaulty = false;
  let quietSince = performance.now();
  const isOver = (): boolean => violations.length > 0 || counts.endedInAll >= count;
  const world: World = {
    ...{ nodes: run.nodes, timeline, random, isOver },
    async quiesce() {
      await sleep(20);
      while (isFaulty || performance.now() - quietSince < 300) await sleep(20);
    },
    activeFault: () => undefined,
    onChange: () => undefined,
  };
  const all = Array.from({ length: people }, (_, index) => {
    const onEnded = (way: EndedBy, ended: number): void => {
      counts.ended.set(way, (counts.ended.get(way) ?? 0) + ended);
      counts.endedInAll += ended;
    };
    const onRace = (cameIn: boolean): unknown => (cameIn ? counts.racesIn++ : counts.racesOut++);
    return new Person({ world, name: `person${String(index)}`, onEnded, onRace });
  });
  await Promise.all(all.map((person) => person.set()));
  const load = new Load({
    ports: run.nodes.map(({ port }) => port),
    ...{ connectionsPerNode, random },
    pickKey: () => random.pick(all.flatMap((person) => person.all)),
    codeOf: (head) => Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]),
    onAnswer({ id }, status, beganAtMs) {
      counts.answers++;
      if (status !== 200) return;
      counts.accepted++;
      const violation = timeline.judgeAnswer(id, beganAtMs);
      if (violation !== undefined) violations.push(violation);
    },
  });
  const progress = setInterval(() => {
    print(`  ${String(counts.endedInAll)} sessions ended, ${String(counts.answers)} requests`);
  }, 15_000);
  const faulty = async (): Promise<void> => {
    await sleep(4 * leaseMs);
    while (!isOver()) {
      const fault = anyFault(random, only);
      counts.faults.set(fault.name, (counts.faults.get(fault.name) ?? 0) + 1);
      isFaulty = true;
      await fault.happen(run);
      isFaulty = false;
      quietSince = performance.now();
      await sleep(1000 + random.below(6_000));
    }
  };
  await Promise.all([...all.map((person) => person.live()), faulty()]);
  clearInterval(progress);
  load.stop();
  for (const node of run.nodes) await node.kill('SIGTERM');
  const judged = await judgeRecords(run.nodes, timeline, violations);
  for (const line of counts.told()) print(line);
  print(
    `${String(judged)} acceptances judged by their time; stale acceptances: ${String(violations.length)}`,
  );
  const findings = new Findings(violations.map((violation) => JSON.stringify(violation)));
  findings.answers = counts.answers;
  return findings;
}

/** Judges each acceptance in the nodes' records by its decision time. */
async function judgeRecords(
  nodes: readonly Node[],
  timeline: Timeline,
  violations: Violation[],
): Promise<number> {
  let judged = 0;
  for (const { dataDir } of nodes) {
    const lines = createInterface({ input: createReadStream(join(dataDir, 'audit/events.jsonl')) });
    for await (const line of lines) {
      if (!line.includes('"read-session"') || !line.includes('"allow"')) continue;
      const { time, actor } = JSON.parse(line) as { time: string; actor: { sessionId?: string } };
      judged++;
      const violation = timeline.judgeDecision(actor.sessionId ?? '', Date.parse(time));
      if (violation !== undefined) violations.push(violation);
    }
  }
  return judged;
}
