import { Module } from '@nestjs/common';
import { AllowListStore } from '../allowlist/allow-list-store.js';
import { AllowlistModule } from '../allowlist/allowlist.module.js';
import { ApiStore } from '../apis/api-store.js';
import { ApisModule } from '../apis/apis.module.js';
import { RoleDirectory } from '../apis/role-directory.js';
import { AuditLog } from '../audit/audit-log.js';
import { Catalogue } from '../catalogue/catalogue.js';
import { CatalogueModule } from '../catalogue/catalogue.module.js';
import type { Config } from '../config/config.js';
import { CONFIG, LOGGER } from '../config/config.module.js';
import type { Logger } from '../config/logger.js';
import { AccessKeyStore } from '../keys/access-key-store.js';
import { CanaryUses } from '../keys/canaries/canary-uses.js';
import { KeyUses } from '../keys/usage/key-uses.js';
import { QuotaCountStore } from '../keys/quotas/quota-count-store.js';
import { KeysModule } from '../keys/keys.module.js';
import { LegacyKeyStore } from '../keys/legacy/legacy-key-store.js';
import { LegacyKeys } from '../keys/legacy/legacy-keys.js';
import { WeakKeyStore } from '../keys/legacy/weak-key-store.js';
import { Metrics } from '../metrics/metrics.js';
import { Pepper } from '../secrets/pepper.js';
import { SlowHash } from '../secrets/slow-hash.js';
import { SettingStore } from '../settings/setting-store.js';
import { SettingsModule } from '../settings/settings.module.js';
import { Changes } from '../storage/changes.js';
import type { Database } from '../storage/database.js';
import { RedisConnection } from '../storage/redis/redis-connection.js';
import type { Settling } from '../storage/cluster/settling.js';
import { DATABASE, SETTLING } from '../storage/storage.module.js';
import { TreeKeys } from '../keys/tree/tree-keys.js';
import { HestiaUsers } from '../users/hestia-users.js';
import { UserStore } from '../users/user-store.js';
import { Users } from '../users/users.js';
import { UsersModule } from '../users/users.module.js';
import { AccessExplainer } from './explain/access-explainer.js';
import { AddressGate } from './address-gate.js';
import { LegacyAuthorizer } from './authorize-legacy.js';
import { Authorizer } from './authorize.js';
import { decisionsTo } from './count-decisions.js';
import { Facts } from './facts/facts.js';
import { FailureLimits } from './limits/failure-limits.js';
import { PasswordCheck } from './secrets/password-check.js';
import { PasswordVerifier } from './secrets/password-verifier.js';
import { QuotaCounter } from './limits/quota-counter.js';
import { RateLimiter } from './limits/rate-limiter.js';
import { RedisProofs } from './secrets/redis-proofs.js';
import { SecretVerifier } from './secrets/secret-verifier.js';
import { SeenSecrets } from './secrets/seen-secrets.js';
import { WeakKeyGuard } from './limits/weak-key-guard.js';

/** Apart from that of keys, and narrow: some seconds' worth. */
const passwordLimits = { concurrency: 1, queueLength: 64 };

