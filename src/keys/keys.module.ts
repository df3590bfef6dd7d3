import { realpathSync } from 'node:fs';
import { Module } from '@nestjs/common';
import { ApisModule } from '../apis/apis.module.js';
import { Catalogue } from '../catalogue/catalogue.js';
import { CatalogueModule } from '../catalogue/catalogue.module.js';
import { RoleDirectory } from '../apis/role-directory.js';
import type { Config } from '../config/config.js';
import { CONFIG, LOGGER } from '../config/config.module.js';
import type { Logger } from '../config/logger.js';
import { Pepper } from '../secrets/pepper.js';
import { SlowHash } from '../secrets/slow-hash.js';
import { Sessions } from '../sessions/sessions.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { Changes } from '../storage/changes.js';
import type { Database } from '../storage/database.js';
import { DATABASE } from '../storage/storage.module.js';
import { Users } from '../users/users.js';
import { HestiaUsers } from '../users/hestia-users.js';
import { UsersModule } from '../users/users.module.js';
import { AccessKeyStore } from './access-key-store.js';
import { AccessKeys } from './access-keys.js';
import { AccessKeyList } from './listing/access-key-list.js';
import { AccessKeyPageStore } from './listing/access-key-page-store.js';
import { deleteKeysOf, suspendKeysOf } from './end-keys.js';
import { KeyUseStore } from './usage/key-use-store.js';
import { KeyUses } from './usage/key-uses.js';
import { CanaryUses } from './canaries/canary-uses.js';
import { KeyExpirySweeper } from './sweeps/key-expiry-sweeper.js';
import { QuotaCountStore } from './quotas/quota-count-store.js';
import { QuotaCountSweeper } from './quotas/quota-count-sweeper.js';
import { LegacyKeyStore } from './legacy/legacy-key-store.js';
import { LegacyKeys } from './legacy/legacy-keys.js';
import { FindAmongAll } from './leaks/find-among-all.js';
import { RevokeLeaked } from './leaks/revoke-leaked.js';
import { SecretComparison } from './leaks/secret-comparison.js';
import { SecretFinder } from './leaks/secret-finder.js';
import { SecretTagStore } from './leaks/secret-tag-store.js';
import { OrphanedKeySweeper, userIsGone } from './sweeps/orphaned-key-sweeper.js';
import { TreeKeyStore } from './tree/tree-key-store.js';
import { TreeKeys } from './tree/tree-keys.js';
import { fileIsGone, RemovedKeySweeper } from './tree/removed-key-sweeper.js';
import { WeakKeyStore } from './legacy/weak-key-store.js';
import { TakeOverLegacyKeys } from './legacy/take-over-legacy-keys.js';
import { TakeOverAccessKeys } from './take-over-access-keys.js';

/** For wrong legacy keys, apart from that of access keys, and narrow: some seconds' worth. */
const guessLimits = { concurrency: 1, queueLength: 64 };

