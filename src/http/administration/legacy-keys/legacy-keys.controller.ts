import { Delete, Get, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiHeader,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiProperty,
} from '../../openapi/describe.js';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { requireEverything } from '../../../commands/builtin-command.js';
import { notFound } from '../../../errors.js';
import { LegacyKeys } from '../../../keys/legacy/legacy-keys.js';
import { readIdempotencyKey } from '../idempotency-key.js';
import { momentOf } from '../moment.js';
import { AdministrationController, UsesCommand } from '../operation.js';
import { UseCases } from '../use-cases.js';

export class LegacyKeyDto {
  @ApiProperty({ pattern: '^[0-9a-f]{8}$', description: 'No part of the key.' })
  id!: string;

  @ApiProperty({ format: 'date-time' })
  createdAt!: string;

  @ApiProperty({ description: 'It came from a source that can be guessed: replace it.' })
  isWeak!: boolean;
}

export class LegacyKeyListDto {
  @ApiProperty({ type: [LegacyKeyDto] })
  items!: LegacyKeyDto[];
}

export class NewLegacyKeyDto {
  @ApiProperty()
  id!: string;

  @ApiProperty({ minLength: 32, maxLength: 32, description: 'Shown this once.' })
  key!: string;
}

/** `/v1/legacy-keys`: the root user's legacy API keys, each of which may run every command. */
@AdministrationController('/v1/legacy-keys', 'Legacy keys')
export class LegacyKeysController {
  constructor(
    @Inject(UseCases) private readonly useCases: UseCases,
    @Inject(LegacyKeys) private readonly keys: LegacyKeys,
  ) {}

  @Get()
  @UsesCommand('v-list-api-keys')
  @ApiOperation({ summary: 'List legacy keys by their IDs' })
  @ApiOkResponse({ type: LegacyKeyListDto })
  async readAll(@Req() request: FastifyRequest): Promise<LegacyKeyListDto> {
    return this.useCases.run(request, [], async () => {
      const keys = await this.keys.list();
      return {
        items: keys.map(({ id, createdAtMs, isWeak }) => ({ id, createdAt: momentOf(createdAtMs), isWeak })),
      };
    });
  }

  @Post()
  @UsesCommand('v-generate-api-key')
  @ApiOperation({ summary: 'Make a legacy key', description: 'The answer is the only one that has it.' })
  @ApiHeader({ name: 'Idempotency-Key', required: false, schema: { type: 'string', maxLength: 255 } })
  @ApiCreatedResponse({ type: NewLegacyKeyDto })
  async create(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<NewLegacyKeyDto> {
    return this.useCases.run(request, [], async ({ caller, origin }) => {
      requireEverything(caller);
      const made = await this.keys.generate(origin, readIdempotencyKey(request, caller));
      void reply.header('Location', `/v1/legacy-keys/${made.id}`);
      return made;
    });
  }

  @Delete(':legacyKeyId')
  @UsesCommand('v-revoke-api-key')
  @HttpCode(204)
  @ApiOperation({ summary: 'Revoke a legacy key by its ID' })
  @ApiNoContentResponse()
  async delete(@Req() request: FastifyRequest, @Param('legacyKeyId') id: string): Promise<void> {
    // The key itself stays out of URLs, also as a way to name it.
    if (!/^[0-9a-f]{8}$/.test(id)) throw notFound('the legacy key');
    await this.useCases.runCommand(request, [id]);
  }
}
