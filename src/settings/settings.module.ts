import { Module } from '@nestjs/common';
import { AllowlistModule } from '../allowlist/allowlist.module.js';
import { ChangeAllowList } from '../allowlist/change-allow-list.js';
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
      inject: [SettingStore, ChangeAllowList, Changes],
      useFactory: (store: SettingStore, allowList: ChangeAllowList, changes: Changes) =>
        new ChangeSettings(store, allowList, changes),
    },
  ],
  exports: [SettingStore, ChangeSettings],
})
export class SettingsModule {}
