/**
 * Injects faults into real services and looks whether a promise holds: `npm run faults -- NAME [options]`. Each harness
 * prints the promise that it tests first, ends by itself, and exits with 1 when something does not hold.
 */
import { parseArgs } from 'node:util';
import { cleanUp } from '../support/clean-up.js';
import { revocation } from './revocation.js';

interface Options {
  /** How much is done; each harness has its own usual amount, and a smaller one in CI. */
  count: number | undefined;
  decisions: number | undefined;
  seed: number;
  without: string | undefined;
}

const isCi = process.env['CI'] === 'true';

const harnesses: Readonly<Record<string, (options: Options) => Promise<boolean>>> = {
  revocation: ({ count, decisions, seed, without }) =>
    revocation({
      changes: count ?? (isCi ? 500 : 20_000),
      decisions: decisions ?? (isCi ? 10_000 : 1_000_000),
      ...{ seed, without },
    }),
};

const usage = `Usage: npm run faults -- NAME [--count N] [--seed S]

  revocation   three nodes under load and faults [--decisions N] [--without settling|lease|last-look]

  npm run faults -- revocation --count 2000 --decisions 50000 --seed 7
`;

async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      count: { type: 'string' },
      decisions: { type: 'string' },
      seed: { type: 'string' },
      without: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  const harness = harnesses[positionals[0] ?? ''];
  if (values.help === true || harness === undefined) {
    console.log(usage);
    return values.help === true ? 0 : 2;
  }
  const number = (text: string | undefined): number | undefined => {
    if (text === undefined) return undefined;
    if (!/^\d+$/.test(text)) throw new Error(`expected a number, got ${text}`);
    return Number(text);
  };
  const options = {
    count: number(values.count),
    decisions: number(values.decisions),
    seed: number(values.seed) ?? Math.floor(Math.random() * 1_000_000),
    without: values.without,
  };
  return (await harness(options)) ? 0 : 1;
}

let code: number;
try {
  code = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  code = 2;
} finally {
  await cleanUp();
}
process.exit(code);
