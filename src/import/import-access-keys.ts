import type { NewAccessKey } from '../keys/access-key.js';
import type { KeyTakeOver } from '../keys/take-over-access-keys.js';
import { accessKeyIdPattern } from '../text/names.js';
import { readForeignKey, type Foreign } from './foreign-key.js';
import { deletedRemark, inBatches, skipped, type ImportRun } from './import-run.js';
import { printableName } from './read-tree.js';
import type { Result } from './report.js';

export const accessKeysFolder = 'data/access-keys';
/** Hestia writes eight lines; a long list of permissions is some hundred characters. */
const limitBytes = 16_384;

/** Access keys: ID, secret, owner, permissions, comment, creation time. */
export async function importAccessKeys(run: ImportRun): Promise<void> {
  await inBatches(run, { kind: 'access keys', folder: accessKeysFolder }, async (names) => {
    const read = new Map<string, Foreign<NewAccessKey> | Result>();
    for (const name of names) read.set(name, await readKey(run, name).catch(skipped));
    const foreign = [...read.values()].filter((key) => 'value' in key);
    const verdicts = await takeOver(
      run,
      foreign.map(({ value }) => value),
    );
    for (const [name, key] of read) {
      const result = 'value' in key ? resultOf(run, key, verdicts.get(name)) : key;
      run.report.add('access keys', `${accessKeysFolder}/${printableName(name)}`, result);
    }
  });
}

async function readKey(run: ImportRun, name: string): Promise<Foreign<NewAccessKey> | Result> {
  if (!accessKeyIdPattern.test(name)) return { fate: 'skipped', why: 'that is no access key ID' };
  const text = await run.tree.read(`${accessKeysFolder}/${name}`, limitBytes);
  return readForeignKey(name, text, { nowMs: run.nowMs, sourceTree: run.tree.realRoot() });
}

async function takeOver(run: ImportRun, keys: readonly NewAccessKey[]): Promise<Map<string, KeyTakeOver>> {
  const { accessKeys } = run.parts;
  const verdicts = run.isDryRun
    ? await accessKeys.judge(keys, { revive: run.revive.accessKeys, newOwners: run.newUsers })
    : await accessKeys.takeOver(keys, run.origin, { revive: run.revive.accessKeys });
  return new Map(keys.map(({ id }, index) => [id, verdicts[index] ?? 'owner_unknown']));
}

function resultOf(
  run: ImportRun,
  { value: key, remarks }: Foreign<NewAccessKey>,
  verdict: KeyTakeOver | undefined,
): Result {
  switch (verdict) {
    case 'taken':
      return { fate: 'imported', remarks: [...remarks, ...permissionRemarks(run, key)] };
    case 'present':
      return { fate: 'unchanged' };
    case 'deleted':
      return { fate: 'unchanged', remarks: [deletedRemark(key.id)] };
    case 'of_another_user':
      return { fate: 'conflict', why: 'a key with that ID is here and belongs to another user' };
    default:
      return { fate: 'skipped', why: `its owner ${key.user} is known neither in the tree nor here` };
  }
}

/** Which of its permissions grant nothing, and why. */
function permissionRemarks({ parts, newRoles, administrators }: ImportRun, key: NewAccessKey): string[] {
  const isRootUser = key.user === parts.rootUser;
  const isAdministrator = administrators.has(key.user);
  if (key.permissions.length === 0) return isRootUser ? [] : ['has no permissions: it grants nothing'];
  return key.permissions.flatMap((name) => {
    const role = newRoles.get(name) ?? parts.roles.find(name)?.role;
    if (role === undefined) return [`API ${name} doesn't exist, or is broken: it grants nothing`];
    const isGranted = isRootUser || role.role === 'user' || (isAdministrator && role.role === 'admin');
    return isGranted ? [] : [`API ${name} is not for users: it grants nothing`];
  });
}
