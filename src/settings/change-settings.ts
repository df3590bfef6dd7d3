import { describeChange, type ChangeOrigin } from '../audit/audit-event.js';
import { invalid } from '../errors.js';
import type { ChangeAllowList } from '../allowlist/change-allow-list.js';
import type { AllowList } from '../allowlist/allow-list.js';
import type { Change, Changes } from '../storage/changes.js';
import type { SettingStore } from './setting-store.js';
import { allowedSettingValues, interpretSettings, type SettingName, type Settings } from './settings.js';

export type SettingChanges = Partial<Record<SettingName, string>> & { clearAllowList?: boolean };

/** What decides who is let in, as a change would leave it. */
export interface SwitchesAfter {
  settings: Settings;
  allowList: AllowList;
}

/** What a change found, so that it can be told what it has changed. */
export interface FoundBefore {
  values: Record<SettingName, string>;
  /** Empty also where the list was not to be emptied. */
  clearedEntries: readonly string[];
}

/** Changes switches, all of them in one step. */
export class ChangeSettings {
  constructor(
    private readonly store: SettingStore,
    private readonly allowList: ChangeAllowList,
    private readonly changes: Changes,
  ) {}

  /** The switches as they are. */
  async current(): Promise<Record<SettingName, string>> {
    return this.store.all();
  }

  /** @param check - asked within the change what the switches would be, and may throw */
  async apply(
    wanted: SettingChanges,
    origin: ChangeOrigin,
    check?: (after: SwitchesAfter) => void,
  ): Promise<FoundBefore> {
    const { clearAllowList = false, ...values } = wanted;
    const entries = Object.entries(values) as [SettingName, string][];
    for (const [name, value] of entries) checkValue(name, value);
    return this.changes.run(async (change) => {
      const before = await this.store.all(change.trx);
      for (const [name, value] of entries) await this.store.set(change.trx, name, value);
      const clearedEntries = clearAllowList ? await this.allowList.clearWithin(change) : [];
      check?.(await this.switchesWithin(change));
      change.touch('settings', '');
      change.record(describeChange(origin, clearAllowList ? { ...values, API_ALLOWED_IP: '' } : values));
      return { values: before, clearedEntries };
    });
  }

  /** @param allowList - where it is known already */
  async switchesWithin(change: Change, allowList?: AllowList): Promise<SwitchesAfter> {
    const settings = interpretSettings(await this.store.all(change.trx));
    return { settings, allowList: allowList ?? (await this.allowList.listWithin(change)) };
  }
}

function checkValue(name: SettingName, value: string): void {
  const allowed = allowedSettingValues(name);
  if (!allowed.includes(value)) throw invalid(`${name} can be ${allowed.join(' or ')}, not ${value}`);
}
