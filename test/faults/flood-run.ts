/** Phases of a flood: each with the same right secrets, and what comes beside them. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Bystander, type Noticed } from './bystander.js';
import { Connections } from './connections.js';
import type { Door } from './doors.js';
import { decidesNothing, Findings } from './findings.js';
import type { Wave, WaveResult } from './flood-sender.js';
import { Helper } from './helper.js';
import { mostRatio } from './judge-bystander.js';
import { requestFor } from './load.js';
import type { Machine } from './machine.js';
import type { Node } from './nodes.js';
import type { SeededKey } from './seeded-keys.js';
import { Times } from './statistics.js';
import type { Targets } from './flood-requests.js';

export interface Kind {
  name: string;
  addresses: number;
  passwordsPerSecond: number;
  isRight?: boolean;
}

/** Wrong passwords have nothing but argon2 to tell them: few are enough to keep it busy. */
export const kinds: readonly Kind[] = [
  { name: 'wrong secrets from one address', addresses: 1, passwordsPerSecond: 0 },
  { name: 'wrong secrets from 200 addresses', addresses: 200, passwordsPerSecond: 0 },
  { name: 'wrong secrets and passwords', addresses: 20, passwordsPerSecond: 60 },
];
const rightOnes: Kind = { name: 'right secrets', addresses: 1, passwordsPerSecond: 0, isRight: true };

export interface Phase {
  noticed: Noticed;
  firstUse: Times;
  argon2Runs: number;
  diskBytes: number;
  wave: WaveResult;
  /** The machine held up everybody for a while. */
  wasHeldUp: boolean;
}

export interface FloodOptions {
  seed: number;
  phaseMs: number;
  machine: Machine;
}

/** Keys in use, and keys that nobody has used and that are guessed at. */
export const [hotKeys, coldKeys] = [40, 20];
const firstUsesPerSecond = 2;
const waitLimitMs = 30_000;
const mostPerSecond = 5000;
const leastPerSecond = 100;
/** Of what the service can take at all. */
const most = 0.7;
const preparingMs = 2500;

/** How many keys such a run needs. */
export function keysFor(rounds: number, phaseMs: number): number {
  const seconds = (rounds * (kinds.length + 2) * (phaseMs + 1500) + 11 * preparingMs) / 1000;
  return hotKeys + coldKeys + Math.ceil(seconds * firstUsesPerSecond);
}

export class FloodRun {
  /** Half of the right ones that the service bears beside a client without making it wait. */
  perSecond = leastPerSecond;
  private readonly sender = new Helper<Wave, WaveResult>('flood-sender.ts');
  private readonly bystander: Bystander;
  private readonly firstUses: Connections;
  private readonly targets: Targets;
  private readonly unused: SeededKey[];
  private readonly node: Node;

  private constructor(
    private readonly door: Door,
    private readonly options: FloodOptions,
  ) {
    const { port, ca, cluster } = door;
    const hot = cluster.keys.slice(0, hotKeys);
    this.node = cluster.nodes[0]!;
    this.unused = cluster.keys.slice(hotKeys);
    this.targets = { hot, cold: this.unused.slice(0, coldKeys).map(({ id }) => id) };
    this.bystander = new Bystander({ port, ca, keys: hot, ...options });
    this.firstUses = new Connections(port, waitLimitMs, { ca });
  }

  static async prepare(door: Door, options: FloodOptions): Promise<FloodRun> {
    const { client } = door.cluster.nodes[0]!;
    await client.ok('v-add-sys-api-ip', '127.0.0.0/8');
    await client.ok('v-change-sys-config-value', 'API', 'yes');
    await client.ok('v-change-user-password', 'admin', 'correct-horse-1');
    const run = new FloodRun(door, options);
    await run.bystander.warmUp();
    await run.findRate();
    return run;
  }

  close(): void {
    this.bystander.close();
    this.firstUses.close();
  }

  /** @param kind - of the flood; none: right secrets alone */
  async phase(kind?: Kind, ms = this.options.phaseMs): Promise<Phase> {
    const { node, options } = this;
    const [runsBefore, diskBefore] = [(await node.watched()).runs, recordBytes(node)];
    const beganMs = performance.now();
    const firstUse = new Times();
    const findings = new Findings();
    let wave: WaveResult = { sent: 0, codes: {} };
    const work = kind === undefined ? sleep(ms) : this.send(kind, ms).then((result) => (wave = result));
    const ask = (): Promise<void> => this.useFirst(firstUse, findings);
    const besides = [{ perSecond: firstUsesPerSecond, ask }];
    const noticed = await this.bystander.during(work, { besides });
    await sleep(1100); // the sums of this second are recorded
    for (const [code, times] of Object.entries(wave.codes)) this.judgeWave(code, times, beganMs, findings);
    noticed.findings.take(findings);
    return {
      ...{ noticed, firstUse, wave },
      argon2Runs: (await node.watched()).runs - runsBefore,
      diskBytes: recordBytes(node) - diskBefore,
      wasHeldUp: options.machine.mayRefuse(beganMs, performance.now()),
    };
  }

  /** A rate that makes clients wait although all have right secrets would tell nothing of wrong ones. */
  private async findRate(): Promise<void> {
    const p99Ms = ({ noticed }: Phase): number => noticed.kept.at(0.99);
    // The first of each kind is slower than those that follow: code that runs often is compiled.
    for (const kind of [...kinds, rightOnes]) await this.phase(kind, preparingMs);
    const quietMs = p99Ms(await this.phase(undefined, preparingMs));
    let tried = Math.min(2 * mostPerSecond, Math.floor((await this.bystander.mostPerSecond()) * most));
    for (; tried / 2 > leastPerSecond; tried = Math.floor(tried / 2)) {
      this.perSecond = tried;
      if (p99Ms(await this.phase(rightOnes, preparingMs)) <= mostRatio * quietMs) break;
    }
    this.perSecond = Math.max(leastPerSecond, Math.floor(tried / 2));
  }

  private send(kind: Kind, ms: number): Promise<WaveResult> {
    const { door, options, targets, perSecond } = this;
    const { addresses, passwordsPerSecond, isRight = false } = kind;
    const how = { addresses, passwordsPerSecond, isRight, perSecond, ms, seed: options.seed };
    return this.sender.do({ port: door.port, ca: door.ca?.toString(), targets, ...how });
  }

  private async useFirst(times: Times, findings: Findings): Promise<void> {
    const key = this.unused.pop();
    if (key === undefined) return;
    const { code, tookMs } = await this.firstUses.ask(requestFor(`${key.id}:${key.secret}`));
    times.add(tookMs);
    findings.judged();
    if (code === 0) return;
    const nowMs = performance.now();
    const isSlow = decidesNothing(code) && this.options.machine.mayRefuse(nowMs - tookMs, nowMs);
    (isSlow ? findings.slow : findings.wrong).push(`a first use was answered ${String(code)}`);
  }

  /** A wrong one may also hear that there are too many. */
  private judgeWave(code: string, times: number, beganMs: number, { wrong, slow }: Findings): void {
    if (['0', '9', '10', '14'].includes(code)) return;
    const isSlow = code === 'no answer' && this.options.machine.mayRefuse(beganMs, performance.now());
    (isSlow ? slow : wrong).push(`${String(times)} of the flood were answered ${code}`);
  }
}

function recordBytes({ dataDir }: Node): number {
  const folder = join(dataDir, 'audit');
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}
