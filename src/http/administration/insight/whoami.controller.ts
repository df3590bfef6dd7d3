import { Get, Inject, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '../../openapi/describe.js';
import type { FastifyRequest } from 'fastify';
import { commandsOfUsers } from '../../../authorization/session-commands.js';
import { Facts } from '../../../authorization/facts/facts.js';
import { agreedEntry } from '../../../apis/shared-roles.js';
import { RoleDirectory } from '../../../apis/role-directory.js';
import { principalOf } from '../callers/principal.js';
import { AdministrationController, Identifies } from '../operation.js';
import { WhoAmIDto } from './insight.dto.js';

/** `/v1/whoami`: whose key or session it is and what it may do. Each that may be used at all may ask. */
@AdministrationController('/v1/whoami', 'Insight')
export class WhoAmIController {
  constructor(
    @Inject(RoleDirectory) private readonly roles: RoleDirectory,
    @Inject(Facts) private readonly facts: Facts,
  ) {}

  @Get()
  @Identifies()
  @ApiOperation({ operationId: 'whoAmI', summary: 'Who am I, and what may I do?' })
  @ApiOkResponse({ type: WhoAmIDto })
  async read(@Req() request: FastifyRequest): Promise<WhoAmIDto> {
    const principal = principalOf(request);
    const { user, isRootUser, permissions, accessKeyId, session, client } = principal;
    const { mayRunEverything = false } = principal;
    const { sharedRoles } = await this.facts.loadSwitches();
    const ofRoles = permissions.flatMap((name) => {
      const role = agreedEntry(this.roles.find(name), sharedRoles)?.role;
      return role !== undefined && (isRootUser || role.role === 'user') ? [...role.commands] : [];
    });
    return {
      ...{
        accessKeyId: accessKeyId ?? null,
        sessionId: session?.id ?? null,
        user,
        isRootUser,
        permissions: [...permissions],
        mayRunEverything,
      },
      commands: mayRunEverything
        ? []
        : [...new Set(session === undefined ? ofRoles : commandsOfUsers)].sort(),
      clientAddress: client.text === '' ? null : client.text,
    };
  }
}
