/** The record can't be forged: whatever somebody without the audit key does to it is found. */
import { cpSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../support/folders.js';
import { within } from '../support/waiting.js';
import { randomFrom, type Fault, type FaultOptions, type Form } from './fault.js';
import { Findings } from './findings.js';
import { FaultService, Load } from './service.js';
import { attacks } from './tampering/attacks.js';
import { changes } from './tampering/random-changes.js';
import { TamperedStore } from './tampering/store.js';
import type { Place } from './tampering/place.js';

/** Of kills in a run without tampering, for each tampering. */
const killShare = 0.1;

export const tampering: Fault = {
  promise:
    'Promise 3: a record that was altered, cut, extended, forged or begun anew without the audit key is found, and a kill is no alarm.',
  count: 1000,
  countInCi: 12,
  async run(options) {
    const findings = new Findings();
    for (const on of options.on === undefined ? (['embedded', 'nodes'] as const) : [options.on])
      findings.take(await runOn(on, options), `${on}: `);
    return findings;
  },
};

async function runOn(on: Form, options: FaultOptions): Promise<Findings> {
  const findings = new Findings();
  const { print, count, seed, only = '' } = options;
  const random = randomFrom(seed);
  const original = await Original.make(on);
  for (const { name, run } of attacks.filter(({ name: each }) => each.includes(only))) {
    const place = await original.copy();
    const told = await run(place);
    print(`${on}: ${name}: ${told === undefined ? 'NOT FOUND' : `found (${told})`}`);
    if (told === undefined) findings.wrong.push(`${name} is not found`);
    await place.end();
  }
  const before = await original.copy();
  if ((await before.verifyAfterStart()) !== undefined)
    findings.wrong.push('a record that nobody touched is found');
  await before.end();
  let [tried, found] = [0, 0];
  while (tried < count) {
    const change = changes[Math.floor(random() * changes.length)]!;
    const place = await original.copy();
    const isRunning = random() < 0.3;
    const what = await place.tamper(change, random, isRunning);
    if (what === undefined) {
      // There was nothing to change, such as a file that is not there yet.
      await place.end();
      continue;
    }
    tried++;
    const told = isRunning ? await place.verify() : await place.verifyAfterStart();
    if (told === undefined) findings.wrong.push(`${what}${isRunning ? ' while it ran' : ''} is not found`);
    else found++;
    await place.end();
  }
  print(`${on}: ${String(tried)} random changes, ${String(found)} of them found`);
  await killWithoutTampering(original, Math.ceil(count * killShare), random, findings);
  print(`${on}: ${String(Math.ceil(count * killShare))} kills under load, no false alarm unless told`);
  await original.end();
  return findings;
}

async function killWithoutTampering(
  original: Original,
  kills: number,
  random: () => number,
  findings: Findings,
): Promise<void> {
  const place = await original.copy();
  for (let round = 0; round < kills; round++) {
    const service = await place.start();
    const key = await service.makeKey('admin', '');
    const load = new Load(service, `k${String(round)}`, key, key);
    const { answered } = load;
    await within(60_000, 'some answers', () => load.answered > answered + 20 + random() * 200);
    await place.kill();
    await load.stop();
    const told = await place.verifyAfterStart();
    if (told !== undefined) findings.wrong.push(`a kill is an alarm: ${told}`);
    await place.stop();
  }
  await place.end();
}

/** A record with all that there is in one: a rotated file, an index, tiles, heads in the database. */
class Original {
  private constructor(
    private readonly dataDir: string,
    private readonly store: TamperedStore,
  ) {}

  static async make(on: Form): Promise<Original> {
    const dataDir = join(temporaryFolder(), 'data');
    mkdirSync(dataDir, { mode: 0o700 });
    const store = await TamperedStore.make(on);
    const service = await FaultService.start(dataDir, store.settings(dataDir));
    await service.open();
    const key = await service.makeKey('admin', '');
    const file = join(dataDir, 'audit/events.jsonl');
    for (const part of ['a', 'b']) {
      const load = new Load(service, part, key, key);
      await within(120_000, 'enough events', () => load.answered > 400);
      await load.stop();
      if (part === 'a') {
        renameSync(file, `${file}.1`);
        await within(20_000, 'a new file', () => existsSync(file));
      }
    }
    await service.ok('v-list-audit-events', '--limit', '1');
    await service.end('SIGTERM');
    return new Original(dataDir, store);
  }

  async copy(): Promise<Place> {
    const folder = temporaryFolder();
    const dataDir = join(folder, 'data');
    cpSync(this.dataDir, dataDir, { recursive: true, preserveTimestamps: true });
    cpSync(`${this.dataDir}-audit`, `${dataDir}-audit`, { recursive: true });
    rmSync(join(dataDir, 'run'), { recursive: true, force: true });
    const { Place: Copied } = await import('./tampering/place.js');
    return new Copied(folder, dataDir, await this.store.copy(dataDir));
  }

  end(): Promise<void> {
    return this.store.end();
  }
}
