/**
 * `npm run bench [-- NAME…] [--quick]`: measures, prints a table and writes `bench/results.json`. Every figure is a
 * ratio of two things that were measured side by side in this run, or a time with a wide margin.
 */
import { writeFileSync } from 'node:fs';
import { benchAuditListing } from './audit-listing.js';
import { benchAuditRecord } from './audit-record.js';
import { benchAuthorize, benchAuthorizeOnServers, benchEvaluations } from './authorize.js';
import { benchBetterAuth } from './better-auth.js';
import { benchCli } from './cli.js';
import { benchConsoleKeys } from './console-keys.js';
import { benchConsoleOverview } from './console-overview.js';
import { benchFirstUse } from './first-use.js';
import { benchFlood } from './flood.js';
import { benchGatewayGuard } from './gateway-guard.js';
import { benchHestia, benchShortRequests } from './hestia.js';
import { benchKeyPages } from './key-pages.js';
import { benchListKeys } from './list-keys.js';
import { benchLongList, benchLongListOnServers } from './long-list.js';
import { benchManyKeys } from './many-keys.js';
import { benchMemory } from './memory.js';
import { benchMetrics } from './metrics.js';
import { benchOperators } from './operators.js';
import { formatRows, type Row } from './row.js';
import { benchSettle } from './settle.js';
import { benchTrials } from './trials.js';
import { hasWrk } from './wrk.js';

const benches: Readonly<Record<string, (isQuick: boolean) => Promise<Row[]>>> = {
  authorize: benchAuthorize,
  'authorize-servers': benchAuthorizeOnServers,
  evaluations: benchEvaluations,
  trials: benchTrials,
  'audit-record': benchAuditRecord,
  hestia: benchHestia,
  'short-requests': benchShortRequests,
  'gateway-guard': benchGatewayGuard,
  'better-auth': benchBetterAuth,
  'many-keys': benchManyKeys,
  flood: benchFlood,
  'first-use': benchFirstUse,
  settle: benchSettle,
  operators: benchOperators,
  memory: benchMemory,
  metrics: benchMetrics,
  cli: benchCli,
  'list-keys': benchListKeys,
  'long-list': benchLongList,
  'long-list-servers': benchLongListOnServers,
  'key-pages': benchKeyPages,
  'console-keys': benchConsoleKeys,
  'console-overview': benchConsoleOverview,
  'audit-listing': benchAuditListing,
};

/** Those whose load comes from `wrk`. */
const loadedByWrk: ReadonlySet<string> = new Set([
  ...[
    'authorize',
    'authorize-servers',
    'evaluations',
    'trials',
    'audit-record',
    'hestia',
    'gateway-guard',
    'better-auth',
    'many-keys',
    'memory',
    'metrics',
    'console-overview',
  ],
]);

const usage = `Usage: npm run bench [-- NAME…] [--quick]

Measures side by side and prints ratios; all takes about 35 minutes, with --quick 10. There are:
  ${Object.keys(benches).join(', ')}

Examples: npm run bench
          npm run bench -- authorize hestia --quick`;

async function main(words: readonly string[]): Promise<void> {
  if (words.includes('--help')) {
    process.stdout.write(`${usage}\n`);
    return;
  }
  const strange = words.find((word) => word.startsWith('--') && word !== '--quick');
  if (strange !== undefined) throw new Error(`there is no option ${strange}; there is --quick`);
  const isQuick = words.includes('--quick');
  const wanted = words.filter((word) => !word.startsWith('--'));
  const unknown = wanted.find((name) => benches[name] === undefined);
  if (unknown !== undefined) {
    throw new Error(`there is no bench ${unknown}; there are ${Object.keys(benches).join(', ')}`);
  }
  const chosen = Object.entries(benches).filter(([name]) => wanted.length === 0 || wanted.includes(name));
  if (chosen.some(([name]) => loadedByWrk.has(name)) && !hasWrk()) {
    process.exitCode = 1;
    return;
  }
  const rows: Row[] = [];
  const failed: string[] = [];
  for (const [name, bench] of chosen) {
    process.stderr.write(`bench ${name} …\n`);
    try {
      rows.push(...(await bench(isQuick)));
    } catch (error) {
      // What the others measure is not lost with it.
      failed.push(name);
      process.stderr.write(`bench ${name} could not be run: ${String((error as Error).stack)}\n`);
    }
  }
  process.stdout.write(`${formatRows(rows)}\n`);
  if (failed.length > 0) process.stdout.write(`could not be run: ${failed.join(', ')}\n`);
  writeFileSync(new URL('./results.json', import.meta.url), `${JSON.stringify({ rows }, null, 2)}\n`);
  process.exitCode = failed.length === 0 && rows.every((each) => each.ok) ? 0 : 1;
}

await main(process.argv.slice(2));
// Pipes of programs that have ended may still be open; nothing waits for them.
process.exit();
