// The routes of examples/gateway-nest as a process of its own: node guarded-app.mjs PORT [GATE_SOCKET]. Without the
// socket nothing guards them.
import 'reflect-metadata';
import { HearthkeyGatewayModule } from '@hearthkey/gateway/nest';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { MailDomains } from '../examples/gateway-nest/dist/mail-domains.js';
import { MailDomainsController } from '../examples/gateway-nest/dist/mail-domains.controller.js';

const [port, socketPath] = process.argv.slice(2);
class App {}
const app = await NestFactory.create(
  {
    module: App,
    imports: socketPath === undefined ? [] : [HearthkeyGatewayModule.forRoot({ socketPath })],
    controllers: [MailDomainsController],
    providers: [MailDomains],
  },
  new FastifyAdapter(),
  { logger: false },
);
await app.listen(Number(port), '127.0.0.1');
process.stdout.write('listens\n');
