/** `npm run faults -- flood`: wrong secrets of every kind, far more than right ones; what do the right ones notice? */
import { doors, isThere, startBehind, type DoorName } from './doors.js';
import type { Fault, FaultOptions } from './fault.js';
import { Findings } from './findings.js';
import { judgeFlood, judgeQuiet } from './flood-report.js';
import { FloodRun, kinds, keysFor, type Phase } from './flood-run.js';
import { forgetMost, memoryOf, mib, mostMemoryOf } from './memory.js';

/** Two argon2 runs at a time take 38 MiB; the rest is what the heap grows by until it is collected. */
const mostMemoryBytes = 96 * 1024 * 1024;

export const flood: Fault = {
  promise:
    'Promise 5: a flood of wrong secrets harms nobody else: bounded argon2 runs, memory and disk; right secrets are never refused, 99 of 100 are answered within 1.5 times their own time without it, and /readyz within a second.',
  count: 3,
  countInCi: 1,
  run: runFlood,
};

async function runFlood(options: FaultOptions): Promise<Findings> {
  const { through, without, print } = options;
  if (without !== undefined) print(`without ${without}: something wrong has to be found`);
  // Where a part is left out, one way is enough to find it.
  const usual = process.env['CI'] || without !== undefined ? (['direct'] as const) : doors;
  const findings = new Findings();
  for (const door of through === undefined ? usual : [through]) {
    if (isThere(door)) findings.take(await floodThrough(door, options), `${door}: `);
    else print(`${door}: skipped, its program is not installed`);
  }
  return findings;
}

async function floodThrough(
  name: DoorName,
  { count, seed, without, on = 'embedded', machine, print }: FaultOptions,
): Promise<Findings> {
  const phaseMs = process.env['CI'] ? 2500 : 8000;
  const door = await startBehind(name, { on, keys: keysFor(count, phaseMs), leaveOut: without });
  const run = await FloodRun.prepare(door, { seed, phaseMs, machine });
  print(`${name}, on ${on}: ${String(run.perSecond)} a second`);
  const node = door.cluster.nodes[0]!;
  forgetMost(node);
  const memoryBefore = memoryOf(node);
  const before: Phase[] = [];
  const during = kinds.map((kind) => ({ kind, phases: [] as Phase[] }));
  const after: Phase[] = [];
  const memory: number[] = [];
  // By turns, so that what else the machine does is in all of them.
  for (let round = 0; round < count; round++) {
    before.push(await run.phase());
    for (const { kind, phases } of during) phases.push(await run.phase(kind));
    after.push(await run.phase());
    memory.push(mostMemoryOf(node));
  }
  run.close();
  const findings = new Findings();
  findings.take(judgeQuiet('before', before, undefined, print));
  for (const { kind, phases } of during) findings.take(judgeFlood(kind, phases, before, print));
  findings.take(judgeQuiet('afterwards', after, before, print));
  const grownBytes = Math.max(...memory) - memoryBefore;
  print(`memory ${mib(memoryBefore)}, the most until each round's end ${memory.map(mib).join(', ')}`);
  if (grownBytes > mostMemoryBytes) findings.wrong.push(`it grew by ${mib(grownBytes)}`);
  for (const each of door.cluster.nodes) await each.kill('SIGTERM');
  return findings;
}
