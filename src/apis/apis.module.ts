import { Module } from '@nestjs/common';
import type { Config } from '../config/config.js';
import { CONFIG, LOGGER } from '../config/config.module.js';
import type { Logger } from '../config/logger.js';
import { Changes } from '../storage/changes.js';
import { Apis } from './apis.js';
import { RoleDirectory } from './role-directory.js';

@Module({
  providers: [
    {
      provide: RoleDirectory,
      inject: [CONFIG, LOGGER],
      useFactory: ({ apisDir, hestiaRoot }: Config, logger: Logger) => {
        if (hestiaRoot === undefined) Apis.layShippedFiles(apisDir);
        const roles = new RoleDirectory(apisDir, (api, problem) => {
          logger.warn({ api, problem }, 'an API role file grants nothing');
        });
        roles.start();
        return roles;
      },
    },
    {
      provide: Apis,
      inject: [CONFIG, RoleDirectory, Changes],
      useFactory: ({ apisDir }: Config, roles: RoleDirectory, changes: Changes) =>
        new Apis(apisDir, roles, changes),
    },
  ],
  exports: [RoleDirectory, Apis],
})
export class ApisModule {}
