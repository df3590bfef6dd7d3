/** What `npm run faults -- --help` prints. */
import type { Fault } from './fault.js';

const options: readonly (readonly [string, string])[] = [
  ['--count N', 'how many rounds'],
  ['--seed S', 'the same one breaks things at the same moments'],
  ['--on embedded|nodes', 'one node with SQLite, or three on PostgreSQL and Redis'],
  ['--only TEXT', 'only faults with this text in their name'],
  ['--without PART', 'leaves a part of the service out: something wrong has to be found'],
  ['--decisions N', 'of revocation: at least so many decisions'],
  ['--replay', 'of revocation: whether the model of ADR 4 allows what the nodes did'],
  ['--kind single|sentinel|cluster', 'of redis: what it is'],
  ['--through direct|tls|caddy', 'of flood: the way that it takes; all of them unless said otherwise'],
];

const examples: readonly string[] = [
  'npm run faults -- flood --through caddy',
  'npm run faults -- connections --only pipelin',
  'npm run faults -- kill --count 100 --on nodes',
  'npm run faults -- revocation --only "cut off" --without settling',
  'npm run faults -- all',
];

export function usage(faults: Readonly<Record<string, Fault>>): string {
  const named = Object.entries(faults).map(([name, { promise }]) => [name, promise] as const);
  const others = [
    ['all', 'each of them, for a moment'],
    ['mutants', 'parts of the service are left out in turn; the harnesses have to find it'],
  ] as const;
  return [
    'npm run faults -- NAME [OPTION…]: breaks the real service on purpose, and judges what is left.',
    '',
    ...table([...named, ...others]),
    '',
    ...table(options),
    '',
    'It exits with 0 where the promise holds, 1 where it does not, 2 where it could not be run, and, with',
    '--without, 3 where the machine was too slow to judge.',
    '',
    'Examples:',
    ...examples.map((example) => `  ${example}`),
  ].join('\n');
}

function table(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  return rows.map(([name, text]) => `  ${name.padEnd(width)}${text}`);
}
