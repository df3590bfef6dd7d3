import { Module } from '@nestjs/common';
import { HearthkeyGatewayModule } from '@hearthkey/gateway/nest';
import { HealthController } from './health.controller.js';
import { MailDomains } from './mail-domains.js';
import { MailDomainsController } from './mail-domains.controller.js';

const { HEARTHKEY_GATE_SOCKET: socketPath } = process.env;

@Module({
  imports: [
    HearthkeyGatewayModule.forRoot(
      socketPath === undefined ? { url: 'http://127.0.0.1:8183' } : { socketPath },
    ),
  ],
  controllers: [MailDomainsController, HealthController],
  providers: [MailDomains],
})
export class AppModule {}
