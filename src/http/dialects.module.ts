import { Module } from '@nestjs/common';
import { AuthorizationModule } from '../authorization/authorization.module.js';
import { AddressGate } from '../authorization/address-gate.js';
import { LegacyAuthorizer } from '../authorization/authorize-legacy.js';
import { Authorizer } from '../authorization/authorize.js';
import { Catalogue } from '../catalogue/catalogue.js';
import { CatalogueModule } from '../catalogue/catalogue.module.js';
import { CommandsModule } from '../commands/commands.module.js';
import { Dispatcher } from '../commands/dispatch.js';
import type { Config } from '../config/config.js';
import { CONFIG, LOGGER } from '../config/config.module.js';
import type { Logger } from '../config/logger.js';
import { BodyBudget } from './body/body-budget.js';
import { HestiaDialect } from './hestia/hestia-dialect.js';
import { HestiaRequests } from './hestia/hestia-requests.js';
import { RestDialect } from './rest/rest-dialect.js';
import { RestRequests } from './rest/rest-requests.js';
import { RouteTable } from './rest/routes/rest-route-table.js';

@Module({
  imports: [AuthorizationModule, CatalogueModule, CommandsModule],
  providers: [
    { provide: BodyBudget, useFactory: () => new BodyBudget() },
    {
      provide: HestiaRequests,
      inject: [Authorizer, LegacyAuthorizer, Catalogue, Dispatcher],
      useFactory: (
        authorizer: Authorizer,
        legacyAuthorizer: LegacyAuthorizer,
        catalogue: Catalogue,
        dispatcher: Dispatcher,
      ) => new HestiaRequests({ authorizer, legacyAuthorizer, catalogue, dispatcher }),
    },
    {
      provide: HestiaDialect,
      inject: [HestiaRequests, AddressGate, BodyBudget, CONFIG, LOGGER],
      useFactory: (
        requests: HestiaRequests,
        addressGate: AddressGate,
        bodyBudget: BodyBudget,
        { trustedProxies, hasFastPath }: Config,
        logger: Logger,
      ) => {
        const onError = (err: unknown, requestId: string): void =>
          logger.error({ err, requestId }, 'a request could not be answered');
        return new HestiaDialect({ requests, addressGate, trustedProxies, bodyBudget, hasFastPath, onError });
      },
    },
    {
      provide: RestDialect,
      inject: [Authorizer, AddressGate, Dispatcher, BodyBudget, CONFIG, LOGGER],
      useFactory: (
        authorizer: Authorizer,
        addressGate: AddressGate,
        dispatcher: Dispatcher,
        bodyBudget: BodyBudget,
        config: Config,
        logger: Logger,
      ) => {
        const { restRoutesFile, panelUrl, trustedProxies } = config;
        const table = RouteTable.read(restRoutesFile);
        const onProblem = (problem: string): void => logger.warn(problem);
        const parts = { authorizer, dispatcher, names: table.names, panelUrl, onProblem };
        const onError = (err: unknown, requestId: string): void =>
          logger.error({ err, requestId }, 'a request could not be answered');
        const requests = new RestRequests(parts);
        return new RestDialect({ table, requests, addressGate, trustedProxies, bodyBudget, onError });
      },
    },
  ],
  exports: [HestiaDialect, RestDialect],
})
export class DialectsModule {}
