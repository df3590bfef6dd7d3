/**
 * Replays recorded cases against the real, built service: its command line as processes, its HTTP socket byte for
 * byte, a fresh data directory for each case. See CONTRIBUTING.md, "Harnesses", and options.ts for the arguments.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CatalogueEntry } from './case-folder.js';
import { type Case, readCorpus } from './corpus.js';
import { type Options, parseOptions, USAGE } from './options.js';
import { cleanUp, cleanUpAtExit, temporaryFolder } from './processes.js';
import {
  describeWrong,
  groupTable,
  mustsLine,
  showProgress,
  skippedReasons,
  summary,
  uncheckedMusts,
} from './report.js';
import type { CaseResult } from './results.js';
import { runCase, type Workshop } from './run-case.js';
import { prepareSeeder } from './seeder.js';

const installation = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const fixtures = join(installation, 'test/fixtures/conformance');

/** @returns the exit code of the harness: 1 where a case is wrong, 2 where nothing could be run */
async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    console.log(USAGE);
    return 0;
  }
  const options = parseOptions(args);
  const started = Date.now();
  const corpus = readCorpus(resolve(process.env.INIT_CWD ?? '.', options.corpus ?? fixtures), fixtures);
  const chosen = corpus.cases.filter((one) => isChosen(one, options));
  if (chosen.length === 0) throw new Error('no such case');
  const parent = temporaryFolder();
  const workshop: Workshop = {
    installation,
    parent,
    stubs: corpus.stubs,
    catalogue: readCatalogue(),
    seeder: await prepareSeeder(installation, parent),
  };
  const results = await inTurn(chosen, options, (one) =>
    runCase(one, corpus.labels[one.adapter].get(one.id), workshop),
  );
  report(results, options, Date.now() - started);
  return results.some((result) => result.verdict === 'wrong') ? 1 : 0;
}

function isChosen(one: Case, { groups, cases }: Options): boolean {
  return (groups.size === 0 || groups.has(one.group)) && (cases.size === 0 || cases.has(one.id));
}

/** Several at a time; the results are in the order of the cases. */
async function inTurn(
  cases: readonly Case[],
  options: Options,
  run: (one: Case) => Promise<CaseResult>,
): Promise<CaseResult[]> {
  const results: CaseResult[] = [];
  let [next, done, wrong] = [0, 0, 0];
  const worker = async () => {
    for (let at = next++; at < cases.length; at = next++) {
      const one = cases[at];
      if (one === undefined) return;
      const result = await run(one);
      results[at] = result;
      if (result.verdict === 'wrong') wrong += 1;
      if (options.verbose)
        console.log(`${result.verdict.padEnd(9)}${result.adapter} ${result.id} (${result.ms} ms)`);
      showProgress(++done, cases.length, wrong);
    }
  };
  await Promise.all(Array.from({ length: options.jobs }, worker));
  return results;
}

function report(results: readonly CaseResult[], options: Options, ms: number): void {
  for (const result of results)
    if (result.verdict === 'wrong') console.log(`${describeWrong(result, options.verbose)}\n`);
  console.log(`${groupTable(results)}\n`);
  if (options.verbose) for (const line of skippedReasons(results)) console.log(`skipped ${line}`);
  for (const sentence of uncheckedMusts(results)) console.log(`unchecked: ${sentence}`);
  if (options.json !== undefined) {
    writeFileSync(
      resolve(process.env.INIT_CWD ?? '.', options.json),
      `${JSON.stringify({ cases: results }, null, 2)}\n`,
    );
  }
  console.log(mustsLine(results));
  console.log(`${results.length} cases in ${Math.round(ms / 1000)} s`);
  console.log(summary(results));
}

function readCatalogue(): ReadonlyMap<string, CatalogueEntry> {
  const text = readFileSync(join(installation, 'src/catalogue/hestia-commands.json'), 'utf8');
  return new Map((JSON.parse(text) as CatalogueEntry[]).map((entry) => [entry.command, entry]));
}

cleanUpAtExit();
try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
} finally {
  cleanUp();
}
