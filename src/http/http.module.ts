import { Module } from '@nestjs/common';
import { CommandsModule } from '../commands/commands.module.js';
import { Dispatcher } from '../commands/dispatch.js';
import type { Config } from '../config/config.js';
import { CONFIG, LOGGER } from '../config/config.module.js';
import type { Logger } from '../config/logger.js';
import { DoctorModule } from '../doctor/doctor.module.js';
import { ConnectionCap } from '../network/connection-cap.js';
import { UntrustedProxies } from '../network/untrusted-proxies.js';
import { AdministrationModule } from './administration/administration.module.js';
import { ConsoleApi } from './console/api/console-api.js';
import { ConsoleModule } from './console/console.module.js';
import { DecisionAdapters } from './decisions/decision-adapters.js';
import { DecisionsModule } from './decisions/decisions.module.js';
import { GateSocket } from './decisions/gate-socket.js';
import { DialectsModule } from './dialects.module.js';
import { HestiaDialect } from './hestia/hestia-dialect.js';
import { HttpServer } from './http-server.js';
import { OpenApi } from './openapi/openapi.js';
import { OpenApiModule } from './openapi/openapi.module.js';
import { OperationsModule } from './operations/operations.module.js';
import { RestDialect } from './rest/rest-dialect.js';

/** The HTTP server with its adapters. */
@Module({
  imports: [
    CommandsModule,
    DoctorModule,
    DialectsModule,
    DecisionsModule,
    AdministrationModule,
    OperationsModule,
    OpenApiModule,
    ConsoleModule,
  ],
  providers: [
    {
      provide: HttpServer,
      inject: [
        ...[CONFIG, LOGGER, HestiaDialect, RestDialect, DecisionAdapters],
        ...[{ token: GateSocket, optional: true }, ConnectionCap, UntrustedProxies, Dispatcher],
        ...[OpenApi, ConsoleApi],
      ],
      useFactory: (
        config: Config,
        logger: Logger,
        hestia: HestiaDialect,
        rest: RestDialect,
        decisions: DecisionAdapters,
        gateSocket: GateSocket | undefined,
        connectionCap: ConnectionCap,
        untrustedProxies: UntrustedProxies,
        dispatcher: Dispatcher,
        openApi: OpenApi,
        consoleApi: ConsoleApi,
      ) => {
        const adapters = { hestia, rest, decisions, gateSocket };
        const own = { config, logger, connectionCap, untrustedProxies, dispatcher };
        return new HttpServer({ ...own, ...adapters, openApi, consoleApi });
      },
    },
  ],
  exports: [HttpServer, DecisionsModule, OperationsModule],
})
export class HttpModule {}
