/** `npm run faults -- database`: what callers and operators see while PostgreSQL is away, and afterwards. */
import { setTimeout as sleep } from 'node:timers/promises';
import { within } from '../support/waiting.js';
import type { ServedCluster } from './cluster.js';
import type { Answer } from './connections.js';
import { chosen, type Fault, type FaultOptions } from './fault.js';
import { decidesNothing, Findings } from './findings.js';
import { LoadedCluster } from './loaded-cluster.js';
import type { Machine } from './machine.js';
import { Operators, halfDone } from './operators.js';
import type { Asked } from './traffic.js';

const leaseMs = 3000;
/** How long a node may go on after the last renewal that can have failed to come, and a busy machine's delay. */
const surelyServesMs = leaseMs / 3;
const recoversWithinMs = 20_000;
const perSecond = { 'in use': 90, 'first use': 4, wrong: 30 };

interface Outage {
  name: string;
  begin: (cluster: ServedCluster) => Promise<void> | void;
  end: (cluster: ServedCluster) => Promise<void> | void;
  /** It may be back before any lease has ended. */
  isShort?: boolean;
}

const outages: readonly Outage[] = [
  {
    name: 'the database is stopped',
    begin: ({ database }) => database.stop(),
    end: ({ database }) => database.start(),
  },
  {
    name: 'the database is killed',
    begin: ({ database }) => database.kill(),
    end: ({ database }) => database.start(),
  },
  {
    name: 'the database is paused',
    begin: ({ database }) => database.pause(),
    end: ({ database }) => database.resume(),
  },
  {
    name: 'all nodes are cut off from it',
    begin: ({ nodes }) => nodes.forEach(({ line }) => line.cut()),
    end: ({ nodes }) => nodes.forEach(({ line }) => line.mend()),
  },
  {
    name: 'the database is restarted',
    begin: ({ database }) => database.restart(),
    end: () => undefined,
    isShort: true,
  },
];

export const database: Fault = {
  promise:
    'Promise 4: without the database a node goes on until its lease ends, then denies (17), and recovers by itself; no change is half-done.',
  count: 10,
  countInCi: 3,
  run: runDatabase,
};

async function runDatabase(options: FaultOptions): Promise<Findings> {
  const { count, seed, only, machine, print } = options;
  const mayHappen = chosen(outages, only);
  print(`lease ${String(leaseMs)} ms`);
  const awayMs = leaseMs * 2;
  const lastsMs = (count + 1) * (awayMs + 6000);
  const loaded = await LoadedCluster.start(options, {
    ...{ perSecond, lastsMs, limitMs: 30_000, leaseMs, quietState: 'the database is up' },
  });
  const { cluster, seconds } = loaded;
  const { nodes } = cluster;
  const judge = new OutageJudge(machine);
  loaded.load((asked) => judge.take(asked));
  const operators = new Operators(nodes, (code, tookMs) => seconds.add('commands', code, tookMs));
  await sleep(2000);
  for (let round = 0; round < count; round++) {
    const outage = mayHappen[(round + seed) % mayHappen.length]!;
    loaded.state = outage.name;
    judge.begins(outage.name);
    await outage.begin(cluster);
    judge.isAway();
    if (outage.isShort !== true) await sleep(awayMs);
    judge.ends();
    await outage.end(cluster);
    loaded.quiesce();
    const backMs = performance.now();
    await within(recoversWithinMs, `${outage.name}: all nodes answer again`, async () => {
      const answers = await Promise.all(
        nodes.map(({ port }) => fetch(`http://127.0.0.1:${String(port)}/readyz`)),
      );
      return answers.every(({ ok }) => ok);
    }).catch((error: unknown) => judge.findings.wrong.push((error as Error).message));
    const readyMs = performance.now() - backMs;
    print(`        ready again ${readyMs.toFixed(0)} ms after it was back`);
    if (readyMs > recoversWithinMs * machine.slowness)
      judge.findings.slow.push(`${outage.name}: ready again only after ${readyMs.toFixed(0)} ms`);
    judge.isBack();
    await sleep(leaseMs);
  }
  await operators.stop();
  await loaded.stopLoad();
  const { findings } = judge;
  findings.take(operators.findings);
  findings.wrong.push(...(await halfDone(nodes, operators)));
  for (const node of nodes) await node.kill('SIGTERM');
  print(judge.summary());
  print(operators.summary());
  return findings;
}

interface Period {
  name: string;
  /** It may be away from here on, surely is, may be back, and surely is. */
  beganMs: number;
  awayMs: number;
  endsMs: number;
  backMs: number;
}

class OutageJudge {
  readonly findings = new Findings();
  private readonly periods: Period[] = [];
  private readonly codes = new Map<string, number>();

  constructor(private readonly machine: Machine) {}

  begins(name: string): void {
    const never = Infinity;
    this.periods.push({ name, beganMs: performance.now(), awayMs: never, endsMs: never, backMs: never });
  }

  isAway(): void {
    this.periods.at(-1)!.awayMs = performance.now();
  }

  ends(): void {
    this.periods.at(-1)!.endsMs = performance.now();
  }

  isBack(): void {
    this.periods.at(-1)!.backMs = performance.now();
  }

  take(asked: Asked): void {
    this.judge(asked);
    this.findings.judged();
  }

  private judge({ kind, beganMs, answer, second }: Asked): void {
    const code = String(answer.code);
    this.codes.set(code, (this.codes.get(code) ?? 0) + 1);
    if (kind === 'wrong') {
      if (answer.code !== 9 && answer.code !== 17 && answer.code !== 14) this.tell('a wrong secret', answer);
      return;
    }
    const endedMs = beganMs + answer.tookMs;
    const period = this.periods.find((each) => endedMs >= each.beganMs && beganMs <= each.backMs);
    if (period === undefined) {
      if ((second ?? answer).code !== 0) this.tell(`${kind}, and the database was there`, second ?? answer);
      return;
    }
    if (![0, 14, 17].includes(answer.code as number)) this.tell(`${period.name}: ${kind}`, answer);
    // The lease ran from before a question that was answered before the outage.
    if (answer.code === 0 && beganMs > period.awayMs + leaseMs && endedMs < period.endsMs)
      this.tell(
        `${period.name}: ${kind}, asked ${(beganMs - period.awayMs - leaseMs).toFixed(0)} ms after the last lease can have ended`,
        answer,
      );
    if (kind === 'in use' && answer.code !== 0 && endedMs < period.beganMs + surelyServesMs)
      this.tell(
        `${period.name}: ${kind}, ${(endedMs - period.beganMs).toFixed(0)} ms after it went away`,
        answer,
      );
  }

  summary(): string {
    const codes = [...this.codes].map(([code, count]) => `${code}×${String(count)}`).join(' ');
    return `${String(this.findings.answers)} requests: ${codes}; ${String(this.periods.length)} outages`;
  }

  /** An answer that has just come. */
  private tell(what: string, { code, tookMs }: Answer): void {
    const endedMs = performance.now();
    const isSlow = decidesNothing(code) && this.machine.mayRefuse(endedMs - tookMs, endedMs);
    (isSlow ? this.findings.slow : this.findings.wrong).push(`${what}: answered ${String(code)}`);
  }
}
