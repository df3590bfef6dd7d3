import { userNamePattern } from '../text/names.js';
import type { ForeignUser, UserTakeOver } from '../users/take-over-users.js';
import type { Foreign } from './foreign-key.js';
import { readForeignUser } from './foreign-user.js';
import { inBatches, skipped, type ImportRun } from './import-run.js';
import { printableName } from './read-tree.js';
import type { Result } from './report.js';

const folder = 'data/users';
/** Every setting of a user is one line; Hestia's have about a hundred. */
const limitBytes = 65_536;

/** Users: name, contact, package, whether suspended. Their passwords are the system's, and stay there. */
export async function importUsers(run: ImportRun): Promise<void> {
  await inBatches(run, { kind: 'users', folder }, async (names) => {
    const read: (Foreign<ForeignUser> | undefined)[] = [];
    for (const name of names) {
      const user = await readUser(run, name);
      const isRead = 'value' in user;
      if (!isRead) run.report.add('users', `${folder}/${printableName(name)}`, user);
      read.push(isRead ? user : undefined);
    }
    await takeOver(
      run,
      read.filter((user) => user !== undefined),
    );
  });
}

async function readUser(run: ImportRun, name: string): Promise<Foreign<ForeignUser> | Result> {
  if (!userNamePattern.test(name)) return { fate: 'skipped', why: 'that is no name of a user' };
  if ((await run.tree.kindOf(`${folder}/${name}`))?.is !== 'folder') {
    return { fate: 'skipped', why: 'is not a folder' };
  }
  const { rootUser } = run.parts;
  try {
    const text = await run.tree.read(`${folder}/${name}/user.conf`, limitBytes);
    return readForeignUser(name, text, { rootUser, nowMs: run.nowMs });
  } catch (error) {
    const { fate, why = '' } = skipped(error);
    return { fate, why: `its user.conf ${why}` };
  }
}

async function takeOver(run: ImportRun, foreign: readonly Foreign<ForeignUser>[]): Promise<void> {
  const { parts, isDryRun, origin, newUsers, administrators } = run;
  const users = foreign.map(({ value }) => value);
  const verdicts = isDryRun ? await parts.users.judge(users) : await parts.users.takeOver(users, origin);
  for (const [index, { value, remarks }] of foreign.entries()) {
    const verdict = verdicts[index];
    if (verdict === undefined) continue;
    if (verdict.is === 'taken') newUsers.add(value.name);
    if (verdict.is !== 'different' && value.role === 'admin') administrators.add(value.name);
    run.report.add('users', `${folder}/${value.name}`, resultOf(verdict, remarks));
  }
}

function resultOf(verdict: UserTakeOver, remarks: readonly string[]): Result {
  if (verdict.is === 'taken') return { fate: 'imported', remarks };
  if (verdict.is === 'present') return { fate: 'unchanged', remarks };
  return { fate: 'conflict', why: `is here with another ${verdict.in.join(', ')}, and stays as it is` };
}
