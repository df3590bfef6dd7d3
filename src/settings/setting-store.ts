import type { Database, Transaction } from '../storage/database.js';
import { isSettingName, settingDefaults, type SettingName } from './settings.js';

export class SettingStore {
  constructor(private readonly db: Database) {}

  async all(db: Database | Transaction = this.db): Promise<Record<SettingName, string>> {
    const values: Record<SettingName, string> = { ...settingDefaults };
    for (const { name, value } of await db.selectFrom('settings').selectAll().execute()) {
      if (isSettingName(name)) values[name] = value;
    }
    return values;
  }

  async set(trx: Transaction, name: SettingName, value: string): Promise<void> {
    await trx
      .insertInto('settings')
      .values({ name, value })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
      .execute();
  }
}
