/** `npm run faults -- first-use`: many keys, all used for the first time at once, on every node. */
import { setTimeout as sleep } from 'node:timers/promises';
import { startCluster } from './cluster.js';
import { Connections, type Answer } from './connections.js';
import type { Fault, FaultOptions } from './fault.js';
import { decidesNothing, Findings } from './findings.js';
import { requestFor } from './load.js';
import { mib, mostMemoryOf } from './memory.js';
import { Times } from './statistics.js';

/** For a node that hashes two secrets at once on a busy machine. */
const waitLimitMs = 60_000;
/** Between two tries; twice as long after each, as clients should, up to the longest. */
const pauseMs = 500;
const longestPauseMs = 8000;
const mostTries = 100;
/** What argon2 takes for each run (19 MiB), the requests themselves, and what the heap grows by meanwhile. */
/** The queue of argon2: later requests get the answer that the service is busy. */
const longestQueue = 256;
const mostMemoryBytes = 200 * 1024 * 1024;

export const firstUse: Fault = {
  promise:
    'Promise 5: keys used for the first time at once, on all nodes: at most one argon2 run for each key and node, bounded memory, each right secret allowed.',
  count: 1000,
  countInCi: 120,
  run: runFirstUse,
};

interface Use {
  tries: number;
  last: Answer;
  longestMs: number;
}

async function runFirstUse({
  count,
  without,
  on = 'nodes',
  machine,
  print,
}: FaultOptions): Promise<Findings> {
  if (without !== undefined) print(`without ${without}: something wrong has to be found`);
  const { nodes, keys } = await startCluster({ on, keys: count, leaveOut: without });
  const before = nodes.map(mostMemoryOf);
  const startedMs = performance.now();
  // Each key twice at each node: who asks the same thing at once shares a run.
  const uses = await Promise.all(
    nodes.flatMap((node) => {
      const connections = new Connections(node.port, waitLimitMs);
      return keys.flatMap(({ id, secret }) => {
        const request = requestFor(`${id}:${secret}`);
        return [useUntilHeard(connections, request), useUntilHeard(connections, request)];
      });
    }),
  );
  const tookMs = performance.now() - startedMs;
  const findings = new Findings();
  const problems = findings.wrong;
  for (const [index, node] of nodes.entries()) {
    const { runs, mostAtOnce, mostForOne, mostWaiting } = await node.watched();
    const grownBytes = mostMemoryOf(node) - (before[index] ?? 0);
    print(
      `node ${String(index + 1)}: ${String(runs)} argon2 runs, at most ${String(mostForOne)} for one key and ` +
        `${String(mostAtOnce)} at once, ${String(mostWaiting)} waited; most memory ${mib(mostMemoryOf(node))}, ${mib(grownBytes)} more than before`,
    );
    if (mostForOne > 1)
      problems.push(`node ${String(index + 1)}: ${String(mostForOne)} argon2 runs for one key`);
    if (mostWaiting > longestQueue)
      problems.push(`node ${String(index + 1)}: ${String(mostWaiting)} waited for argon2 at once`);
    if (grownBytes > mostMemoryBytes) problems.push(`node ${String(index + 1)} grew by ${mib(grownBytes)}`);
  }
  const busy = uses.filter(({ tries }) => tries > 1).length;
  const asked = uses.reduce((sum, { tries }) => sum + tries, 0);
  findings.answers = asked;
  const answered = new Times();
  for (const { longestMs } of uses) answered.add(longestMs);
  print(
    `${String(count)} keys, twice at each of ${String(nodes.length)} nodes: all answered after ${tookMs.toFixed(0)} ms; ` +
      `${String(busy)} were answered 14 first (${String(asked - uses.length)} answers), at most ${String(Math.max(...uses.map(({ tries }) => tries)) - 1)} times`,
  );
  print(`waited for one answer: ${answered.line('answers')}`);
  const isSlow = machine.mayRefuse(startedMs, startedMs + tookMs);
  for (const [code, times] of endingsOf(uses))
    (decidesNothing(code) && isSlow ? findings.slow : problems).push(
      `${String(times)} right secrets ended with ${String(code)}`,
    );
  for (const node of nodes) await node.kill('SIGTERM');
  return findings;
}

/** What those ended with that were not allowed, and how many of them. */
function endingsOf(uses: readonly Use[]): Map<Answer['code'], number> {
  const times = new Map<Answer['code'], number>();
  for (const { last } of uses) if (last.code !== 0) times.set(last.code, (times.get(last.code) ?? 0) + 1);
  return times;
}

/** A client that was told that the service is busy asks again. */
async function useUntilHeard(connections: Connections, request: Buffer): Promise<Use> {
  for (let [tries, longestMs] = [1, 0]; ; tries++) {
    const last = await connections.ask(request);
    longestMs = Math.max(longestMs, last.tookMs);
    if (last.code !== 14 || tries >= mostTries) return { tries, last, longestMs };
    await sleep(Math.min(longestPauseMs, pauseMs * 2 ** (tries - 1)) * (0.5 + Math.random()));
  }
}
