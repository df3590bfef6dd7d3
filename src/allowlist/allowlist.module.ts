import { Module } from '@nestjs/common';
import { Changes } from '../storage/changes.js';
import type { Database } from '../storage/database.js';
import { DATABASE } from '../storage/storage.module.js';
import { AllowListStore } from './allow-list-store.js';
import { ChangeAllowList } from './change-allow-list.js';

@Module({
  providers: [
    { provide: AllowListStore, inject: [DATABASE], useFactory: (db: Database) => new AllowListStore(db) },
    {
      provide: ChangeAllowList,
      inject: [AllowListStore, Changes],
      useFactory: (store: AllowListStore, changes: Changes) => new ChangeAllowList(store, changes),
    },
  ],
  exports: [AllowListStore, ChangeAllowList],
})
export class AllowlistModule {}
