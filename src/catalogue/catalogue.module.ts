import { accessSync, constants, readdirSync } from 'node:fs';
import { Module } from '@nestjs/common';
import type { Config } from '../config/config.js';
import { CONFIG } from '../config/config.module.js';
import { Catalogue } from './catalogue.js';
import { CommandsDir } from './commands-dir.js';
import { FileTrust } from './file-trust.js';
import { knownCommands } from './known-commands.js';
import { UserFamily } from './user-family.js';
import { systemReason } from '../text/system-reason.js';

export const COMMANDS_DIR = Symbol('CommandsDir');

@Module({
  providers: [
    {
      provide: COMMANDS_DIR,
      inject: [CONFIG],
      useFactory: ({ commandsDir }: Config) => {
        if (commandsDir === undefined) return undefined;
        try {
          accessSync(commandsDir, constants.R_OK | constants.X_OK);
          readdirSync(commandsDir);
        } catch (error) {
          throw new Error(`HEARTHKEY_COMMANDS_DIR: ${commandsDir} can't be read: ${systemReason(error)}`, {
            cause: error,
          });
        }
        return new CommandsDir(commandsDir);
      },
    },
    {
      provide: Catalogue,
      inject: [{ token: COMMANDS_DIR, optional: true }],
      useFactory: (commandsDir: CommandsDir | undefined) => new Catalogue(knownCommands(), commandsDir),
    },
    {
      provide: FileTrust,
      inject: [CONFIG],
      useFactory: ({ commandsUser, commandsThroughSudo }: Config) =>
        new FileTrust(
          commandsThroughSudo ||
            (commandsUser === undefined ? process.geteuid?.() === 0 : commandsUser === 'root'),
        ),
    },
    {
      provide: UserFamily,
      inject: [{ token: COMMANDS_DIR, optional: true }, CONFIG],
      useFactory: (commandsDir: CommandsDir | undefined, { hestiaRoot, upstream }: Config) =>
        new UserFamily(hestiaRoot === undefined && upstream === undefined ? commandsDir : undefined),
    },
  ],
  exports: [Catalogue, COMMANDS_DIR, FileTrust, UserFamily],
})
export class CatalogueModule {}
