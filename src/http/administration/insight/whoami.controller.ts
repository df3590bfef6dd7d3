import { Get, Inject, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '../../openapi/describe.js';
import type { FastifyRequest } from 'fastify';
import { commandsOfUsers } from '../../../authorization/session-commands.js';
import { grantsTo } from '../../../authorization/held-step.js';
import { Facts } from '../../../authorization/facts/facts.js';
import { agreedEntry } from '../../../apis/shared-roles.js';
import { RoleDirectory } from '../../../apis/role-directory.js';
import { Catalogue } from '../../../catalogue/catalogue.js';
import { describeCommand } from '../../../catalogue/command-spec.js';
import { isWithin, type HeldArguments } from '../../../catalogue/held-arguments.js';
import { principalOf, type Principal } from '../callers/principal.js';
import { AdministrationController, Identifies } from '../operation.js';
import { WhoAmIDto } from './insight.dto.js';

/** `/v1/whoami`: whose key or session it is and what it may do. Each that may be used at all may ask. */
@AdministrationController('/v1/whoami', 'Insight')
export class WhoAmIController {
  constructor(
    @Inject(RoleDirectory) private readonly roles: RoleDirectory,
    @Inject(Facts) private readonly facts: Facts,
    @Inject(Catalogue) private readonly catalogue: Catalogue,
  ) {}

  @Get()
  @Identifies()
  @ApiOperation({ operationId: 'whoAmI', summary: 'Who am I, and what may I do?' })
  @ApiOkResponse({ type: WhoAmIDto })
  async read(@Req() request: FastifyRequest): Promise<WhoAmIDto> {
    const principal = principalOf(request);
    const { user, isRootUser, permissions, accessKeyId, session, client, only } = principal;
    const mayRunEverything = principal.mayRunEverything === true && only === undefined;
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
        : [...new Set(session === undefined ? await this.commandsOf(principal) : commandsOfUsers)].sort(),
      clientAddress: client.text === '' ? null : client.text,
    };
  }

  /** Those that a key may run with some arguments. */
  private async commandsOf({ user, permissions, isRootUser, only, ...key }: Principal): Promise<string[]> {
    const isHeldTo = (name: string, held: HeldArguments | undefined, isSafe: boolean): boolean =>
      held === undefined ||
      isWithin(held, this.catalogue.find(name) ?? describeCommand(name, '', ''), 'any', isSafe);
    if (key.mayRunEverything === true)
      return this.catalogue.list().flatMap(({ name }) => (isHeldTo(name, only, false) ? [name] : []));
    const { sharedRoles, isAdministrator } = await this.facts.loadSwitches();
    const standing = { isRootUser, isAdministrator: !isRootUser && isAdministrator(user) };
    return permissions.flatMap((permission) => {
      const role = agreedEntry(this.roles.find(permission), sharedRoles)?.role;
      if (role === undefined || !grantsTo(role, standing)) return [];
      return [...role.commands].filter((name) =>
        [role.only, only].every((held) => isHeldTo(name, held, role.safe.has(name))),
      );
    });
  }
}
