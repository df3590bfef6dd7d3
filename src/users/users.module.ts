import { join } from 'node:path';
import { Module } from '@nestjs/common';
import type { Config } from '../config/config.js';
import { CONFIG, LOGGER } from '../config/config.module.js';
import type { Logger } from '../config/logger.js';
import { SlowHash } from '../secrets/slow-hash.js';
import { Changes } from '../storage/changes.js';
import type { Database } from '../storage/database.js';
import { DATABASE } from '../storage/storage.module.js';
import { HestiaUsers } from './hestia-users.js';
import { PanelUsers } from './panel-users.js';
import { TakeOverUsers } from './take-over-users.js';
import { UserStore } from './user-store.js';
import { Users } from './users.js';
import { systemReason } from '../text/system-reason.js';

@Module({
  providers: [
    { provide: UserStore, inject: [DATABASE], useFactory: (db: Database) => new UserStore(db) },
    {
      provide: Users,
      inject: [UserStore, { token: HestiaUsers, optional: true }, Changes, SlowHash, CONFIG],
      useFactory: (
        store: UserStore,
        panel: HestiaUsers | undefined,
        changes: Changes,
        slowHash: SlowHash,
        { rootUser }: Config,
      ) => new Users(store, changes, slowHash, rootUser, panel),
    },
    {
      provide: HestiaUsers,
      inject: [CONFIG, LOGGER],
      useFactory: (config: Config, logger: Logger) => {
        if (config.hestiaRoot === undefined) return undefined;
        const onProblem = (user: string, problem: string): void =>
          logger.warn({ user, problem }, 'a user counts as suspended');
        return openHestiaUsers(join(config.hestiaRoot, 'data/users'), config.rootUser, onProblem);
      },
    },
    {
      provide: PanelUsers,
      inject: [UserStore, Users, Changes, SlowHash, { token: HestiaUsers, optional: true }, CONFIG],
      useFactory: (
        store: UserStore,
        users: Users,
        changes: Changes,
        slowHash: SlowHash,
        live: HestiaUsers | undefined,
        { rootUser }: Config,
      ) => new PanelUsers({ store, users, changes, slowHash, rootUser, live }),
    },
    {
      provide: TakeOverUsers,
      inject: [UserStore, Changes, CONFIG],
      useFactory: (store: UserStore, changes: Changes, { rootUser }: Config) =>
        new TakeOverUsers(store, changes, rootUser),
    },
  ],
  exports: [UserStore, HestiaUsers, Users, PanelUsers, TakeOverUsers],
})
export class UsersModule {}

function openHestiaUsers(
  directory: string,
  rootUser: string,
  onProblem: (user: string, problem: string) => void,
): HestiaUsers {
  const users = new HestiaUsers(directory, onProblem, undefined, rootUser);
  let names: string[];
  try {
    names = users.names();
  } catch (error) {
    throw new Error(`HEARTHKEY_HESTIA_ROOT: ${directory} can't be read: ${systemReason(error)}`, {
      cause: error,
    });
  }
  if (names.includes(rootUser)) return users;
  throw new Error(
    `HEARTHKEY_HESTIA_ROOT: ${directory} has no user ${rootUser} (set HEARTHKEY_ROOT_USER to the panel's)`,
  );
}
