/** npm run fuzz [-- ADAPTER…] [--inputs N] [--seed S] [--first I]: generated and mutated inputs to the adapters. */
import { parseArgs } from 'node:util';
import { adapters } from './adapters.js';
import { searchRestV1 } from './adapters/rest-v1.js';
import { search } from './search.js';

const restV1 = 'rest-v1';
const names = [...adapters.map(({ name }) => name), restV1];
const usage = `Usage: npm run fuzz [-- ADAPTER…] [--inputs N] [--seed S] [--first I]

Sends N inputs to each adapter (10000), and ends with 1 where one caused what no input may: a crash, a 5xx that no
document names, an allow that the documents deny, a text about the inside. rest-v1 gets at most 2000 for each operation,
and takes no --first.
Adapters: ${names.join(', ')}

Examples: npm run fuzz
          npm run fuzz -- hestia authorize --inputs 100000
          npm run fuzz -- fast-path --seed 7 --first 4711 --inputs 1`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    inputs: { type: 'string', default: '10000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    first: { type: 'string', default: '0' },
    help: { type: 'boolean', default: false },
  },
});
const print = (line: string): void => void process.stdout.write(`${line}\n`);
const numbers = [values.inputs, values.seed, values.first];
const unknown = positionals.find((name) => !names.includes(name));
if (values.help) {
  print(usage);
  process.exit();
}
if (positionals.includes(restV1) && values.first !== '0') {
  console.error('rest-v1 takes no --first.');
  process.exit(1);
}
if (unknown !== undefined || !numbers.every((text) => /^\d{1,9}$/.test(text))) {
  console.error(unknown === undefined ? usage : `There is no adapter "${unknown}": ${names.join(', ')}`);
  process.exit(1);
}
const [inputs = 0, seed = 0, first = 0] = numbers.map(Number);
const isWanted = (name: string): boolean => positionals.length === 0 || positionals.includes(name);
print(`seed ${String(seed)}, ${String(inputs)} inputs for each`);
let isClean = true;
for (const adapter of adapters.filter(({ name }) => isWanted(name))) {
  const found = await search(adapter, inputs, seed, first);
  const answers = [...found.answers].sort(([, one], [, other]) => other - one);
  const memory = `${found.memory.early.toFixed(0)} to ${found.memory.late.toFixed(0)} MiB`;
  print(
    `${adapter.name.padEnd(13)} ${String(found.inputs).padStart(8)}  findings ${String(found.findings.length)}, ` +
      `memory ${memory}, ${found.seconds.toFixed(0)} s (${adapter.what})`,
  );
  print(`  ${answers.map(([answer, times]) => `${answer}: ${String(times)}`).join(', ')}`);
  for (const finding of found.findings) print(`  FOUND: ${finding}`);
  isClean &&= found.findings.length === 0;
}
if (isWanted(restV1)) isClean = (await searchRestV1(Math.min(inputs, 2000), seed)) && isClean;
print(isClean ? 'Nothing was found.' : 'Something was found: see above.');
process.exit(isClean ? 0 : 1);
