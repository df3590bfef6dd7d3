import { Body, Inject, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AccessKeys } from '../../../keys/access-keys.js';
import { ApiCreatedResponse, ApiHeader, ApiOperation } from '../../openapi/describe.js';
import { readIdempotencyKey } from '../idempotency-key.js';
import { AdministrationController, UsesCommand } from '../operation.js';
import { UseCases } from '../use-cases.js';
import { AccessKeyIdPipe } from './access-key-id.pipe.js';
import { NewAccessKeyDto } from './access-key.dto.js';
import { entityTagOfKey, showNewKey } from './access-key-view.js';
import { DerivationInput, readDerivation } from './derivation-input.dto.js';

/** `/v1/access-keys/ID/derive`: narrower keys, for a key itself and for operators. */
@AdministrationController('/v1/access-keys', 'Access keys')
export class DerivedKeysController {
  constructor(
    @Inject(UseCases) private readonly useCases: UseCases,
    @Inject(AccessKeys) private readonly keys: AccessKeys,
  ) {}

  @Post(':accessKeyId/derive')
  @UsesCommand('v-derive-access-key')
  @ApiOperation({
    operationId: 'deriveAccessKey',
    summary: 'Derive a key that can do no more, and ends with this one',
    description:
      'An access key derives from itself alone: the ID is its own. The answer is the only one that has the secret.',
  })
  @ApiHeader({ name: 'Idempotency-Key', required: false, schema: { type: 'string', maxLength: 255 } })
  @ApiCreatedResponse({ type: NewAccessKeyDto })
  async derive(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('accessKeyId', AccessKeyIdPipe) id: string,
    @Body() input: DerivationInput,
  ): Promise<NewAccessKeyDto> {
    const { expiresIn, expiresAt, permissions = [], allowedAddresses, rateLimit, only, quota } = input;
    const lists = [permissions, allowedAddresses ?? []].map((list) => list.join(','));
    const args = [
      ...[id, expiresIn ?? expiresAt ?? '', '', ...lists, rateLimit ?? ''],
      ...(only?.length || quota ? [only?.join(' ') ?? ''] : []),
      ...(quota ? [quota] : []),
    ];
    return this.useCases.run(request, args, async ({ caller, origin }) => {
      const wanted = readDerivation(input);
      const creation = readIdempotencyKey(request, caller, id);
      const { secret, ...key } = await this.keys.derive(id, wanted, caller.authority, origin, creation);
      void reply.headers({ ETag: entityTagOfKey(key), Location: `/v1/access-keys/${key.id}` });
      const showsCanaries = caller.authority === 'everything';
      return showNewKey(key, await this.keys.usage([key.id]), showsCanaries, secret);
    });
  }
}
