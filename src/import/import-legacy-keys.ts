import type { ForeignLegacyKey, LegacyKeyTakeOver } from '../keys/legacy/take-over-legacy-keys.js';
import { legacyKeyPattern } from '../text/names.js';
import { deletedRemark, inBatches, type ImportRun } from './import-run.js';
import { printableName } from './read-tree.js';
import type { Result } from './report.js';

const folder = 'data/keys';

/** Legacy API keys: each is the name of its file, so no name of this folder is ever shown whole. */
export async function importLegacyKeys(run: ImportRun): Promise<void> {
  await inBatches(run, { kind: 'legacy keys', folder }, async (names) => {
    const foreign: ForeignLegacyKey[] = [];
    for (const name of names) {
      const read = await readKey(run, name);
      if ('key' in read) foreign.push(read);
      else run.report.add('legacy keys', masked(name), read);
    }
    const { legacyKeys } = run.parts;
    const verdicts = run.isDryRun
      ? await legacyKeys.judge(foreign, { reviveAll: run.revive.legacyKeys })
      : await legacyKeys.takeOver(foreign, run.origin, { reviveAll: run.revive.legacyKeys });
    for (const [index, { key }] of foreign.entries()) {
      run.report.add('legacy keys', masked(key), resultOf(verdicts[index]));
    }
  });
}

async function readKey({ tree, nowMs }: ImportRun, name: string): Promise<ForeignLegacyKey | Result> {
  if (!legacyKeyPattern.test(name)) {
    return { fate: 'skipped', why: 'a legacy key is 32 letters, digits, - or _ here' };
  }
  const found = await tree.kindOf(`${folder}/${name}`);
  if (found?.is !== 'file') return { fate: 'skipped', why: 'is not a regular file' };
  return { key: name, createdAtMs: Math.min(Math.max(0, found.modifiedAtMs), nowMs) };
}

function resultOf(verdict: LegacyKeyTakeOver | undefined): Result {
  if (verdict?.is === 'present') return { fate: 'unchanged', remarks: [`${verdict.id} in v-list-api-keys`] };
  if (verdict?.is === 'deleted') return { fate: 'unchanged', remarks: [deletedRemark('legacy-keys')] };
  if (verdict?.is !== 'taken') return { fate: 'imported' }; // a dry run
  return { fate: 'imported', remarks: [`${verdict.id} in v-list-api-keys`] };
}

/** Of a short name not even four characters: it may be a key all the same. */
function masked(name: string): string {
  return `${folder}/${printableName(name.slice(0, Math.min(4, Math.floor(name.length / 4))))}…`;
}
