import { Module } from '@nestjs/common';
import { AuthorizationModule } from '../../authorization/authorization.module.js';
import { Authorizer } from '../../authorization/authorize.js';
import type { Config } from '../../config/config.js';
import { CONFIG, LOGGER } from '../../config/config.module.js';
import type { Logger } from '../../config/logger.js';
import { ConnectionCap } from '../../network/connection-cap.js';
import { GateFaces } from './decision-adapters.js';
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
        const routes = new WatchedGateRoutes(gateRoutesFile, (problem) => {
          logger.error(
            `the route table ${gateRoutesFile} ${problem}; until it is corrected it has no routes`,
          );
        });
        routes.start();
        return routes;
      },
    },
    {
      provide: GateFaces,
      inject: [Authorizer, CONFIG, LOGGER, { token: WatchedGateRoutes, optional: true }],
      useFactory: (
        authorizer: Authorizer,
        { trustedProxies }: Config,
        logger: Logger,
        routes: WatchedGateRoutes | undefined,
      ) => {
        const onError = (err: unknown, requestId: string): void =>
          logger.error({ err, requestId }, 'a question could not be answered');
        return new GateFaces({ authorizer, routes, trustedProxies, onError, logger });
      },
    },
    {
      provide: ConnectionCap,
      inject: [GateFaces, CONFIG],
      useFactory: (faces: GateFaces, { connectionsPerAddress: perAddress, trustedProxies }: Config) =>
        new ConnectionCap({ perAddress, trustedProxies, isDeciding: (socket) => faces.isDeciding(socket) }),
    },
    {
      provide: GateSocket,
      inject: [GateFaces, CONFIG],
      useFactory: (faces: GateFaces, { gateSocketPath, httpTimeouts }: Config) =>
        gateSocketPath === undefined ? undefined : new GateSocket(gateSocketPath, faces, httpTimeouts),
    },
  ],
  exports: [ConnectionCap, GateFaces, GateSocket, WatchedGateRoutes],
})
export class GateModule {}
