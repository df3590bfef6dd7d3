/**
 * `npm run faults -- mutants`: a harness that finds nothing shows something only if it finds what is wrong. Each part
 * that leave-out.mjs can leave out of the service is left out for a moment, and the harness that it concerns has to
 * find that, for the reason that the part is there for.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { installation } from '../support/folders.js';
import { atEnd } from '../support/clean-up.js';
import { ownEnvironment } from '../support/own-environment.js';
import { ExitCode } from './outcome.js';

export interface Mutant {
  /** What each harness has to say that misses this part. */
  finds: Readonly<Record<string, RegExp>>;
  /** One of them, and for how long it runs. */
  run: readonly [harness: string, ...options: string[]];
}

const tooLate = /"found":"(?:request began|decision was taken) after"/;

export const mutants: Readonly<Record<string, Mutant>> = {
  settling: {
    finds: { revocation: tooLate },
    run: ['revocation', '--count', '60', '--decisions', '0', '--only', 'cut off'],
  },
  'last-look': {
    finds: { revocation: /"found":"decision was taken after"/ },
    run: ['revocation', '--count', '1', '--decisions', '0'],
  },
  lease: {
    finds: { revocation: tooLate, database: /after the last lease can have ended/ },
    run: ['database', '--count', '1', '--only', 'is stopped'],
  },
  'session-facts': {
    finds: { sessions: tooLate },
    run: ['sessions', '--count', '60'],
  },
  comparison: {
    finds: { redis: /: wrong, answered 0/ },
    run: ['redis', '--count', '1', '--only', 'random bytes'],
  },
  'time-limit': {
    finds: { redis: /answered only when that was over/ },
    run: ['redis', '--count', '1', '--only', 'is paused'],
  },
  tag: { finds: { flood: /argon2 runs more than first uses/ }, run: ['flood', '--count', '1'] },
  queue: {
    finds: { 'first-use': /waited for argon2 at once/ },
    run: ['first-use', '--count', '400', '--on', 'embedded'],
  },
  sharing: {
    finds: { 'first-use': /argon2 runs for one key/ },
    run: ['first-use', '--count', '30', '--on', 'embedded'],
  },
  'own-permissions': {
    finds: { escalation: /is allowed|which may do more/ },
    run: ['escalation', '--count', '30'],
  },
  makers: {
    finds: { escalation: /is allowed/ },
    run: ['escalation', '--count', '30'],
  },
};

/** Where the machine was too slow to judge, that moment may have been a busy one. */
const mostTries = 2;

/** @returns how many were not found; a machine that was too slow to judge is told, and misses none */
export async function findMutants(print: (line: string) => void): Promise<number> {
  const beganMs = performance.now();
  const times = { found: 0, missed: 0, unjudged: 0 };
  for (const [name, mutant] of Object.entries(mutants)) {
    const startedMs = performance.now();
    let ended = await runWithout(name, mutant);
    for (let tries = 1; ended.code === ExitCode.tooSlow && tries < mostTries; tries++)
      ended = await runWithout(name, mutant);
    const { code, lines } = ended;
    const kind = code === ExitCode.found ? 'found' : code === ExitCode.tooSlow ? 'unjudged' : 'missed';
    times[kind]++;
    const told = kind === 'missed' ? lines.slice(-12).join('\n  ') : (lines.at(-1) ?? '');
    print(`${kind.padEnd(8)}  ${name} (${mutant.run.join(' ')}), ${secondsSince(startedMs)} s: ${told}`);
  }
  const { found, missed, unjudged } = times;
  print(
    `${String(found)} mutants found, ${String(missed)} missed, ${String(unjudged)} could not be judged on this machine ` +
      `(${secondsSince(beganMs)} s)`,
  );
  return missed;
}

function secondsSince(ms: number): string {
  return ((performance.now() - ms) / 1000).toFixed(0);
}

async function runWithout(name: string, { run }: Mutant): Promise<{ code: number | null; lines: string[] }> {
  const [harness, ...options] = run;
  const file = join(installation, 'test/faults/run.ts');
  const args = ['--import', 'tsx', file, harness, '--without', name, ...options];
  const child = spawn(process.execPath, args, {
    env: ownEnvironment({ CI: 'true' }), // brief phases
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // It ends what it has started.
  atEnd(() => void child.kill('SIGTERM'));
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (printed += text));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, lines: printed.trimEnd().split('\n') };
}
