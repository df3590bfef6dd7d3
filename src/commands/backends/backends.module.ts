import { Module } from '@nestjs/common';
import { CatalogueModule, COMMANDS_DIR } from '../../catalogue/catalogue.module.js';
import type { CommandsDir } from '../../catalogue/commands-dir.js';
import { FileTrust } from '../../catalogue/file-trust.js';
import type { Config } from '../../config/config.js';
import { CONFIG, LOGGER } from '../../config/config.module.js';
import type { Logger } from '../../config/logger.js';
import { readTrustedCertificates } from '../../config/trusted-certificates.js';
import type { Backend } from './backend.js';
import { ExecBackend, type SystemUser } from './exec-backend.js';
import { findSystemUser } from './system-user.js';
import { UpstreamBackend } from './upstream-backend.js';

/** Where commands run that are not Hearthkey's own; undefined where nothing is set. */
export const BACKEND = Symbol('Backend');

@Module({
  imports: [CatalogueModule],
  providers: [
    {
      provide: BACKEND,
      inject: [{ token: COMMANDS_DIR, optional: true }, FileTrust, CONFIG, LOGGER],
      useFactory: (
        commandsDir: CommandsDir | undefined,
        trust: FileTrust,
        config: Config,
        logger: Logger,
      ): Backend | undefined =>
        upstreamBackend(config, logger) ?? (commandsDir && execBackend(commandsDir, trust, config, logger)),
    },
  ],
  exports: [BACKEND],
})
export class BackendsModule {}

function execBackend(
  commandsDir: CommandsDir,
  trust: FileTrust,
  config: Config,
  logger: Logger,
): ExecBackend {
  return new ExecBackend(commandsDir, {
    timeoutMs: config.commandTimeoutMs,
    outputLimitBytes: config.commandOutputLimitBytes,
    runAs: commandsUser(config),
    throughSudo: config.commandsThroughSudo,
    trust,
    environment: config.hestiaRoot === undefined ? {} : { HESTIA: config.hestiaRoot },
    onProblem: (problem) => logger.warn(problem),
  });
}

function upstreamBackend(config: Config, logger: Logger): UpstreamBackend | undefined {
  if (config.upstream === undefined) return undefined;
  const { caFile, ...upstream } = config.upstream;
  return new UpstreamBackend({
    ...upstream,
    trusted: caFile === undefined ? [] : readTrustedCertificates('HEARTHKEY_UPSTREAM_CA', caFile),
    timeoutMs: config.commandTimeoutMs,
    outputLimitBytes: config.commandOutputLimitBytes,
    onProblem: (problem) => logger.warn(problem),
  });
}

export function commandsUser({ commandsUser: name }: Config): SystemUser | undefined {
  return name === undefined ? undefined : findSystemUser(name);
}
