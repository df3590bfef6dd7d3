import { Body, Delete, Get, HttpCode, Inject, Param, Post, Put, Query, Req, Res } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiExtraModels,
  ApiHeader,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  getSchemaPath,
} from '../../openapi/describe.js';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Apis } from '../../../apis/apis.js';
import type { RequireRole } from '../../../apis/present-role.js';
import { clientRoles } from '../../../apis/client-roles.js';
import type { RoleFile } from '../../../apis/role-file.js';
import { RoleDirectory, type ApiEntry } from '../../../apis/role-directory.js';
import type { NewApi } from '../../../apis/wanted-role.js';
import { requireArgumentNames } from '../../../catalogue/argument-names.js';
import { Catalogue } from '../../../catalogue/catalogue.js';
import { formatHeld, heldTexts, parseHeld } from '../../../catalogue/held-arguments.js';
import { requireEverything } from '../../../commands/builtin-command.js';
import type { Config } from '../../../config/config.js';
import { CONFIG } from '../../../config/config.module.js';
import { invalid, notFound } from '../../../errors.js';
import { AccessKeyList } from '../../../keys/listing/access-key-list.js';
import { entityTagOf, requireMatch } from '../entity-tag.js';
import { principalOf } from '../callers/principal.js';
import { AdministrationController, UsesCommand, UsesCommandOrOwn } from '../operation.js';
import { Facts } from '../../../authorization/facts/facts.js';
import type { ApiRole } from '../../../apis/role-file.js';
import { UseCases } from '../use-cases.js';
import { effectOf } from './api-effect.js';
import {
  ApiDto,
  ApiEffectDto,
  ApiInput,
  ApiListDto,
  ApiListQuery,
  DryRunQuery,
  NewApiInput,
} from './api.dto.js';

