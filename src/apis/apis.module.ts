import { Module } from '@nestjs/common';
import type { Config } from '../config/config.js';
import { CONFIG, LOGGER } from '../config/config.module.js';
import type { Logger } from '../config/logger.js';
import { Catalogue } from '../catalogue/catalogue.js';
import { CatalogueModule } from '../catalogue/catalogue.module.js';
import { Changes } from '../storage/changes.js';
import type { Database } from '../storage/database.js';
import { DATABASE } from '../storage/storage.module.js';
import { ApiStore } from './api-store.js';
import { ApiFiles } from './api-files.js';
import { Apis } from './apis.js';
import { readOnlyEntry } from './read-only-api.js';
import { RoleDirectory } from './role-directory.js';
import { StagedRoles } from './staged-roles.js';

@Module({
  imports: [CatalogueModule],
  providers: [
    {
      provide: StagedRoles,
      inject: [DATABASE, CONFIG],
      useFactory: (db: Database, { databaseServer, hestiaRoot, apisDir }: Config) =>
        databaseServer !== undefined || hestiaRoot !== undefined ? undefined : new StagedRoles(db, apisDir),
    },
    {
      provide: ApiStore,
      inject: [DATABASE, CONFIG],
      // A panel's own files are what counts on its machine, whatever other nodes have.
      useFactory: (db: Database, { databaseServer, hestiaRoot }: Config) =>
        databaseServer === undefined || hestiaRoot !== undefined ? undefined : new ApiStore(db),
    },
    {
      provide: RoleDirectory,
      inject: [CONFIG, LOGGER, Catalogue],
      useFactory: ({ apisDir }: Config, logger: Logger, catalogue: Catalogue) => {
        const onProblem = (api: string, problem: string): void =>
          logger.warn({ api, problem }, 'an API role file grants nothing');
        const readOnly = readOnlyEntry(() => catalogue.list());
        return new RoleDirectory(apisDir, onProblem, undefined, readOnly);
      },
    },
    {
      provide: Apis,
      inject: [
        { token: ApiStore, optional: true },
        { token: StagedRoles, optional: true },
        ...[RoleDirectory, Changes, CONFIG, LOGGER],
      ],
      useFactory: (
        shared: ApiStore | undefined,
        staged: StagedRoles | undefined,
        roles: RoleDirectory,
        changes: Changes,
        { apisDir: directory }: Config,
        logger: Logger,
      ) => {
        const onError = (error: unknown): void =>
          logger.error(error, 'an API role file could not be changed as the database has it');
        return new Apis({ directory, roles, changes, shared, staged, onError });
      },
    },
    {
      provide: ApiFiles,
      inject: [
        { token: ApiStore, optional: true },
        { token: StagedRoles, optional: true },
        ...[RoleDirectory, Apis, CONFIG, LOGGER],
      ],
      useFactory: (
        shared: ApiStore | undefined,
        staged: StagedRoles | undefined,
        roles: RoleDirectory,
        apis: Apis,
        { apisDir: directory, hestiaRoot }: Config,
        logger: Logger,
      ) => {
        const onDifference = (api: string, problem: string): void => logger.warn({ api }, problem);
        const isPanels = hestiaRoot !== undefined;
        return new ApiFiles({ directory, isPanels, shared, staged, roles, apis, onDifference });
      },
    },
  ],
  exports: [ApiStore, RoleDirectory, Apis, ApiFiles],
})
export class ApisModule {}
