/** `npm run faults -- escalation`: promise 6 against random sequences of commands, over every adapter. */
import { tryEscalation } from '../escalation/random-escalation.js';
import { Stage } from '../escalation/stage.js';
import type { Fault, FaultOptions } from './fault.js';
import { Findings } from './findings.js';
import { Node } from './nodes.js';
import { Random } from './random.js';

export const escalation: Fault = {
  promise:
    'Promise 6: no sequence of commands, over any adapter, lets a key act for another user, or end up stronger than the key it began with.',
  count: 400,
  countInCi: 20,
  run: runEscalation,
};

async function runEscalation({ count, seed, without, print }: FaultOptions): Promise<Findings> {
  if (without !== undefined) print(`without ${without}: something wrong has to be found`);
  const node = await Node.start({ settings: Stage.settings(), leaveOut: without });
  const findings = new Findings();
  const found = await tryEscalation(node.client, count, new Random(seed), ({ asked, problems }) => {
    if (problems.length > 0) findings.firstAfter ??= asked;
  });
  await node.kill('SIGTERM');
  const { attackers, attempts, done, obtained, asked, allowed, problems } = found;
  for (const [kind, times] of attackers) print(`${String(times).padStart(5)} began with a ${kind}`);
  const ways = [...done].map(([adapter, times]) => `${String(times)} over ${adapter}`).join(', ');
  print(
    `${String(attempts)} commands tried, done ${ways}; ${String(obtained)} secrets, sessions and keys obtained`,
  );
  print(
    `${String(asked)} questions to what was obtained or changed, ${String(allowed)} allowed, ${String(problems.length)} beyond`,
  );
  findings.answers = asked;
  findings.wrong.push(...problems);
  // A harness that gets nothing shows nothing.
  if (obtained === 0) findings.wrong.push('no attacker has obtained anything: nothing was tried');
  return findings;
}
