/** `npm run faults -- revocation`: promise 2, revoked means revoked, on three nodes under load and faults. */
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  Account,
  act,
  changeForEverybody,
  revokeDuringFirstUses,
  revokeWhileCutOff,
  type World,
} from './accounts.js';
import type { Fault, FaultOptions } from './fault.js';
import { Findings } from './findings.js';
import { Load } from './load.js';
import { anyFault, leaseMs, startRun, type ClusterFault, type Start } from './cluster-faults.js';
import type { Node } from './nodes.js';
import { Random } from './random.js';
import { Times } from './statistics.js';
import { Timeline, type Violation } from './timeline.js';

/** So that 20,000 changes come with 1,000,000 decisions. */
const decisionsPerChange = 50;
const users = 24;
/** In a short run they would take longer to set up than all the rest. */
const usersOfShortRun = 10;
const shortRun = 300;
/** From the start of its process, on a quiet machine. */
const readyWithinMs = 3000;
/** A run ends when it has found so many violations. One is enough where one has to be found. */
const enoughViolations = 5;

export const revocation: Fault = {
  promise: 'Promise 2: when a command that takes a right away has returned, no node allows what it forbids.',
  count: 20_000,
  countInCi: 500,
  run: runRevocation,
};

interface Counts {
  changes: number;
  revocations: number;
  answers: number;
  allows: number;
  faults: Map<string, number>;
  /** How many answers it took until one was wrong. */
  firstAfter?: number;
}

async function runRevocation(options: FaultOptions): Promise<Findings> {
  const { count: changes, decisions = changes * decisionsPerChange, seed, without, only, print } = options;
  if (without !== undefined) print(`without ${without}: violations have to be found`);
  const random = new Random(seed);
  const run = await startRun(random, without);
  const timeline = new Timeline();
  const violations: Violation[] = [];
  const counts: Counts = { changes: 0, revocations: 0, answers: 0, allows: 0, faults: new Map() };
  const times = new Map<string, Times>();
  let fault: ClusterFault | undefined;
  let quietSince = performance.now();
  const isOver = (): boolean =>
    violations.length >= (without === undefined ? enoughViolations : 1) ||
    (counts.changes >= changes && counts.answers >= decisions);
  const world: World = {
    ...{ nodes: run.nodes, timeline, random, isOver },
    async quiesce() {
      await sleep(20);
      while (fault !== undefined || performance.now() - quietSince < 300) await sleep(20);
    },
    activeFault(node) {
      if (fault !== undefined) return node === run.target ? undefined : fault.kind;
      return performance.now() - quietSince < 2 * leaseMs ? undefined : 'all nodes alive';
    },
    onChange(tookMs, activeFault, isRevocation) {
      counts.changes++;
      if (!isRevocation) return; // other changes hash as well
      counts.revocations++;
      if (activeFault === undefined || (activeFault === 'all nodes alive' && fault !== undefined)) return;
      const known = times.get(activeFault) ?? new Times();
      known.add(tookMs);
      times.set(activeFault, known);
    },
  };
  await prepare(world);
  const accounts = Array.from(
    { length: changes < shortRun ? usersOfShortRun : users },
    (_, index) => new Account(world, `user${String(index)}`),
  );
  await Promise.all(accounts.map((account) => account.set()));
  [counts.changes, counts.revocations] = [0, 0];
  quietSince = performance.now();
  const load = new Load({
    ports: run.nodes.map(({ port }) => port),
    connectionsPerNode: 5,
    random,
    pickKey: () => random.pick(random.pick(accounts).keys),
    onAnswer(key, code, beganAtMs) {
      counts.answers++;
      if (code !== 0) return;
      counts.allows++;
      const violation = timeline.judgeAnswer(key.id, beganAtMs);
      if (violation === undefined) return;
      violations.push(violation);
      counts.firstAfter ??= counts.answers;
    },
  });
  const progress = setInterval(() => {
    print(`  ${counts.changes} changes, ${counts.answers} decisions, ${violations.length} violations`);
  }, 15_000);
  const faulty = (async () => {
    // The usual time of a change is told from rounds without a fault.
    await sleep(4 * leaseMs);
    while (!isOver()) {
      fault = anyFault(random, only);
      counts.faults.set(fault.name, (counts.faults.get(fault.name) ?? 0) + 1);
      await fault.happen(run);
      fault = undefined;
      run.target = undefined;
      quietSince = performance.now();
      await sleep(500 + random.below(4_000));
    }
  })();
  await revokeDuringFirstUses(world);
  await revokeWhileCutOff(world);
  await Promise.all([...accounts.map((account) => account.live()), changeForEverybody(world), faulty]);
  clearInterval(progress);
  load.stop();
  for (const node of run.nodes) await node.kill('SIGTERM');
  const judged = await judgeRecords(run.nodes, timeline, violations);
  report(print, { counts, times, violations, judged });
  const findings = new Findings(violations.map((violation) => JSON.stringify(violation)));
  findings.slow.push(...slowStarts(run.starts, options));
  return Object.assign(findings, { answers: counts.answers, firstAfter: counts.firstAfter });
}

