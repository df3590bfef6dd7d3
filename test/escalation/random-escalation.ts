/**
 * Random sequences of commands over every adapter by somebody who begins with one key or session. Whatever comes of
 * them may be allowed nothing that the documents deny to what he began with, and nothing happens for anybody else.
 */
import type { Random } from '../faults/random.js';
import type { Client } from '../support/client.js';
import { Round, type EscalationFindings } from './round.js';
import { Stage } from './stage.js';

/** @param service - a new one, started with `Stage.settings()` */
export async function tryEscalation(
  service: Client,
  rounds: number,
  random: Random,
  onRound: (found: EscalationFindings) => void = () => undefined,
): Promise<EscalationFindings> {
  const stage = await Stage.build(service);
  const found: EscalationFindings = {
    ...{
      problems: [],
      attackers: new Map(),
      attempts: 0,
      done: new Map(),
      obtained: 0,
      asked: 0,
      allowed: 0,
    },
  };
  let changed: ReadonlySet<string> = new Set();
  for (let number = 0; number < rounds; number++) {
    await stage.restore(changed);
    const round = await Round.begin(stage, random, found, number);
    changed = await round.run();
    onRound(found);
  }
  return found;
}
