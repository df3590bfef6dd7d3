import { Body, Delete, Get, HttpCode, Inject, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiCreatedResponse,
  ApiHeader,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
} from '../../openapi/describe.js';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { formatAddress, parseAddress } from '../../../network/address-range.js';
import { Authorizer } from '../../../authorization/authorize.js';
import { shownReason } from '../../../authorization/deny-text.js';
import type { AccessKey } from '../../../keys/access-key.js';
import { AccessKeys } from '../../../keys/access-keys.js';
import { AccessKeyList } from '../../../keys/listing/access-key-list.js';
import { longestOverlapMs } from '../../../keys/secrets/rotate-secret.js';
import { actorName } from '../../../audit/audit-event.js';
import type { Caller } from '../../../commands/builtin-command.js';
import { readCursor, writeCursor } from '../cursor.js';
import { requireMatch } from '../entity-tag.js';
import { readIdempotencyKey } from '../idempotency-key.js';
import { AdministrationController, UsesCommand } from '../operation.js';
import { UseCases } from '../use-cases.js';
import { AccessKeyDto, AccessKeyPageDto, CheckResultDto, NewAccessKeyDto } from './access-key.dto.js';
import { AccessKeyPatch, CheckInput, NewAccessKeyInput, RotationInput } from './access-key-input.dto.js';
import { AccessKeyQuery } from './access-key-query.dto.js';
import { readFilter, readLimits, readOverlap } from './access-key-input.js';
import { entityTagOfKey, showKey, showNewKey, stateOfKey } from './access-key-view.js';
import { AccessKeyIdPipe } from './access-key-id.pipe.js';

const byId = ':accessKeyId';

/** `/v1/access-keys`: the whole life cycle of access keys. */
@AdministrationController('/v1/access-keys', 'Access keys')
export class AccessKeysController {
  constructor(
    @Inject(UseCases) private readonly useCases: UseCases,
    @Inject(AccessKeys) private readonly keys: AccessKeys,
    @Inject(AccessKeyList) private readonly list: AccessKeyList,
    @Inject(Authorizer) private readonly authorizer: Authorizer,
  ) {}

  @Get()
  @UsesCommand('v-list-access-keys')
  @ApiOperation({ summary: 'List access keys, in pages' })
  @ApiOkResponse({ type: AccessKeyPageDto })
  async readPage(@Req() request: FastifyRequest, @Query() query: AccessKeyQuery): Promise<AccessKeyPageDto> {
    const user = this.useCases.listedUser(request, query.user);
    return this.useCases.run(request, [user], async ({ caller }) => {
      const { sort, limit, cursor } = query;
      const forms = [sort === 'id' || sort === 'user' ? 'string' : 'number', 'string'] as const;
      const read = cursor === undefined ? undefined : readCursor(cursor, forms);
      const after = read && { value: read[0] ?? '', id: String(read[1]) };
      const filter = { ...readFilter(query), user: user === '' ? undefined : user };
      const { keys, usage, last } = await this.list.page(filter, sort, limit, after);
      const next = last === undefined ? null : writeCursor([last.value, last.id]);
      return { items: keys.map((key) => showKey(key, usage, seesCanaries(caller))), next };
    });
  }

  @Post()
  @UsesCommand('v-add-access-key')
  @ApiOperation({
    summary: 'Make an access key',
    description: 'The answer is the only one that has its secret.',
  })
  @ApiHeader({ name: 'Idempotency-Key', required: false, schema: { type: 'string', maxLength: 255 } })
  @ApiCreatedResponse({ type: NewAccessKeyDto })
  async create(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() input: NewAccessKeyInput,
  ): Promise<NewAccessKeyDto> {
    const { user, permissions = [], comment = '', isCanary = false } = input;
    const args = [user, permissions.join(','), comment];
    return this.useCases.run(request, args, async ({ caller, origin }) => {
      const wanted = {
        ...{ user, permissions: [...new Set(permissions)], comment, ...readLimits(input) },
        ...(isCanary && { isCanary }),
      };
      const creation = readIdempotencyKey(request, caller);
      const { secret, ...key } = await this.keys.add(wanted, caller.authority, origin, creation);
      this.describe(reply, key);
      void reply.header('Location', `/v1/access-keys/${key.id}`);
      return showNewKey(key, await this.keys.usage([key.id]), seesCanaries(caller), secret);
    });
  }

  @Get(byId)
  @UsesCommand('v-list-access-key')
  @ApiOperation({ summary: 'Read an access key' })
  @ApiOkResponse({ type: AccessKeyDto })
  async read(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('accessKeyId', AccessKeyIdPipe) id: string,
  ): Promise<AccessKeyDto> {
    return this.useCases.run(request, [id], async ({ caller }) =>
      this.show(reply, await this.keys.get(id, caller.authority), caller),
    );
  }

