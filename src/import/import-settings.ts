import { allowAll, normaliseEntry, splitEntries } from '../allowlist/allow-list.js';
import { allowedSettingValues, settingDefaults, type SettingName } from '../settings/settings.js';
import { ImportStopped, type ImportRun } from './import-run.js';
import { printableName } from './read-tree.js';
import type { Report, Result } from './report.js';

const file = 'conf/hestia.conf';
/** Read-only mode comes last: it refuses whatever would come after it. */
const order: readonly SettingName[] = ['API', 'API_SYSTEM', 'DEMO_MODE'];
/** The settings of the tree that are taken over: what it says of others doesn't matter. */
export const settingsThatCount: readonly string[] = ['API_ALLOWED_IP', ...order];
const everybody = [allowAll, '0.0.0.0', '0.0.0.0/0', '::/0'];

/** Who may call, and the switches: after everything else, so that nobody is let in to something half-done. */
export async function importSettings(run: ImportRun, conf: ReadonlyMap<string, string>): Promise<void> {
  await importAllowedAddresses(run, conf.get('API_ALLOWED_IP') ?? '');
  for (const name of order) {
    const value = conf.get(name);
    if (value !== undefined && value !== '') note(run.report, name, await importSwitch(run, name, value));
  }
}

/** A switch that was changed here stays as it is. */
async function importSwitch(run: ImportRun, name: SettingName, value: string): Promise<Result> {
  const allowed = allowedSettingValues(name);
  if (!allowed.includes(value)) return { fate: 'skipped', why: `expected ${allowed.join(' or ')}` };
  const current = (await run.parts.settings.current())[name];
  if (current === value) return { fate: 'unchanged' };
  if (current !== settingDefaults[name]) {
    return { fate: 'conflict', why: `is ${current} here, and stays as it is` };
  }
  if (!run.isDryRun) await run.parts.settings.apply({ [name]: value }, run.origin);
  return { fate: 'imported' };
}

async function importAllowedAddresses(run: ImportRun, text: string): Promise<void> {
  const present = await run.parts.allowList.list();
  const texts = [...new Set(splitEntries(text))];
  const theirs = texts.map(normaliseEntry);
  // Entries that a run which was killed brought in are no operator's choice.
  const isListOurs = present.some((entry) => !theirs.includes(entry));
  for (const entry of texts) {
    if (run.signal.aborted) throw new ImportStopped();
    const result = await importEntry(run, { entry, isAlone: texts.length === 1, present, isListOurs });
    note(run.report, `API_ALLOWED_IP ${printableName(entry)}`, result);
  }
}

async function importEntry(
  run: ImportRun,
  {
    entry,
    isAlone,
    present,
    isListOurs,
  }: { entry: string; isAlone: boolean; present: readonly string[]; isListOurs: boolean },
): Promise<Result> {
  const normal = normaliseEntry(entry);
  if (normal === undefined) return { fate: 'skipped', why: 'is no address' };
  if (normal === allowAll && !isAlone) {
    return { fate: 'skipped', why: 'beside addresses it let nobody in, and here it would let everybody in' };
  }
  if (present.includes(normal)) return { fate: 'unchanged' };
  const isOpen = present.some((one) => everybody.includes(one));
  if (everybody.includes(normal) && isListOurs && !isOpen) {
    return { fate: 'conflict', why: 'lets everybody in, and the list here names who may call; it stays so' };
  }
  if (!run.isDryRun) await run.parts.allowList.add(normal, run.origin, { isTakenOver: true });
  const remarks = entry.includes('/') ? ['a range never matched in Hestia; here it does'] : [];
  return { fate: 'imported', remarks };
}

function note(report: Report, what: string, result: Result): void {
  report.add('settings', `${file} ${what}`, result);
}
