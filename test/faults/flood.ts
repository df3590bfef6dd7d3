/** `npm run faults -- flood`: wrong secrets of every kind, far more than right ones; what do the right ones notice? */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  generateAccessKeyId,
  generateLegacyKey,
  generateSecretAccessKey,
} from '../../src/secrets/generated-secret.js';
import { startCluster, type Cluster } from './cluster.js';
import { Connections, type Answer } from './connections.js';
import type { Fault, FaultOptions } from './fault.js';
import { decidesNothing, Findings } from './findings.js';
import { memoryOf, mib } from './first-use.js';
import { requestWith, requestFor } from './load.js';
import type { Machine } from './machine.js';
import type { Node } from './nodes.js';
import { Random } from './random.js';
import type { SeededKey } from './seeded-keys.js';
import { Times } from './statistics.js';
import { mistyped } from './traffic.js';

const waitLimitMs = 30_000;
const validPerSecond = 50;
const firstUsesPerSecond = 3;
/** Wrong passwords have nothing but argon2 to tell them: few are enough to keep it busy. */
const passwordsPerSecond = 60;
/** Of what the machine can take, beside the harness itself. */
const share = 0.35;
const mostPerSecond = 5000;
const mostMemoryBytes = 250 * 1024 * 1024;
const mostDiskBytesPerSecond = 64 * 1024;
export const flood: Fault = {
  promise:
    'Promise 5: a flood of wrong secrets harms nobody else: bounded argon2 runs, memory and disk; right secrets are never refused, and their latency is told.',
  count: 6,
  countInCi: 1,
  run: runFlood,
};

interface Phase {
  inUse: Times;
  firstUse: Times;
  argon2Runs: number;
  firstUses: number;
  diskBytes: number;
  seconds: number;
  besides: number;
  findings: Findings;
}

/** What comes beside the right ones. */
type Beside = 'as many right ones' | 'wrong ones' | 'wrong ones and passwords';

async function runFlood({
  count,
  seed,
  without,
  on = 'embedded',
  machine,
  print,
}: FaultOptions): Promise<Findings> {
  if (without !== undefined) print(`without ${without}: something wrong has to be found`);
  const phaseMs = process.env['CI'] ? 2500 : 8000;
  const keyCount = Math.ceil((3 * count * (phaseMs + 1000) * firstUsesPerSecond) / 1000) + 60;
  const cluster = await startCluster({ on, keys: keyCount, leaveOut: without });
  const node = cluster.nodes[0]!;
  await node.client.ok('v-change-sys-config-value', 'API', 'yes');
  await node.client.ok('v-change-user-password', 'admin', 'correct-horse-1');
  const run = new FloodRun(cluster, node, new Random(seed), machine);
  await run.warmUp();
  const perSecond = Math.min(mostPerSecond, Math.floor((await run.mostPerSecond()) * share));
  print(
    `on ${on}: ${String(perSecond)} a second beside ${String(validPerSecond)} of keys in use and ${String(firstUsesPerSecond)} first uses`,
  );
  const phases = new Map<Beside, Phase[]>();
  const before = memoryOf(node);
  // By turns, so that what else the machine does is in all of them.
  for (let round = 0; round < count; round++) {
    for (const beside of ['as many right ones', 'wrong ones', 'wrong ones and passwords'] as const) {
      const phase = await run.phase(beside, perSecond, phaseMs);
      phases.set(beside, [...(phases.get(beside) ?? []), phase]);
    }
  }
  run.close();
  const findings = report(phases, print);
  const grownBytes = memoryOf(node) - before;
  print(`most memory ${mib(memoryOf(node))}, ${mib(grownBytes)} more than before`);
  if (grownBytes > mostMemoryBytes) findings.wrong.push(`it grew by ${mib(grownBytes)}`);
  for (const each of cluster.nodes) await each.kill('SIGTERM');
  return findings;
}