@Module({
  imports: [UsersModule, ApisModule, SessionsModule, CatalogueModule],
  providers: [
    { provide: AccessKeyStore, inject: [DATABASE], useFactory: (db: Database) => new AccessKeyStore(db) },
    {
      provide: AccessKeyList,
      inject: [DATABASE, AccessKeyStore, KeyUseStore],
      useFactory: (db: Database, store: AccessKeyStore, uses: KeyUseStore) =>
        new AccessKeyList(new AccessKeyPageStore(db), store, uses),
    },
    { provide: WeakKeyStore, inject: [DATABASE], useFactory: (db: Database) => new WeakKeyStore(db) },
    { provide: KeyUseStore, inject: [DATABASE], useFactory: (db: Database) => new KeyUseStore(db) },
    {
      provide: KeyUses,
      inject: [KeyUseStore, LOGGER],
      useFactory: (store: KeyUseStore, logger: Logger) =>
        new KeyUses(store, (error) => logger.error(error, 'the last use of keys could not be written')),
    },
    {
      provide: CanaryUses,
      inject: [DATABASE, AccessKeyStore, LOGGER],
      useFactory: (db: Database, keys: AccessKeyStore, logger: Logger) =>
        new CanaryUses(new KeyUseStore(db, 'canary_uses'), keys, (error) =>
          logger.error(error, 'the use of canaries could not be written'),
        ),
    },
    {
      provide: KeyExpirySweeper,
      inject: [DATABASE, AccessKeyStore, Changes, LOGGER],
      useFactory: (db: Database, store: AccessKeyStore, changes: Changes, logger: Logger) => {
        const onError = (error: unknown): void =>
          logger.error(error, 'the ends of keys could not be looked for');
        return new KeyExpirySweeper({ db, store, changes, onError });
      },
    },
    { provide: QuotaCountStore, inject: [DATABASE], useFactory: (db: Database) => new QuotaCountStore(db) },
    {
      provide: QuotaCountSweeper,
      inject: [QuotaCountStore, LOGGER],
      useFactory: (store: QuotaCountStore, logger: Logger) =>
        new QuotaCountSweeper(store, (error) =>
          logger.error(error, 'old counts of quotas could not be removed'),
        ),
    },
    { provide: LegacyKeyStore, inject: [DATABASE], useFactory: (db: Database) => new LegacyKeyStore(db) },
    {
      provide: AccessKeys,
      inject: [
        ...[AccessKeyStore, KeyUseStore, Users, RoleDirectory, Changes, SlowHash, Pepper, CONFIG],
        ...[Sessions, Catalogue],
      ],
      useFactory: (
        store: AccessKeyStore,
        uses: KeyUseStore,
        users: Users,
        roles: RoleDirectory,
        changes: Changes,
        slowHash: SlowHash,
        pepper: Pepper,
        { rootUser, keyPolicy: policy, secretPrefix }: Config,
        sessions: Sessions,
        catalogue: Catalogue,
      ) => {
        users.ownThings({
          delete: (change, name) => deleteKeysOf(store, change, name),
          suspend: (change, name) => suspendKeysOf(store, change, name, userIsGone),
        });
        const parts = { store, uses, users, roles, changes, slowHash, pepper, rootUser, policy, catalogue };
        return new AccessKeys({
          ...parts,
          secretPrefix,
          sessionGoesOn: (id, trx) => sessions.goesOn(id, trx),
        });
      },
    },
    {
      provide: LegacyKeys,
      inject: [LegacyKeyStore, Changes, SlowHash, Pepper],
      useFactory: (store: LegacyKeyStore, changes: Changes, slowHash: SlowHash, pepper: Pepper) =>
        new LegacyKeys(store, changes, slowHash, pepper, new SlowHash(guessLimits)),
    },
    {
      provide: RevokeLeaked,
      inject: [
        ...[DATABASE, AccessKeyStore, LegacyKeys, LegacyKeyStore],
        ...[Users, Pepper, SlowHash, Changes, Sessions, CONFIG],
      ],
      useFactory: (
        db: Database,
        store: AccessKeyStore,
        legacyKeys: LegacyKeys,
        legacyStore: LegacyKeyStore,
        users: Users,
        pepper: Pepper,
        slowHash: SlowHash,
        changes: Changes,
        sessions: Sessions,
        { rootUser }: Config,
      ) => {
        const tags = new SecretTagStore(db);
        const comparison = new SecretComparison({ users, pepper, slowHash });
        const amongAll = new FindAmongAll({ db, keys: store, tags, comparison });
        const found = { db, keys: store, tags, legacyKeys, legacyStore, comparison, amongAll, pepper };
        return new RevokeLeaked(new SecretFinder(found), {
          ...{ store, users, rootUser, changes, legacyStore, comparison },
          sessionGoesOn: (id, trx) => sessions.goesOn(id, trx),
        });
      },
    },
    {
      provide: OrphanedKeySweeper,
      inject: [AccessKeyStore, { token: HestiaUsers, optional: true }, Changes, CONFIG, LOGGER],
      useFactory: (
        store: AccessKeyStore,
        panel: HestiaUsers | undefined,
        changes: Changes,
        { rootUser }: Config,
        logger: Logger,
      ) => {
        if (panel === undefined) return undefined;
        const onError = (error: unknown): void =>
          logger.error(error, 'keys of users who are gone could not be looked for');
        return new OrphanedKeySweeper({ store, changes, panel, rootUser, onError });
      },
    },
    {
      provide: TreeKeys,
      // After the users of the tree, which tell when it can't be read.
      inject: [CONFIG, { token: HestiaUsers, optional: true }],
      useFactory: ({ hestiaRoot }: Config) =>
        hestiaRoot === undefined ? undefined : new TreeKeys(realpathSync(hestiaRoot)),
    },
    {
      provide: RemovedKeySweeper,
      inject: [
        DATABASE,
        AccessKeyStore,
        Changes,
        { token: HestiaUsers, optional: true },
        { token: TreeKeys, optional: true },
        LOGGER,
      ],
      useFactory: (
        db: Database,
        store: AccessKeyStore,
        changes: Changes,
        panel: HestiaUsers | undefined,
        tree: TreeKeys | undefined,
        logger: Logger,
      ) => {
        if (panel === undefined || tree === undefined) return undefined;
        return new RemovedKeySweeper({
          ...{ store, treeStore: new TreeKeyStore(db), changes, tree },
          isAtWork: () => panel.isAtWork(),
          onError: (error) => logger.error(error, "keys of the panel's tree could not be looked for"),
          onRevoked: (accessKeyId) => logger.warn({ accessKeyId }, `suspended: ${fileIsGone}`),
        });
      },
    },
    {
      provide: TakeOverAccessKeys,
      inject: [AccessKeyStore, Users, Changes, SlowHash, Pepper],
      useFactory: (
        store: AccessKeyStore,
        users: Users,
        changes: Changes,
        slowHash: SlowHash,
        pepper: Pepper,
      ) => new TakeOverAccessKeys({ store, users, changes, slowHash, pepper }),
    },
    {
      provide: TakeOverLegacyKeys,
      inject: [LegacyKeys, LegacyKeyStore, Changes, SlowHash, Pepper],
      useFactory: (
        keys: LegacyKeys,
        store: LegacyKeyStore,
        changes: Changes,
        slowHash: SlowHash,
        pepper: Pepper,
      ) => new TakeOverLegacyKeys(keys, store, changes, slowHash, pepper),
    },
  ],
  exports: [
    ...[AccessKeyStore, LegacyKeyStore, WeakKeyStore, AccessKeys, AccessKeyList, LegacyKeys],
    RevokeLeaked,
    ...[
      CanaryUses,
      KeyUses,
      KeyExpirySweeper,
      QuotaCountStore,
      QuotaCountSweeper,
      OrphanedKeySweeper,
      TreeKeys,
      RemovedKeySweeper,
      TakeOverAccessKeys,
      TakeOverLegacyKeys,
    ],
  ],
})
export class KeysModule {}
