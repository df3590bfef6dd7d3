import { Controller, Delete, Get, HttpCode, Param, Put } from '@nestjs/common';
import { RequireCommand, type NestRequest } from '@hearthkey/gateway/nest';
import { MailDomains } from './mail-domains.js';

/** USER and DOMAIN of the command, as they stand in the path. */
const userAndDomain = ({ params }: NestRequest) => [params['user'], params['domain']];

@Controller('users/:user/mail-domains')
export class MailDomainsController {
  constructor(private readonly mailDomains: MailDomains) {}

  @Get()
  @RequireCommand('v-list-mail-domains', (request) => [request.params['user']])
  list(@Param('user') user: string): string[] {
    return this.mailDomains.list(user);
  }

  @Put(':domain')
  @HttpCode(204)
  @RequireCommand('v-add-mail-domain', userAndDomain)
  add(@Param('user') user: string, @Param('domain') domain: string): void {
    this.mailDomains.add(user, domain);
  }

  @Delete(':domain')
  @HttpCode(204)
  @RequireCommand('v-delete-mail-domain', userAndDomain)
  delete(@Param('user') user: string, @Param('domain') domain: string): void {
    this.mailDomains.delete(user, domain);
  }
}
