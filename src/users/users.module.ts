import { Module } from '@nestjs/common';
import type { Config } from '../config/config.js';
import { CONFIG } from '../config/config.module.js';
import { SlowHash } from '../secrets/slow-hash.js';
import { Changes } from '../storage/changes.js';
import type { Database } from '../storage/database.js';
import { DATABASE } from '../storage/storage.module.js';
import { TakeOverUsers } from './take-over-users.js';
import { UserStore } from './user-store.js';
import { Users } from './users.js';

@Module({
  providers: [
    { provide: UserStore, inject: [DATABASE], useFactory: (db: Database) => new UserStore(db) },
    {
      provide: Users,
      inject: [UserStore, Changes, SlowHash, CONFIG],
      useFactory: async (store: UserStore, changes: Changes, slowHash: SlowHash, config: Config) => {
        const users = new Users(store, changes, slowHash, config.rootUser);
        await users.ensureRootUser();
        return users;
      },
    },
    {
      provide: TakeOverUsers,
      inject: [UserStore, Changes, CONFIG],
      useFactory: (store: UserStore, changes: Changes, { rootUser }: Config) =>
        new TakeOverUsers(store, changes, rootUser),
    },
  ],
  exports: [UserStore, Users, TakeOverUsers],
})
export class UsersModule {}