  @Patch(byId)
  @UsesCommand('v-change-access-key')
  @ApiOperation({
    summary: 'Change permissions, comment or limits',
    description: 'A merge patch (RFC 7396).',
  })
  @ApiConsumes('application/merge-patch+json', 'application/json')
  @ApiHeader({ name: 'If-Match', required: false, schema: { type: 'string', maxLength: 1000 } })
  @ApiBody({ type: AccessKeyPatch })
  @ApiOkResponse({ type: AccessKeyDto })
  async change(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('accessKeyId', AccessKeyIdPipe) id: string,
    @Body() patch: AccessKeyPatch,
  ): Promise<AccessKeyDto> {
    const { permissions, comment } = patch;
    return this.useCases.run(request, [id], async ({ caller, origin }) => {
      const wanted = {
        ...(permissions !== undefined && { permissions: [...new Set(permissions)] }),
        ...(comment !== undefined && { comment }),
        ...readLimits(patch),
      };
      const requireState = this.expected(request);
      const key = await this.keys.change(id, wanted, caller.authority, origin, requireState);
      return this.show(reply, key, caller);
    });
  }

  @Delete(byId)
  @UsesCommand('v-delete-access-key')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete an access key, and the keys that it made' })
  @ApiHeader({ name: 'If-Match', required: false, schema: { type: 'string', maxLength: 1000 } })
  @ApiNoContentResponse()
  async delete(
    @Req() request: FastifyRequest,
    @Param('accessKeyId', AccessKeyIdPipe) id: string,
  ): Promise<void> {
    await this.useCases.run(request, [id], async ({ caller, origin }) =>
      this.keys.delete(id, caller.authority, origin, this.expected(request)),
    );
  }

  @Post(`${byId}/suspend`)
  @UsesCommand('v-suspend-access-key')
  @HttpCode(204)
  @ApiOperation({ summary: 'Suspend an access key: it is refused until it is unsuspended' })
  @ApiNoContentResponse()
  async suspend(
    @Req() request: FastifyRequest,
    @Param('accessKeyId', AccessKeyIdPipe) id: string,
  ): Promise<void> {
    await this.useCases.runCommand(request, [id]);
  }

  @Post(`${byId}/unsuspend`)
  @UsesCommand('v-unsuspend-access-key')
  @HttpCode(204)
  @ApiOperation({ summary: 'Unsuspend an access key' })
  @ApiNoContentResponse()
  async unsuspend(
    @Req() request: FastifyRequest,
    @Param('accessKeyId', AccessKeyIdPipe) id: string,
  ): Promise<void> {
    await this.useCases.runCommand(request, [id]);
  }

  @Post(`${byId}/rotate`)
  @UsesCommand('v-rotate-access-key')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Replace the secret',
    description: 'The answer is the only one that has the new secret.',
  })
  @ApiHeader({ name: 'Idempotency-Key', required: false, schema: { type: 'string', maxLength: 255 } })
  @ApiOkResponse({ type: NewAccessKeyDto })
  async rotate(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('accessKeyId', AccessKeyIdPipe) id: string,
    @Body() input: RotationInput,
  ): Promise<NewAccessKeyDto> {
    return this.useCases.run(request, [id], async ({ caller, origin }) => {
      const overlapMs = readOverlap(input.overlap, longestOverlapMs);
      const creation = readIdempotencyKey(request, caller, id);
      const { secret, ...key } = await this.keys.rotate(id, caller.authority, origin, overlapMs, creation);
      this.describe(reply, key);
      return showNewKey(key, await this.keys.usage([key.id]), seesCanaries(caller), secret);
    });
  }

  @Post(`${byId}/check`)
  @UsesCommand('v-check-access-key')
  @HttpCode(200)
  @ApiOperation({ summary: 'May the key run a command? Switches and API_ALLOWED_IP do not count' })
  @ApiOkResponse({ type: CheckResultDto })
  async check(
    @Req() request: FastifyRequest,
    @Param('accessKeyId', AccessKeyIdPipe) accessKeyId: string,
    @Body() { secretAccessKey, command, clientAddress = '127.0.0.1' }: CheckInput,
  ): Promise<CheckResultDto> {
    const args = [accessKeyId, secretAccessKey, command, clientAddress];
    return this.useCases.run(request, args, async ({ caller }) => {
      const address = parseAddress(clientAddress);
      const client = { address, text: address === undefined ? '' : formatAddress(address) };
      const addressClaimedBy = actorName(caller.actor);
      const asked = {
        mode: 'inspect' as const,
        client,
        addressClaimedBy,
        accessKeyId,
        secretAccessKey,
        command,
      };
      const decision = await this.authorizer.authorize(asked);
      if (decision.outcome === 'deny')
        return { allowed: false, code: decision.code, reason: shownReason(decision.reason) };
      const { user, userArgPosition } = decision;
      return { allowed: true, code: 0, reason: null, user, userArgPosition };
    });
  }

  private async show(reply: FastifyReply, key: AccessKey, caller: Caller): Promise<AccessKeyDto> {
    this.describe(reply, key);
    return showKey(key, await this.keys.usage([key.id]), seesCanaries(caller));
  }

  private describe(reply: FastifyReply, key: AccessKey): void {
    void reply.header('ETag', entityTagOfKey(key));
  }

  private expected({ headers }: FastifyRequest): (key: AccessKey) => void {
    const requireState = requireMatch(headers['if-match']);
    return (key) => requireState(stateOfKey(key));
  }
}

function seesCanaries({ authority }: Caller): boolean {
  return authority === 'everything';
}
