/** `npm run faults -- connections`: what strangers do with connections; does a valid client notice? */
import { setTimeout as sleep } from 'node:timers/promises';
import { lowestFreeDescriptor, setDescriptorLimit } from '../../support/descriptors.js';
import { hasProgram } from '../../support/programs.js';
import { within } from '../../support/waiting.js';
import { Bystander, type Noticed } from '../bystander.js';
import { startCluster } from '../cluster.js';
import { chosen, type Fault, type FaultOptions } from '../fault.js';
import { Findings } from '../findings.js';
import { Helper } from '../helper.js';
import { judgeWait, usual, type Waited } from '../judge-bystander.js';
import { forgetMost, memoryOf, mib, mostMemoryOf } from '../memory.js';
import type { Node } from '../nodes.js';
import type { AttackTask } from './attacker.js';
import { attacks } from './attacks.js';
import type { AttackResult } from './tally.js';

/** Of them the service keeps 256 for its files: so many connections are left. */
const descriptorLimit = 512;
/** What is in memory of bodies at most (64 MiB), and what the heap grows by until it is collected. */
const mostMemoryBytes = 128 * 1024 * 1024;
/** The level after the last round, against that after the first. */
const mostLeftBytes = 32 * 1024 * 1024;
const usedUp = 'used-up descriptors';
const names = [...Object.keys(attacks), usedUp].map((name) => ({ name }));

export const connections: Fault = {
  promise:
    'Promises 5 and 8: strangers with idle and half-open connections, header bombs, pipelining, slow clients, large bodies and used-up descriptors harm nobody else: a valid client gets its answers within 1.5 times its own time, /readyz within a second; bounded memory; back to normal by itself.',
  count: 2,
  countInCi: 1,
  run: runConnections,
};

interface Round {
  during: Noticed;
  before: Noticed;
  after: Noticed;
  wasHeldUp: boolean;
}

async function runConnections(options: FaultOptions): Promise<Findings> {
  const { count, seed, only, machine, print } = options;
  const findings = new Findings();
  if (!hasProgram('prlimit')) {
    print('skipped: prlimit is not installed');
    return findings;
  }
  const { nodes, keys } = await startCluster({
    ...{ on: 'embedded', keys: 40, leaveOut: undefined, descriptorLimit },
    settings: { CONNECTIONS_PER_ADDRESS: '512' },
  });
  const node = nodes[0]!;
  await node.client.ok('v-add-sys-api-ip', '127.0.0.0/9');
  const run = new Assaults(node, new Bystander({ port: node.port, keys, machine, seed }), options);
  await run.warmUp();
  const rounds = new Map<string, Round[]>();
  const levels: number[] = [];
  for (let round = 0; round < count; round++) {
    for (const { name } of chosen(names, only))
      rounds.set(name, [...(rounds.get(name) ?? []), await run.round(name, findings)]);
    levels.push(memoryOf(node));
  }
  for (const [name, all] of rounds) findings.take(judge(name, all, print), `${name}: `);
  print(`memory after each round: ${levels.map(mib).join(', ')}`);
  const left = (levels.at(-1) ?? 0) - (levels[0] ?? 0);
  if (left > mostLeftBytes) findings.wrong.push(`${mib(left)} of memory were left from round to round`);
  for (const line of wordsOf(node)) print(`the service said: ${line}`);
  await node.kill('SIGTERM');
  return findings;
}

class Assaults {
  private readonly attacker = new Helper<AttackTask, AttackResult>('strangers/attacker.ts');
  private readonly ms = process.env['CI'] ? 2000 : 6000;
  private readonly connections = process.env['CI'] ? 2000 : 10_000;

  constructor(
    private readonly node: Node,
    private readonly bystander: Bystander,
    private readonly options: FaultOptions,
  ) {}

