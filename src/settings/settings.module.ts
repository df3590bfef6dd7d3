import { Module } from '@nestjs/common';
import { AllowListStore } from '../allowlist/allow-list-store.js';
import { AllowlistModule } from '../allowlist/allowlist.module.js';
import { Changes } from '../storage/changes.js';
import type { Database } from '../storage/database.js';
import { DATABASE } from '../storage/storage.module.js';
import { ChangeSettings } from './change-settings.js';
import { SettingStore } from './setting-store.js';

@Module({
  imports: [AllowlistModule],
  providers: [
    { provide: SettingStore, inject: [DATABASE], useFactory: (db: Database) => new SettingStore(db) },
    {
      provide: ChangeSettings,
      inject: [SettingStore, AllowListStore, Changes],
      useFactory: (store: SettingStore, allowList: AllowListStore, changes: Changes) =>
        new ChangeSettings(store, allowList, changes),
    },
  ],
  exports: [SettingStore, ChangeSettings],
})
export class SettingsModule {}