/** Prints how long nodes took until they were ready again; returns what took too long. */
function slowStarts(starts: readonly Start[], { machine, print }: FaultOptions): string[] {
  if (starts.length === 0) return [];
  const [times, own] = [new Times(), new Times()];
  for (const { tookMs, processorMs } of starts) {
    times.add(tookMs);
    own.add(processorMs);
  }
  print(
    `ready again after a start under load: ${times.line('starts')}; processor time of its own: ${own.at(0.5).toFixed(0)} ms`,
  );
  const isSlow = ({ fromMs, tookMs }: Start): boolean =>
    tookMs > readyWithinMs * machine.slowness + 3 * machine.heldUpMs(fromMs, fromMs + tookMs);
  return starts
    .filter(isSlow)
    .map(({ tookMs }) => `a node was ready only ${tookMs.toFixed(0)} ms after it was started again`);
}

async function prepare(world: World): Promise<void> {
  await act(world, ['v-change-sys-config-value', 'API_SYSTEM', '2']);
  await act(world, ['v-add-sys-api-ip', '127.0.0.1']);
  await act(world, ['v-add-api', 'load', 'user', 'v-list-api', 'v-list-api'], { soAlready: [4] });
  await act(world, ['v-add-api', 'nothing', 'user', 'v-list-apis', 'v-list-apis'], { soAlready: [4] });
}

/** Judges each allow in the nodes' records by its decision time. */
async function judgeRecords(
  nodes: readonly Node[],
  timeline: Timeline,
  violations: Violation[],
): Promise<number> {
  let judged = 0;
  for (const { dataDir } of nodes) {
    const lines = createInterface({ input: createReadStream(join(dataDir, 'audit/events.jsonl')) });
    for await (const line of lines) {
      if (!line.includes('"decision"') || !line.includes('"allow"')) continue;
      const { time, actor } = JSON.parse(line) as { time: string; actor: { accessKeyId?: string } };
      judged++;
      const violation = timeline.judgeDecision(actor.accessKeyId ?? '', Date.parse(time));
      if (violation !== undefined) violations.push(violation);
    }
  }
  return judged;
}

function report(
  print: (line: string) => void,
  {
    counts,
    times,
    violations,
    judged,
  }: {
    counts: Counts;
    times: ReadonlyMap<string, Times>;
    violations: readonly Violation[];
    judged: number;
  },
): void {
  print(`${counts.changes} changes, ${counts.revocations} of them revocations`);
  print(
    `${counts.answers} decisions, ${counts.allows} of them allowed; ${judged} allows judged by their time`,
  );
  for (const [name, count] of counts.faults) print(`  ${count} times: ${name}`);
  for (const [kind, known] of times) print(`settled with ${kind}: ${known.line()}`);
  print(`violations: ${violations.length}`);
}