class FloodRun {
  private readonly connections: Connections;
  private readonly inUse: SeededKey[];
  private readonly unused: SeededKey[];

  constructor(
    cluster: Cluster,
    private readonly node: Node,
    private readonly random: Random,
    private readonly machine: Machine,
  ) {
    this.connections = new Connections(node.port, waitLimitMs);
    this.inUse = cluster.keys.slice(0, 40);
    this.unused = cluster.keys.slice(40);
  }

  close(): void {
    this.connections.close();
  }

  async warmUp(): Promise<void> {
    for (const key of this.inUse) await this.connections.ask(requestOf(key));
  }

  /** Right ones, as fast as they are answered. */
  async mostPerSecond(): Promise<number> {
    const untilMs = performance.now() + 1500;
    let answers = 0;
    const worker = async (): Promise<void> => {
      for (; performance.now() < untilMs; answers++)
        await this.connections.ask(requestOf(this.random.pick(this.inUse)));
    };
    await Promise.all(Array.from({ length: 16 }, worker));
    return answers / 1.5;
  }

  async phase(beside: Beside, perSecond: number, ms: number): Promise<Phase> {
    const phase: Phase = {
      ...{ inUse: new Times(), firstUse: new Times(), seconds: 0 },
      ...{ argon2Runs: 0, firstUses: 0, diskBytes: 0, besides: 0, findings: new Findings() },
    };
    const runsBefore = (await this.node.watched()).runs;
    const diskBefore = recordBytes(this.node);
    const asked: Promise<void>[] = [];
    const rates: [number, () => Promise<void>][] = [
      [validPerSecond, () => this.askRightly(phase, this.random.pick(this.inUse), phase.inUse)],
      [firstUsesPerSecond, () => this.askFirst(phase)],
      [perSecond, () => this.askBeside(phase, beside)],
      [beside === 'wrong ones and passwords' ? passwordsPerSecond : 0, () => this.askPassword(phase)],
    ];
    const beganMs = performance.now();
    const sent = rates.map(() => 0);
    while (performance.now() < beganMs + ms) {
      const seconds = (performance.now() - beganMs) / 1000;
      for (const [index, [rate, ask]] of rates.entries()) {
        // A harness that was held up doesn't make up for more than a tenth of a second.
        sent[index] = Math.max(sent[index] ?? 0, rate * (seconds - 0.1));
        for (; sent[index] < rate * seconds; sent[index]++) asked.push(ask());
      }
      await sleep(2);
    }
    await Promise.all(asked);
    await sleep(1100); // the sums of this second are recorded
    phase.seconds = (performance.now() - beganMs) / 1000;
    phase.argon2Runs = (await this.node.watched()).runs - runsBefore;
    phase.diskBytes = recordBytes(this.node) - diskBefore;
    return phase;
  }

  private async askFirst(phase: Phase): Promise<void> {
    const key = this.unused.pop();
    if (key === undefined) return;
    phase.firstUses++;
    await this.askRightly(phase, key, phase.firstUse);
  }

  private async askRightly(phase: Phase, key: SeededKey, times: Times): Promise<void> {
    const answer = await this.connections.ask(requestOf(key));
    times.add(answer.tookMs);
    this.judge(phase, answer, 0);
  }

  private async askBeside(phase: Phase, beside: Beside): Promise<void> {
    phase.besides++;
    const isRight = beside === 'as many right ones';
    const request = isRight ? requestOf(this.random.pick(this.inUse)) : this.wrongRequest();
    this.judge(phase, await this.connections.ask(request), isRight ? 0 : 9);
  }

  private async askPassword(phase: Phase): Promise<void> {
    const request = requestWith(`user=admin&password=guess-${String(this.random.below(1e9))}`);
    this.judge(phase, await this.connections.ask(request), 9);
  }

  /** A wrong one may also hear that there are too many. */
  private judge(phase: Phase, answer: Answer, expected: 0 | 9): void {
    this.judgeCode(phase, answer, expected);
    phase.findings.judged();
  }

