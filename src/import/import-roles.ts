import { readOnlyApi } from '../apis/read-only-api.js';
import { parseRoleFile } from '../apis/role-file.js';
import { apiNamePattern } from '../text/names.js';
import { inBatches, skipped, type ImportRun } from './import-run.js';
import { printableName } from './read-tree.js';
import type { Result } from './report.js';

const folder = 'data/api';
const limitBytes = 65_536;

/** API role files. One that is here as it was shipped gives way; one that was changed here stays. */
export async function importRoles(run: ImportRun): Promise<void> {
  await inBatches(run, { kind: 'API roles', folder }, async (names) => {
    for (const name of names) {
      const result = await importRole(run, name).catch(skipped);
      run.report.add('API roles', `${folder}/${printableName(name)}`, result);
    }
  });
}

async function importRole(
  { tree, parts, isDryRun, origin, newRoles }: ImportRun,
  name: string,
): Promise<Result> {
  if (!apiNamePattern.test(name)) return { fate: 'skipped', why: 'that is no name of an API' };
  const text = await tree.read(`${folder}/${name}`, limitBytes);
  const role = parseRoleFile(text);
  const remarks =
    role.role === undefined ? ['has no ROLE: it grants nothing to anybody but the root user'] : [];
  if (name === readOnlyApi)
    remarks.push('has the name of an API that is built in: the name grants nothing until it is renamed');
  const verdict = isDryRun
    ? parts.apis.judgeTakeOver(name, text)
    : await parts.apis.takeOver(name, text, origin);
  if (verdict === 'taken') newRoles.set(name, role);
  if (verdict === 'taken') return { fate: 'imported', remarks };
  if (verdict === 'present') return { fate: 'unchanged', remarks };
  return { fate: 'conflict', why: 'the file of that name was changed here, and stays as it is' };
}