  /** Code that runs often is compiled, and each kind of request has been there once. */
  async warmUp(): Promise<void> {
    await this.bystander.warmUp();
    await this.bystander.during(this.attack('pipelined requests', 1000));
  }

  async round(name: string, findings: Findings): Promise<Round> {
    const { node, ms, options } = this;
    const { machine, print } = options;
    const beganMs = performance.now();
    const before = await this.bystander.during(sleep(ms / 2));
    forgetMost(node);
    const memoryBefore = memoryOf(node);
    const attack = name === usedUp ? this.useUpDescriptors() : this.attack(name, ms);
    const during = await this.bystander.during(attack, { mayRefuseNew: name === usedUp });
    const { told, wrong } = await attack;
    const grownBytes = mostMemoryOf(node) - memoryBefore;
    print(
      `${name}: ${told}; ${String(during.findings.answers)} right ones beside it, ` +
        `/readyz within ${during.ready.at(1).toFixed(0)} ms; memory ${mib(memoryBefore)} and at most ${mib(grownBytes)} more`,
    );
    findings.wrong.push(...wrong.map((text) => `${name}: ${text}`));
    if (grownBytes > mostMemoryBytes) findings.wrong.push(`${name}: it grew by ${mib(grownBytes)}`);
    const after = await this.bystander.during(sleep(ms / 2));
    return { before, during, after, wasHeldUp: machine.mayRefuse(beganMs, performance.now()) };
  }

  private attack(name: string, ms: number): Promise<AttackResult> {
    return this.attacker.do({ name, port: this.node.port, ms, connections: this.connections });
  }

  /** In the middle of its work: nothing more can be opened, none of its own files either. */
  private async useUpDescriptors(): Promise<AttackResult> {
    const { node, ms } = this;
    setDescriptorLimit(node.pid, lowestFreeDescriptor(node.pid));
    const { told } = await this.attack('idle connections', ms);
    const asked = node.run('v-list-users', 'json').catch(() => undefined);
    const answer = await Promise.race([asked, sleep(1000)]);
    setDescriptorLimit(node.pid, descriptorLimit);
    await within(5000, 'the command line works again', async () => {
      const again = await node.run('v-list-users', 'json').catch(() => undefined);
      return again?.code === 0;
    });
    const cli = answer === undefined ? 'no answer' : String(answer.code);
    return { told: `${told}; the command line meanwhile: ${cli}`, wrong: [] };
  }
}

/** The messages in its log, each once. */
function wordsOf({ words }: Node): Set<string> {
  return new Set([...words.matchAll(/"msg":"([^"]*)"/g)].map(([, message = '']) => message));
}

function judge(name: string, rounds: readonly Round[], print: (line: string) => void): Findings {
  const findings = new Findings();
  const wasHeldUp = rounds.some((round) => round.wasHeldUp);
  for (const when of ['before', 'during', 'after'] as const)
    for (const round of rounds) findings.take(round[when].findings, `${when}: `);
  const told: string[] = [];
  for (const way of ['kept', 'fresh'] as const) {
    const waited = (when: 'before' | 'during' | 'after'): Waited =>
      usual(rounds.map((round) => ({ p99Ms: round[when][way].at(0.99), byOthers: round[when].byOthers })));
    told.push(`${way} connections ${waited('before').p99Ms.toFixed(1)} ms before`);
    for (const when of ['during', 'after'] as const) {
      // New connections may have been refused: nothing is left to be measured.
      if (rounds.some((round) => round[when][way].count === 0)) continue;
      const judged = judgeWait(`${way} connections ${when}`, waited(when), waited('before'), wasHeldUp);
      told.push(`${judged.ratio.toFixed(2)} times ${when}`);
      findings.take(judged.findings);
    }
  }
  const others = Math.max(...rounds.map(({ during }) => during.byOthers));
  print(
    `${name}: 99 of 100 within: ${told.join(', ')}; others used ${(100 * others).toFixed(0)} % of the processors`,
  );
  return findings;
}
