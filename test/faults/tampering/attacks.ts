/** The attacks that a record without a key did not notice, each as it was done. */
import {
  appendFileSync,
  existsSync,
  openSync,
  closeSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { AuditKey } from '../../../src/audit/key/audit-key.js';
import { signStatement, statementFile } from '../../../src/audit/put-away/statement.js';
import { within } from '../../support/waiting.js';
import { Load } from '../service.js';
import { bodyOf, forge, headOf, readLines, writeLines } from './lines.js';
import type { Place } from './place.js';

export interface Attack {
  name: string;
  /** @returns what was found; undefined: nothing was */
  run: (place: Place) => Promise<string | undefined>;
}

const origin = { sequence: 0, hash: '0'.repeat(64) };
const otherChain = 'a'.repeat(32);
const madeUp = JSON.stringify({
  ...{ id: 'made-up', time: new Date(0).toISOString(), type: 'result', outcome: 'done' },
  ...{ actor: { kind: 'operator' }, command: 'v-delete-user', args: ['alice'], code: 0 },
});

const current = ({ dataDir }: Place): string => join(dataDir, 'audit/events.jsonl');

/** All lines of both files, in their order. */
function allLines(place: Place): string[] {
  return [...readLines(`${current(place)}.1`), ...readLines(current(place))];
}

export const attacks: readonly Attack[] = [
  ...[true, false].map((isPlain): Attack => ({
    name: `V1 a line taken out and the rest chained anew under a new identity, ${isPlain ? 'without a key' : 'with a key of his own'}`,
    async run(place) {
      const bodies = allLines(place).toSpliced(3, 1).map(bodyOf);
      rmSync(`${current(place)}.1`);
      writeLines(current(place), forge(origin, bodies, otherChain, isPlain));
      takeIdentity(place);
      return place.verifyAfterStart();
    },
  })),
  {
    name: 'V1 the record, the name of its chain and of the node deleted',
    async run(place) {
      rmSync(join(place.dataDir, 'audit'), { recursive: true });
      takeIdentity(place);
      rmSync(join(place.dataDir, 'audit-chain'));
      return place.verifyAfterStart();
    },
  },
  {
    name: 'V1 the same, and all that the database knows of it',
    async run(place) {
      rmSync(join(place.dataDir, 'audit'), { recursive: true });
      takeIdentity(place);
      rmSync(join(place.dataDir, 'audit-chain'));
      for (const table of ['audit_heads', 'audit_nodes', 'audit_checkpoints'])
        await place.store.run(`delete from ${table}`);
      await place.store.run(`delete from meta where name like 'audit_chain%'`);
      return place.verifyAfterStart();
    },
  },
  ...[true, false].map((isPlain): Attack => ({
    name: `V2 lines added that nobody's command left, ${isPlain ? 'without a key' : 'with a key of his own'}`,
    async run(place) {
      const last = headOf(allLines(place).at(-1) ?? '');
      const lines = forge(last, [madeUp, madeUp], otherChain, isPlain);
      appendFileSync(current(place), lines.map((line) => `${line}\n`).join(''));
      return place.verifyAfterStart();
    },
  })),
  {
    name: 'V3 a line without an end behind a rotated file, while the service runs',
    async run(place) {
      const service = await place.start();
      const rotated = `${current(place)}.1`;
      const last = headOf(readLines(rotated).at(-1) ?? '');
      appendFileSync(rotated, forge(last, [madeUp], otherChain, false)[0] ?? '');
      const listed = await service.ok('v-list-audit-events', 'json', '--command', 'v-delete-user');
      return listed.includes('made-up') ? undefined : place.verify();
    },
  },
  {
    name: 'V4 the index zeroed while the service runs hides no event, also after a restart',
    async run(place) {
      const count = async (): Promise<number> => {
        const text = await (
          await place.start()
        ).ok('v-list-audit-events', 'json', '--command', 'v-list-access-key', '--limit', '5000');
        return Object.keys(JSON.parse(text) as object).length;
      };
      const before = await count();
      zeroIndexes(place);
      const found = (await count()) === before ? await place.verify() : undefined;
      if (found === undefined) return undefined;
      await place.stop();
      zeroIndexes(place);
      await place.start();
      return (await count()) >= before ? place.verify() : undefined;
    },
  },
  {
    name: 'V5 lines since the last stored head cut after kill -9',
    async run(place) {
      const service = await place.start();
      const key = await service.makeKey('admin', '');
      const length = statSync(current(place)).size;
      const load = new Load(service, 'v5', key, key);
      await within(60_000, 'some answers', () => load.answered > 50);
      await place.kill();
      await load.stop();
      const lines = readLines(current(place));
      let kept = 0;
      for (let bytes = 0; kept < lines.length && bytes < length; kept++)
        bytes += Buffer.byteLength(lines[kept] ?? '') + 1;
      writeLines(current(place), lines.slice(0, kept));
      return place.verifyAfterStart();
    },
  },
  {
    name: 'V6 a file removed, and a beginning stated behind it with a key of his own, as if it had been put away',
    async run(place) {
      const [first = ''] = readLines(current(place));
      const { chain, previous } = (JSON.parse(first) as { target: { chain: string; previous: string } })
        .target;
      const { sequence: begin } = headOf(first);
      const made = { chain, begin, previous, files: ['events.jsonl.1'], trees: [] };
      const why = {
        at: new Date().toISOString(),
        why: 'HEARTHKEY_AUDIT_KEEP=1d',
        problems: { count: 0, first: [] },
      };
      rmSync(`${current(place)}.1`);
      writeFileSync(statementFile(place.dataDir), signStatement(AuditKey.generate(), { ...made, ...why }));
      return place.verifyAfterStart();
    },
  },
];

function takeIdentity({ dataDir }: Place): void {
  if (existsSync(join(dataDir, 'node-id'))) rmSync(join(dataDir, 'node-id'));
  writeFileSync(join(dataDir, 'audit-chain'), `${otherChain}\n`);
}

function zeroIndexes({ dataDir }: Place): void {
  const folder = join(dataDir, 'audit');
  for (const name of readdirSync(folder).filter((each) => /^index-\d+\.\d+$/.test(each))) {
    const file = join(folder, name);
    const descriptor = openSync(file, 'r+');
    // All but the last entry, which is compared with the record at a start.
    const entry = 1080;
    const { size } = statSync(file);
    // The places in the file stay; what may be where is gone.
    for (let start = 0; start < size - entry; start += entry)
      writeSync(descriptor, Buffer.alloc(1024), 0, 1024, start + 40);
    if (size === entry) writeSync(descriptor, Buffer.alloc(1024), 0, 1024, 40);
    closeSync(descriptor);
  }
}