/** `/v1/apis`: API role files. */
@AdministrationController('/v1/apis', 'APIs')
export class ApisController {
  constructor(
    @Inject(UseCases) private readonly useCases: UseCases,
    @Inject(RoleDirectory) private readonly roles: RoleDirectory,
    @Inject(Apis) private readonly apis: Apis,
    @Inject(AccessKeyList) private readonly list: AccessKeyList,
    @Inject(Catalogue) private readonly catalogue: Catalogue,
    @Inject(Facts) private readonly facts: Facts,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get()
  @UsesCommandOrOwn('v-list-apis', 'read-own-apis')
  @ApiOperation({
    summary: 'List API role files, also those that are broken',
    description:
      'A user who has logged in sees those that his keys can have: of the role `user`, an administrator also of the role `admin`, and whole.',
  })
  @ApiOkResponse({ type: ApiListDto })
  async readAll(@Req() request: FastifyRequest, @Query() { countKeys }: ApiListQuery): Promise<ApiListDto> {
    const { user, isRootUser, session } = principalOf(request);
    const seesOwn = session !== undefined && !isRootUser;
    return this.useCases.run(request, [], async () => {
      const isAdministrator = seesOwn && (await this.facts.loadSwitches()).isAdministrator(user);
      const mayHave = (role: ApiRole | undefined): boolean =>
        !seesOwn || role === 'user' || (isAdministrator && role === 'admin');
      const apis = this.roles.list().filter(({ role }) => mayHave(role?.role));
      const counts = countKeys ? await this.list.countPermissions(isRootUser ? undefined : user) : undefined;
      const items = apis.map((api) => showApi(api, counts && (counts.get(api.name) ?? 0)));
      return { items };
    });
  }

  @Post()
  @UsesCommand('v-add-api')
  @ApiOperation({ summary: 'Make an API role file' })
  @ApiCreatedResponse({ type: ApiDto })
  async create(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() input: NewApiInput,
  ): Promise<ApiDto> {
    const { name, role = '', commands = [], safe = [] } = input;
    const args = [name, role, commands.join(','), safe.join(',')];
    return this.useCases.run(request, args, async ({ caller, origin }) => {
      requireEverything(caller);
      const api = readNewApi(input);
      requireArgumentNames(api.only, this.catalogue);
      await this.apis.add(api, origin);
      void reply.header('Location', `/v1/apis/${name}`);
      return this.show(reply, name);
    });
  }

  @Get(':api')
  @UsesCommand('v-list-api')
  @ApiOperation({
    summary: 'Read an API role file',
    description: 'GET /v1/access-keys?permission= lists the keys that have it.',
  })
  @ApiOkResponse({ type: ApiDto })
  async read(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('api') name: string,
  ): Promise<ApiDto> {
    return this.useCases.run(request, [name], () => Promise.resolve(this.show(reply, name)));
  }

  @Put(':api')
  @UsesCommand('v-change-api')
  @ApiOperation({ summary: 'Replace an API role file, or tell what that would do to which keys' })
  @ApiHeader({ name: 'If-Match', required: false, schema: { type: 'string', maxLength: 1000 } })
  @ApiExtraModels(ApiDto, ApiEffectDto)
  @ApiOkResponse({
    schema: { oneOf: [{ $ref: getSchemaPath(ApiDto) }, { $ref: getSchemaPath(ApiEffectDto) }] },
  })
  async replace(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('api') name: string,
    @Query() { dryRun }: DryRunQuery,
    @Body() input: ApiInput,
  ): Promise<ApiDto | ApiEffectDto> {
    const api = { name, ...readFile(input) };
    const args = [name, api.role, api.commands.join(','), api.safe.join(',')];
    return this.useCases.run(request, args, async ({ caller, origin }) => {
      requireEverything(caller);
      requireArgumentNames(api.only, this.catalogue);
      const requireState = this.expected(request);
      if (dryRun) {
        requireState(this.find(name).role);
        // Of what is there: the change itself may then rest on it.
        this.show(reply, name);
        const { roles, list, catalogue, config } = this;
        const { isAdministrator } = await this.facts.loadSwitches();
        return effectOf({ roles, list, catalogue, rootUser: config.rootUser, isAdministrator }, api);
      }
      await this.apis.change(api, origin, requireState);
      return this.show(reply, name);
    });
  }

  @Delete(':api')
  @UsesCommand('v-delete-api')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete an API role file; keys keep its name and lose what it granted' })
  @ApiHeader({ name: 'If-Match', required: false, schema: { type: 'string', maxLength: 1000 } })
  @ApiNoContentResponse()
  async delete(@Req() request: FastifyRequest, @Param('api') name: string): Promise<void> {
    await this.useCases.run(request, [name], async ({ caller, origin }) => {
      requireEverything(caller);
      await this.apis.delete(name, origin, this.expected(request));
    });
  }

  private find(name: string): ApiEntry {
    const api = this.roles.find(name);
    if (api === undefined) throw notFound('the API');
    return api;
  }

  private show(reply: FastifyReply, name: string): ApiDto {
    const api = this.find(name);
    void reply.header('ETag', entityTagOf(stateOf(api.role)));
    return showApi(api);
  }

  private expected({ headers }: FastifyRequest): RequireRole {
    const requireState = requireMatch(headers['if-match']);
    return (role) => requireState(stateOf(role));
  }
}

/** Of what a change may rest on. */
function stateOf(role: RoleFile | undefined): unknown {
  return role && [role.role, [...role.commands], [...role.safe], role.only && formatHeld(role.only)];
}

function showApi({ name, role, problem }: ApiEntry, keyCount?: number): ApiDto {
  const { role: kind = null, commands = new Set<string>(), safe = new Set<string>() } = role ?? {};
  const shown = {
    ...{ name, role: kind, commands: [...commands], safe: [...safe], problem: problem ?? null },
    only: role?.only === undefined ? null : heldTexts(role.only),
    isBuiltIn: role?.isReadOnlyApi === true,
  };
  return keyCount === undefined ? shown : { ...shown, keyCount };
}

/** @throws AppError 2 */
function readNewApi({ name, from, role, commands, safe, only }: NewApiInput): NewApi {
  const isReadyMade = from !== undefined;
  if (isReadyMade === (role !== undefined || commands !== undefined || safe !== undefined))
    throw invalid('expected role and commands, or from alone');
  const readyMade = isReadyMade ? clientRoles[from] : undefined;
  if (readyMade !== undefined) return { name, ...readyMade, safe: [], ...readHeldInput(only) };
  if (role === undefined || commands === undefined) throw invalid('expected role and commands');
  return {
    name,
    ...readFile({ role, commands, ...(safe !== undefined && { safe }) }),
    ...readHeldInput(only),
  };
}

/** @throws AppError 2 */
function readFile({ role, commands, safe = [], only }: ApiInput): Omit<NewApi, 'name'> {
  const stray = safe.find((command) => !commands.includes(command));
  if (stray !== undefined) throw invalid(`${stray} is in safe but not in commands`);
  return { role, commands: [...new Set(commands)], safe: [...new Set(safe)], ...readHeldInput(only) };
}

/** @throws AppError 2 */
function readHeldInput(only: ApiInput['only']): Pick<NewApi, 'only'> {
  return only === undefined ? {} : { only: only === null ? null : parseHeld(only) };
}
