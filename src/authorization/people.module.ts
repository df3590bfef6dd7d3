import { Module } from '@nestjs/common';
import { AuditLog } from '../audit/audit-log.js';
import { Catalogue } from '../catalogue/catalogue.js';
import { CatalogueModule } from '../catalogue/catalogue.module.js';
import type { Config } from '../config/config.js';
import { CONFIG, LOGGER } from '../config/config.module.js';
import type { Logger } from '../config/logger.js';
import { Metrics } from '../metrics/metrics.js';
import { Pepper } from '../secrets/pepper.js';
import { SlowHash } from '../secrets/slow-hash.js';
import { Passkeys } from '../sessions/passkeys/passkeys.js';
import { LoginLinks } from '../sessions/login-links.js';
import { Sessions } from '../sessions/sessions.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { UserStore } from '../users/user-store.js';
import { Users } from '../users/users.js';
import { UsersModule } from '../users/users.module.js';
import { AuthorizationModule } from './authorization.module.js';
import { SessionAuthorizer } from './authorize-session.js';
import { decisionsTo } from './count-decisions.js';
import { Facts } from './facts/facts.js';
import { FailureLimits } from './limits/failure-limits.js';
import { LogIn } from './log-in.js';
import { OwnPasswords } from './secrets/own-passwords.js';
import { PasswordVerifier } from './secrets/password-verifier.js';

/** Apart from that of keys and of legacy logins, and narrow: some seconds' worth. */
const passwordLimits = { concurrency: 1, queueLength: 64 };
/** Of passwords that people log in with nothing is kept. */
const seesNothing = { isRight: () => undefined, add: () => undefined };

/** Decisions about people: who logs in, and what a session may do. */
@Module({
  imports: [AuthorizationModule, SessionsModule, UsersModule, CatalogueModule],
  providers: [
    {
      provide: SessionAuthorizer,
      inject: [Facts, Sessions, Users, AuditLog, Catalogue, CONFIG, LOGGER, Metrics],
      useFactory: (
        facts: Facts,
        sessions: Sessions,
        users: Users,
        audit: AuditLog,
        catalogue: Catalogue,
        { rootUser, sessions: policy }: Config,
        logger: Logger,
        metrics: Metrics,
      ) => {
        const onError = (error: unknown): void => logger.error(error, 'a decision could not be made');
        const parts = { facts, sessions, users, audit, catalogue, policy, rootUser, onError };
        return new SessionAuthorizer({ ...parts, onDecided: decisionsTo(metrics) });
      },
    },
    {
      provide: LogIn,
      inject: [
        ...[
          Sessions,
          LoginLinks,
          Passkeys,
          Users,
          UserStore,
          Pepper,
          FailureLimits,
          AuditLog,
          CONFIG,
          LOGGER,
          Metrics,
        ],
      ],
      useFactory: (
        sessions: Sessions,
        links: LoginLinks,
        passkeys: Passkeys,
        users: Users,
        userStore: UserStore,
        pepper: Pepper,
        failureLimits: FailureLimits,
        audit: AuditLog,
        { sessions: policy }: Config,
        logger: Logger,
        metrics: Metrics,
      ) => {
        const slowHash = new SlowHash(passwordLimits);
        const verifier = new PasswordVerifier(seesNothing, slowHash, pepper);
        const passwords = new OwnPasswords({ store: userStore, verifier, slowHash });
        const onError = (error: unknown): void => logger.error(error, 'somebody could not be logged in');
        const parts = { sessions, links, passkeys, users, userStore, passwords, failureLimits, audit };
        return new LogIn({ ...parts, policy, onError, onDecided: decisionsTo(metrics) });
      },
    },
  ],
  exports: [SessionAuthorizer, LogIn],
})
export class PeopleModule {}
