/** npm run model: the protocol of docs/adr/0004 in every order of its steps; then each of its guards left out. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { guards, search, wholeProtocol, type Found, type Search } from './search.js';

function print(what: string, { states, depth, isBroken, seconds }: Found): void {
  const verdict = isBroken ? 'counterexample' : 'holds';
  const figures = `${states.toLocaleString('en')} states, depth ${depth.toLocaleString('en')}`;
  console.log(`${verdict.padEnd(15)} ${what} (${figures}, ${seconds.toFixed(1)} s)`);
}

async function searchIn(one: Search): Promise<Found> {
  const folder = mkdtempSync(join(tmpdir(), 'hearthkey-model-'));
  try {
    return await search(one, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

console.log('Promise 2: revoked means revoked (docs/adr/0004), by a search over all orders of its steps');
let isAsWanted = true;
for (const one of wholeProtocol) {
  const found = await searchIn(one);
  print(one.what, found);
  isAsWanted &&= !found.isBroken;
}
for (const one of guards) {
  const found = await searchIn(one);
  print(`without ${one.guard}`, found);
  isAsWanted &&= found.isBroken;
}
process.exitCode = isAsWanted ? 0 : 1;