  private judgeCode({ findings }: Phase, { code, tookMs }: Answer, expected: 0 | 9): void {
    if (code === expected || (expected === 9 && (code === 14 || code === 10))) return;
    const endedMs = performance.now();
    const isSlow = decidesNothing(code) && this.machine.mayRefuse(endedMs - tookMs, endedMs);
    (isSlow ? findings.slow : findings.wrong).push(
      `a ${expected === 0 ? 'right' : 'wrong'} secret was answered ${String(code)}`,
    );
  }

  private wrongRequest(): Buffer {
    const { random } = this;
    const used = random.pick(this.inUse);
    const wrong = [
      () => requestFor(`${generateAccessKeyId()}:${used.secret}`),
      () => requestFor(`${used.id}:${mistyped(used.secret)}`),
      () => requestFor(`${used.id}:${generateSecretAccessKey()}`),
      () => requestFor(`${random.pick(this.unused).id}:${generateSecretAccessKey()}`),
      () => requestFor(`${used.id}:short`),
      () => requestWith(`hash=${generateLegacyKey()}`),
    ];
    return random.pick(wrong)();
  }
}

function requestOf({ id, secret }: SeededKey): Buffer {
  return requestFor(`${id}:${secret}`);
}

function recordBytes({ dataDir }: Node): number {
  const folder = join(dataDir, 'audit');
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}

function report(phases: ReadonlyMap<Beside, readonly Phase[]>, print: (line: string) => void): Findings {
  const findings = new Findings();
  for (const phase of [...phases.values()].flat()) findings.take(phase.findings);
  const problems = findings.wrong;
  const usual = new Map<Beside, { half: number; most: number }>();
  for (const [beside, all] of phases) {
    const median = (of: (phase: Phase) => number): number => {
      const sorted = all.map(of).sort((one, other) => one - other);
      return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
    };
    const sum = (of: (phase: Phase) => number): number => all.reduce((total, phase) => total + of(phase), 0);
    const half = median(({ inUse }) => inUse.at(0.5));
    const most = median(({ inUse }) => inUse.at(0.99));
    usual.set(beside, { half, most });
    const [runs, firstUses] = [sum(({ argon2Runs }) => argon2Runs), sum((phase) => phase.firstUses)];
    const bytesPerSecond = sum(({ diskBytes }) => diskBytes) / sum(({ seconds }) => seconds);
    const seconds = sum((phase) => phase.seconds);
    print(
      `beside ${String(sum(({ besides }) => besides))} ${beside}: keys in use half within ${half.toFixed(1)} ms, 99 of 100 within ` +
        `${most.toFixed(1)} ms; first uses half within ${median(({ firstUse }) => firstUse.at(0.5)).toFixed(0)} ms, all within ` +
        `${median(({ firstUse }) => firstUse.at(1)).toFixed(0)} ms; ${String(firstUses)} first uses, ${String(runs)} argon2 runs; ` +
        `${(bytesPerSecond / 1024).toFixed(0)} KiB/s recorded`,
    );
    if (beside === 'wrong ones' && runs > firstUses)
      problems.push(`${String(runs - firstUses)} argon2 runs more than first uses`);
    const recordedAnyway = (seconds > 0 ? validPerSecond + firstUsesPerSecond : 0) * 600;
    if (beside !== 'as many right ones' && bytesPerSecond > mostDiskBytesPerSecond + recordedAnyway)
      problems.push(`${(bytesPerSecond / 1024).toFixed(0)} KiB/s were recorded`);
  }
  const right = usual.get('as many right ones');
  for (const [beside, { half, most }] of usual) {
    if (right === undefined || beside === 'as many right ones') continue;
    const ratio = half / right.half;
    print(
      `${beside}, against as many right ones: half ${ratio.toFixed(2)}, 99 of 100 ${(most / right.most).toFixed(2)}`,
    );
  }
  return findings;
}
