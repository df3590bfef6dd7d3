import { Module } from '@nestjs/common';
import { AuthorizationModule } from '../../authorization/authorization.module.js';
import { Authorizer } from '../../authorization/authorize.js';
import type { Config } from '../../config/config.js';
import { CONFIG, LOGGER } from '../../config/config.module.js';
import type { Logger } from '../../config/logger.js';
import { ConnectionCap } from '../../network/connection-cap.js';
import { DecisionAdapters } from './decision-adapters.js';
import { GateSocket } from './gate-socket.js';
import { WatchedGateRoutes } from './watched-gate-routes.js';

@Module({
  imports: [AuthorizationModule],
  providers: [
    {
      provide: WatchedGateRoutes,
      inject: [CONFIG, LOGGER],
      useFactory: ({ gateRoutesFile }: Config, logger: Logger) => {
        if (gateRoutesFile === undefined) return undefined;
        return new WatchedGateRoutes(gateRoutesFile, (problem) => {
          logger.error(
            `the route table ${gateRoutesFile} ${problem}; until it is corrected it has no routes`,
          );
        });
      },
    },
    {
      provide: DecisionAdapters,
      inject: [Authorizer, CONFIG, LOGGER, { token: WatchedGateRoutes, optional: true }],
      useFactory: (
        authorizer: Authorizer,
        { trustedProxies, hasFastPath }: Config,
        logger: Logger,
        gateRoutes: WatchedGateRoutes | undefined,
      ) => {
        const onError = (err: unknown, requestId: string): void =>
          logger.error({ err, requestId }, 'a question could not be answered');
        return new DecisionAdapters({ authorizer, gateRoutes, hasFastPath, trustedProxies, onError, logger });
      },
    },
    {
      provide: ConnectionCap,
      inject: [DecisionAdapters, CONFIG],
      useFactory: (
        adapters: DecisionAdapters,
        { connectionsPerAddress: perAddress, trustedProxies }: Config,
      ) =>
        new ConnectionCap({
          perAddress,
          trustedProxies,
          isDeciding: (socket) => adapters.isDeciding(socket),
          hasDecided: (socket) => adapters.hasDecided(socket),
        }),
    },
    {
      provide: GateSocket,
      inject: [DecisionAdapters, CONFIG],
      useFactory: (adapters: DecisionAdapters, { gateSocketPath, httpTimeouts }: Config) =>
        gateSocketPath === undefined ? undefined : new GateSocket(gateSocketPath, adapters, httpTimeouts),
    },
  ],
  exports: [ConnectionCap, DecisionAdapters, GateSocket, WatchedGateRoutes],
})
export class DecisionsModule {}
