/** Attacks, in a process of its own: what they cost delays no client that is measured. */
import { attacks, type Attack } from './attacks.js';

export type AttackTask = Attack & { name: string };

process.on('message', ({ name, ...attack }: AttackTask) => {
  const run = attacks[name];
  if (run === undefined) throw new Error(`there is no attack ${name}`);
  void run(attack).then((result) => process.send?.(result));
});
process.on('disconnect', () => process.exit());
