import { Module } from '@nestjs/common';
import { CONFIG, LOGGER } from '../config/config.module.js';
import type { Logger } from '../config/logger.js';
import { Pepper } from '../secrets/pepper.js';
import { Changes } from '../storage/changes.js';
import type { Database } from '../storage/database.js';
import { DATABASE } from '../storage/storage.module.js';
import { Users } from '../users/users.js';
import { UsersModule } from '../users/users.module.js';
import type { Config } from '../config/config.js';
import { endLoginsOf } from './ended-login-store.js';
import { LoginLinkStore } from './login-link-store.js';
import { LoginLinks } from './login-links.js';
import { Passkeys } from './passkeys/passkeys.js';
import { deletePasskeysOf, PasskeyStore } from './passkeys/passkey-store.js';
import { SessionStore } from './session-store.js';
import { SessionSweeper } from './session-sweeper.js';
import { SessionTokens } from './session-tokens.js';
import { SessionUses } from './session-uses.js';
import { Sessions } from './sessions.js';

@Module({
  imports: [UsersModule],
  providers: [
    { provide: SessionStore, inject: [DATABASE], useFactory: (db: Database) => new SessionStore(db) },
    { provide: LoginLinkStore, inject: [DATABASE], useFactory: (db: Database) => new LoginLinkStore(db) },
    { provide: SessionTokens, inject: [Pepper], useFactory: (pepper: Pepper) => new SessionTokens(pepper) },
    {
      provide: SessionUses,
      inject: [SessionStore, LOGGER],
      useFactory: (store: SessionStore, logger: Logger) =>
        new SessionUses(store, (error) =>
          logger.error(error, 'the last use of sessions could not be written'),
        ),
    },
    {
      provide: Sessions,
      inject: [SessionStore, SessionTokens, SessionUses, Users, Changes],
      useFactory: (
        store: SessionStore,
        tokens: SessionTokens,
        uses: SessionUses,
        users: Users,
        changes: Changes,
      ) => {
        users.logins.endWith(endLoginsOf);
        return new Sessions({ store, tokens, uses, users, changes });
      },
    },
    {
      provide: LoginLinks,
      inject: [LoginLinkStore, SessionTokens, Users, Changes],
      useFactory: (store: LoginLinkStore, tokens: SessionTokens, users: Users, changes: Changes) =>
        new LoginLinks({ store, tokens, users, changes }),
    },
    { provide: PasskeyStore, inject: [DATABASE], useFactory: (db: Database) => new PasskeyStore(db) },
    {
      provide: Passkeys,
      inject: [PasskeyStore, Users, Sessions, Changes, Pepper, CONFIG],
      useFactory: (
        store: PasskeyStore,
        users: Users,
        sessions: Sessions,
        changes: Changes,
        pepper: Pepper,
        { publicUrl, rootUser }: Config,
      ) => {
        // A user who has vanished may be another one when the name comes back.
        users.ownThings({ delete: deletePasskeysOf, suspend: deletePasskeysOf });
        users.logins.endCredentialsWith(deletePasskeysOf);
        const relyingParty = { name: 'Hearthkey', origin: publicUrl };
        return new Passkeys({ store, users, sessions, changes, pepper, relyingParty, rootUser });
      },
    },
    {
      provide: SessionSweeper,
      inject: [SessionStore, LoginLinkStore, PasskeyStore, Changes, LOGGER],
      useFactory: (
        store: SessionStore,
        links: LoginLinkStore,
        passkeys: PasskeyStore,
        changes: Changes,
        logger: Logger,
      ) => {
        const onError = (error: unknown): void =>
          logger.error(error, 'sessions that have ended could not be taken away');
        return new SessionSweeper({ store, links, passkeys, changes, onError });
      },
    },
  ],
  exports: [Sessions, Passkeys, SessionTokens, SessionUses, LoginLinks, SessionSweeper],
})
export class SessionsModule {}
