import { Module } from '@nestjs/common';
import { AuthorizationModule } from '../authorization/authorization.module.js';
import { Authorizer } from '../authorization/authorize.js';
import { CommandsModule } from '../commands/commands.module.js';
import { Dispatcher } from '../commands/dispatch.js';
import type { Config } from '../config/config.js';
import { CONFIG } from '../config/config.module.js';
import { HestiaDialect } from './hestia-dialect.js';

@Module({
  imports: [AuthorizationModule, CommandsModule],
  providers: [
    {
      provide: HestiaDialect,
      inject: [Authorizer, Dispatcher, CONFIG],
      useFactory: (authorizer: Authorizer, dispatcher: Dispatcher, { trustedProxies }: Config) =>
        new HestiaDialect(authorizer, dispatcher, trustedProxies),
    },
  ],
  exports: [HestiaDialect],
})
export class GatewayModule {}
