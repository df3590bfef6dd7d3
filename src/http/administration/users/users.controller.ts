import { Body, Delete, Get, HttpCode, Inject, Param, Post, Put, Req, Res } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
} from '../../openapi/describe.js';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../../../config/config.js';
import { CONFIG } from '../../../config/config.module.js';
import { notFound } from '../../../errors.js';
import { userNamePattern } from '../../../text/names.js';
import { AdministrationController, UsesCommand } from '../operation.js';
import { Problem } from '../problem.js';
import { UseCases } from '../use-cases.js';
import {
  NewUserInput,
  PasswordInput,
  UserDto,
  UserListDto,
  UserLoginInput,
  UserRoleInput,
} from './user.dto.js';
import { readUsers } from './user-view.js';

/**
 * `/v1/users`: Hearthkey's own, or those of the panel that supplies them. Their commands run in either case, so that
 * what they change counts here before the answer.
 */
@AdministrationController('/v1/users', 'Users')
export class UsersController {
  constructor(
    @Inject(UseCases) private readonly useCases: UseCases,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get()
  @UsesCommand('v-list-users')
  @ApiOperation({ summary: 'List users' })
  @ApiOkResponse({ type: UserListDto })
  async readAll(@Req() request: FastifyRequest): Promise<UserListDto> {
    return { items: this.read(await this.useCases.runCommand(request, ['json'])) };
  }

  @Post()
  @UsesCommand('v-add-user')
  @ApiOperation({ summary: 'Add a user' })
  @ApiCreatedResponse({ description: 'The user was added; Location names it.' })
  async create(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body()
    { name, password, email, package: packageName = 'default', firstName = '', lastName = '' }: NewUserInput,
  ): Promise<void> {
    await this.useCases.runCommand(request, [name, password, email, packageName, firstName, lastName]);
    void reply.header('Location', `/v1/users/${name}`);
  }

  @Get(':user')
  @UsesCommand('v-list-user')
  @ApiOperation({ operationId: 'readUser', summary: 'Read a user' })
  @ApiOkResponse({ type: UserDto })
  async readOne(@Req() request: FastifyRequest, @Param('user') name: string): Promise<UserDto> {
    const [user] = this.read(await this.useCases.runCommand(request, [requireName(name), 'json']));
    if (user === undefined) throw notFound('the user');
    return user;
  }

  @Delete(':user')
  @UsesCommand('v-delete-user')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a user, and the access keys that it owns' })
  @ApiNoContentResponse()
  async delete(@Req() request: FastifyRequest, @Param('user') name: string): Promise<void> {
    await this.useCases.runCommand(request, [requireName(name)]);
  }

  @Post(':user/suspend')
  @UsesCommand('v-suspend-user')
  @HttpCode(204)
  @ApiOperation({ summary: 'Suspend a user: its access keys are refused' })
  @ApiNoContentResponse()
  async suspend(@Req() request: FastifyRequest, @Param('user') name: string): Promise<void> {
    await this.useCases.runCommand(request, [requireName(name)]);
  }

  @Post(':user/unsuspend')
  @UsesCommand('v-unsuspend-user')
  @HttpCode(204)
  @ApiOperation({ summary: 'Unsuspend a user' })
  @ApiNoContentResponse()
  async unsuspend(@Req() request: FastifyRequest, @Param('user') name: string): Promise<void> {
    await this.useCases.runCommand(request, [requireName(name)]);
  }

  @Put(':user/password')
  @UsesCommand('v-change-user-password')
  @HttpCode(204)
  @ApiOperation({ operationId: 'changeUserPassword', summary: 'Change the password of a user' })
  @ApiNoContentResponse()
  async changePassword(
    @Req() request: FastifyRequest,
    @Param('user') name: string,
    @Body() { password }: PasswordInput,
  ): Promise<void> {
    await this.useCases.runCommand(request, [requireName(name), password]);
  }

  @Put(':user/role')
  @UsesCommand('v-change-user-role')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'changeUserRole',
    summary: 'Make a user an administrator, or an ordinary user',
    description: 'Only for a caller that may do everything. The role of the root user can not be changed.',
  })
  @ApiNoContentResponse()
  async changeRole(
    @Req() request: FastifyRequest,
    @Param('user') name: string,
    @Body() { role }: UserRoleInput,
  ): Promise<void> {
    await this.useCases.runCommand(request, [requireName(name), role]);
  }

  @Put(':user/login')
  @UsesCommand('v-change-user-config-value')
  @HttpCode(204)
  @ApiOperation({ operationId: 'changeUserLogin', summary: 'Let a user log in with a password, or not' })
  @ApiNoContentResponse()
  async changeLogin(
    @Req() request: FastifyRequest,
    @Param('user') name: string,
    @Body() { isDisabled }: UserLoginInput,
  ): Promise<void> {
    await this.useCases.runCommand(request, [requireName(name), 'LOGIN_DISABLED', isDisabled ? 'yes' : 'no']);
  }

  private read(output: string): UserDto[] {
    const users = readUsers(output, this.config.rootUser);
    if (users !== undefined) return users;
    const detail = 'The panel printed something else than a list of users';
    throw new Problem({ status: 502, reason: 'bad_gateway', detail });
  }
}

function requireName(text: string): string {
  if (!userNamePattern.test(text)) throw notFound('the user');
  return text;
}
