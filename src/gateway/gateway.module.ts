import { Module } from '@nestjs/common';
import { AuthorizationModule } from '../authorization/authorization.module.js';
import { LegacyAuthorizer } from '../authorization/authorize-legacy.js';
import { Authorizer } from '../authorization/authorize.js';
import { Catalogue } from '../catalogue/catalogue.js';
import { CatalogueModule } from '../catalogue/catalogue.module.js';
import { CommandsModule } from '../commands/commands.module.js';
import { Dispatcher } from '../commands/dispatch.js';
import type { Config } from '../config/config.js';
import { CONFIG } from '../config/config.module.js';
import { HestiaDialect } from './hestia-dialect.js';
import { HestiaRequests } from './hestia-requests.js';

@Module({
  imports: [AuthorizationModule, CatalogueModule, CommandsModule],
  providers: [
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
      inject: [HestiaRequests, CONFIG],
      useFactory: (requests: HestiaRequests, { trustedProxies }: Config) =>
        new HestiaDialect(requests, trustedProxies),
    },
  ],
  exports: [HestiaDialect],
})
export class GatewayModule {}