@Module({
  imports: [UsersModule, KeysModule, ApisModule, AllowlistModule, SettingsModule, CatalogueModule],
  providers: [
    {
      provide: Facts,
      inject: [
        ...[DATABASE, AccessKeyStore, UserStore, { token: HestiaUsers, optional: true }],
        { token: TreeKeys, optional: true },
        ...[SettingStore, AllowListStore, { token: ApiStore, optional: true }, Changes, SETTLING],
      ],
      useFactory: (
        db: Database,
        keys: AccessKeyStore,
        users: UserStore,
        panelUsers: HestiaUsers | undefined,
        treeKeys: TreeKeys | undefined,
        settings: SettingStore,
        allowList: AllowListStore,
        apis: ApiStore | undefined,
        changes: Changes,
        settling: Settling,
      ) => {
        const facts = new Facts({
          ...{ db, keys, users, panelUsers, treeKeys, settings, allowList, apis, settling },
        });
        changes.onApplied(
          (change) => facts.apply(change),
          (number) => facts.reset(number),
        );
        return facts;
      },
    },
    { provide: AddressGate, inject: [Facts], useFactory: (facts: Facts) => new AddressGate(facts) },
    {
      provide: WeakKeyGuard,
      inject: [WeakKeyStore],
      useFactory: (store: WeakKeyStore) => new WeakKeyGuard(store),
    },
    {
      provide: RateLimiter,
      inject: [{ token: RedisConnection, optional: true }, SETTLING, LOGGER],
      useFactory: (redis: RedisConnection | undefined, settling: Settling, logger: Logger) =>
        new RateLimiter({
          redis,
          onRepaired: (problem) => logger.warn(problem),
          share: () => settling.share?.() ?? { nodes: 1, rank: 0 },
        }),
    },
    {
      provide: QuotaCounter,
      inject: [QuotaCountStore, LOGGER],
      useFactory: (store: QuotaCountStore, logger: Logger) =>
        new QuotaCounter({
          store,
          onError: (error) => logger.error(error, 'a request that was denied counts for a quota'),
        }),
    },
    {
      provide: SecretVerifier,
      inject: [...[SlowHash, Pepper, AccessKeyStore, LOGGER], { token: RedisConnection, optional: true }],
      useFactory: (
        slowHash: SlowHash,
        pepper: Pepper,
        store: AccessKeyStore,
        logger: Logger,
        redis: RedisConnection | undefined,
      ) => {
        const onError = (error: unknown): void =>
          logger.error(error, 'what is derived from a secret could not be renewed');
        const shared = redis && new RedisProofs(redis);
        return new SecretVerifier(new SeenSecrets(), slowHash, pepper, store, onError, shared);
      },
    },
    {
      provide: FailureLimits,
      inject: [CONFIG],
      useFactory: ({ failureLimit }: Config) => new FailureLimits(failureLimit),
    },
    {
      provide: Authorizer,
      inject: [
        ...[Facts, SecretVerifier, WeakKeyGuard, RoleDirectory, Catalogue, AuditLog, KeyUses],
        ...[RateLimiter, FailureLimits, CONFIG, LOGGER, Metrics, CanaryUses, QuotaCounter],
      ],
      useFactory: (
        facts: Facts,
        verifier: SecretVerifier,
        weakKeyGuard: WeakKeyGuard,
        roles: RoleDirectory,
        catalogue: Catalogue,
        audit: AuditLog,
        keyUses: KeyUses,
        rateLimiter: RateLimiter,
        failureLimits: FailureLimits,
        { rootUser }: Config,
        logger: Logger,
        metrics: Metrics,
        canaryUses: CanaryUses,
        quotaCounter: QuotaCounter,
      ) => {
        const onError = (error: unknown): void => logger.error(error, 'a decision could not be made');
        const onCanaryUsed = (about: object): void => logger.warn(about, 'the secret of a canary was used');
        return new Authorizer({
          ...{ facts, verifier, weakKeyGuard, roles, catalogue, audit, keyUses, rateLimiter, quotaCounter },
          ...{ failureLimits, rootUser, canaryUses, onCanaryUsed, onError, onDecided: decisionsTo(metrics) },
        });
      },
    },
    {
      provide: AccessExplainer,
      inject: [Facts, RoleDirectory, Catalogue, RateLimiter, QuotaCounter, WeakKeyGuard, CONFIG],
      useFactory: (
        facts: Facts,
        roles: RoleDirectory,
        catalogue: Catalogue,
        rateLimiter: RateLimiter,
        quotaCounter: QuotaCounter,
        weakKeyGuard: WeakKeyGuard,
        { rootUser, apisDir, keyPolicy }: Config,
      ) =>
        new AccessExplainer({
          ...{
            facts,
            roles,
            catalogue,
            rateLimiter,
            quotaCounter,
            weakKeyGuard,
            rootUser,
            apisDir,
            keyPolicy,
          },
        }),
    },
    {
      provide: LegacyAuthorizer,
      inject: [
        ...[Facts, LegacyKeys, LegacyKeyStore, UserStore, Users, Pepper, WeakKeyGuard],
        ...[FailureLimits, AuditLog, Catalogue, CONFIG, LOGGER, Metrics],
      ],
      useFactory: (
        facts: Facts,
        keys: LegacyKeys,
        keyStore: LegacyKeyStore,
        passwordStore: UserStore,
        users: Users,
        pepper: Pepper,
        weakKeyGuard: WeakKeyGuard,
        failureLimits: FailureLimits,
        audit: AuditLog,
        catalogue: Catalogue,
        { rootUser }: Config,
        logger: Logger,
        metrics: Metrics,
      ) => {
        const passwords = new PasswordVerifier(new SeenSecrets(), new SlowHash(passwordLimits), pepper);
        const onError = (error: unknown): void => logger.error(error, 'a decision could not be made');
        return new LegacyAuthorizer({
          ...{ facts, keys, keyStore, users, passwordStore, passwords, weakKeyGuard },
          ...{ failureLimits, audit, catalogue, rootUser, onError },
          onDecided: decisionsTo(metrics),
        });
      },
    },
    {
      provide: PasswordCheck,
      inject: [Facts, UserStore, Pepper, FailureLimits, AuditLog, LOGGER],
      useFactory: (
        facts: Facts,
        store: UserStore,
        pepper: Pepper,
        failureLimits: FailureLimits,
        audit: AuditLog,
        logger: Logger,
      ) => {
        const passwords = new PasswordVerifier(new SeenSecrets(), new SlowHash(passwordLimits), pepper);
        const onError = (error: unknown): void => logger.error(error, 'a password could not be checked');
        return new PasswordCheck({ facts, store, passwords, failureLimits, audit, onError });
      },
    },
  ],
  exports: [
    ...[Facts, AccessExplainer, AddressGate, Authorizer, LegacyAuthorizer, PasswordCheck, SecretVerifier],
    ...[FailureLimits, QuotaCounter],
  ],
})
export class AuthorizationModule {}
