/** `npm run faults -- switchover`: the database's primary and its standby change places under load, there and back. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { temporaryFolder } from '../support/folders.js';
import { ownSettings } from '../support/own-environment.js';
import { startPair, SwitchoverLoad, switchOver } from '../support/switchover.js';
import { within } from '../support/waiting.js';
import type { Fault, FaultOptions } from './fault.js';
import { decidesNothing, Findings } from './findings.js';
import { Random } from './random.js';
import { FaultService } from './service.js';
import { Times } from './statistics.js';

/** What nodes have unless they are told otherwise. */
const lease = '5s';
/** Patroni promotes within seconds; so long there is no primary at most. */
const longestAwayMs = 8000;
/** From the new primary on, on a quiet machine. */
const decidesWithinMs = 5000;
const recoveryMs = 60_000;

export const switchover: Fault = {
  promise:
    'A primary and its standby change places, there and back: no wrong answer, and nodes decide again by themselves at the new one.',
  count: 10,
  countInCi: 2,
  run: runSwitchover,
};

async function runSwitchover({ count, seed, machine, print }: FaultOptions): Promise<Findings> {
  const random = new Random(seed);
  const findings = new Findings();
  const { first, second, settings } = await startPair(lease, 'fsync=on');
  const start = (DATA_DIR: string): Promise<FaultService> =>
    FaultService.start(DATA_DIR, ownSettings({ ...settings, DATA_DIR }));
  const node = await start(join(temporaryFolder(), 'data'));
  const nodes = [node, await start(join(temporaryFolder(), 'data'))];
  await node.open();
  await node.addUser('alice');
  const allowed = await node.makeKey('alice', 'mail-accounts');
  const revoked = await node.makeKey('alice', 'mail-accounts');
  await node.ok('v-suspend-access-key', revoked.id);
  const load = new SwitchoverLoad(nodes, allowed, revoked, decidesNothing);
  const isServing = async (): Promise<void> => {
    const { decisions, changes } = load;
    await within(recoveryMs, 'both nodes decide and change', () =>
      Promise.resolve(load.decisions > decisions + 10 && load.changes > changes + 2),
    );
  };
  await isServing();
  const spans = new Times();
  print(
    `lease ${lease}; without a fault the longest time without an allowed answer: ${inSeconds(load.takeLongestMs())}`,
  );
  for (let round = 0; round < count; round++) {
    const [from, to] = round % 2 === 0 ? [first, second] : [second, first];
    const awayMs = random.below(longestAwayMs);
    const fromMs = performance.now();
    await switchOver(from, to, () => sleep(awayMs));
    const changedMs = performance.now() - fromMs;
    await isServing();
    const spanMs = load.takeLongestMs();
    spans.add(spanMs);
    print(
      `  round ${String(round + 1)}: ${inSeconds(changedMs)} until both servers were back, ${inSeconds(awayMs)} of it ` +
        `between stop and promotion; no allowed answer for ${inSeconds(spanMs)} at most`,
    );
    const limitMs = changedMs + decidesWithinMs * machine.slowness;
    if (spanMs > limitMs + 3 * machine.heldUpMs(fromMs, performance.now()))
      findings.slow.push(`no allowed answer for ${inSeconds(spanMs)}`);
  }
  await load.end();
  for (const each of nodes) {
    const problem = await each.verify();
    if (problem !== undefined) findings.wrong.push(problem);
    await each.end('SIGTERM');
  }
  findings.wrong.push(...load.wrong);
  print(
    `${String(count)} switchovers, ${String(load.changes)} keys made and deleted: ${String(load.wrong.length)} wrong answers; ` +
      `the longest time without an allowed answer: ${spans.line('switchovers')}`,
  );
  return findings;
}

function inSeconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
