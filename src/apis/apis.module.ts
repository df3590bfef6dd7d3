import { Module } from '@nestjs/common';
import type { Config } from '../config/config.js';
import { CONFIG, LOGGER } from '../config/config.module.js';
import type { Logger } from '../config/logger.js';
import { Changes } from '../storage/changes.js';
import type { Database } from '../storage/database.js';
import { DATABASE } from '../storage/storage.module.js';
import { ApiStore } from './api-store.js';
import { Apis } from './apis.js';
import { RoleDirectory } from './role-directory.js';
import { layFiles, replaceFiles, shippedTexts } from './role-files.js';

/** Where one process owns the data, and its files (api-store.ts). */
const STAGED_APIS = Symbol('StagedApis');

@Module({
  providers: [
    {
      provide: STAGED_APIS,
      inject: [DATABASE, CONFIG],
      useFactory: (db: Database, { databaseServer, hestiaRoot }: Config) =>
        databaseServer !== undefined || hestiaRoot !== undefined ? undefined : new ApiStore(db),
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
      inject: [{ token: ApiStore, optional: true }, { token: STAGED_APIS, optional: true }, CONFIG, LOGGER],
      useFactory: async (
        shared: ApiStore | undefined,
        staged: ApiStore | undefined,
        { apisDir, hestiaRoot }: Config,
        logger: Logger,
      ) => {
        await finishStaged(staged, apisDir);
        const isShared = (await shared?.isShared()) === true;
        if (hestiaRoot === undefined)
          layFiles(apisDir, isShared && shared !== undefined ? await shared.all() : shippedTexts());
        const roles = new RoleDirectory(apisDir, (api, problem) => {
          logger.warn({ api, problem }, 'an API role file grants nothing');
        });
        roles.start();
        return roles;
      },
    },
    {
      provide: Apis,
      inject: [
        { token: ApiStore, optional: true },
        { token: STAGED_APIS, optional: true },
        ...[RoleDirectory, Changes, CONFIG, LOGGER],
      ],
      useFactory: async (
        shared: ApiStore | undefined,
        staged: ApiStore | undefined,
        roles: RoleDirectory,
        changes: Changes,
        { apisDir: directory }: Config,
        logger: Logger,
      ) => {
        const onError = (error: unknown): void =>
          logger.error(error, 'an API role file could not be changed as the database has it');
        const apis = new Apis({ directory, roles, changes, shared, staged, onError });
        await apis.share();
        for (const { api, problem } of await apis.differences()) logger.warn({ api }, problem);
        return apis;
      },
    },
  ],
  exports: [ApiStore, RoleDirectory, Apis],
})
export class ApisModule {}

/** A restore was killed after its commit: the files are made what it said. */
async function finishStaged(staged: ApiStore | undefined, apisDir: string): Promise<void> {
  const texts = await staged?.staged();
  if (texts === undefined) return;
  replaceFiles(apisDir, texts);
  await staged?.unstage();
}
