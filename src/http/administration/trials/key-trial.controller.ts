import { Body, Delete, Get, HttpCode, Inject, Param, Post, Put, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ListTrials } from '../../../authorization/trials/list-trials.js';
import type { AccessKey } from '../../../keys/access-key.js';
import { AccessKeys } from '../../../keys/access-keys.js';
import { ApiHeader, ApiNoContentResponse, ApiOkResponse, ApiOperation } from '../../openapi/describe.js';
import { AccessKeyIdPipe } from '../access-keys/access-key-id.pipe.js';
import { AccessKeyDto } from '../access-keys/access-key.dto.js';
import { entityTagOfKey, showKey, stateOfKey } from '../access-keys/access-key-view.js';
import { entityTagOf, requireMatch } from '../entity-tag.js';
import { AdministrationController, UsesCommand } from '../operation.js';
import { UseCases } from '../use-cases.js';
import { TrialDto, TrialInput } from './trial.dto.js';
import { readTrial, showTrial } from './trial-view.js';

const ifMatch = { name: 'If-Match', required: false, schema: { type: 'string', maxLength: 1000 } } as const;

/** `/v1/access-keys/ID/trial`: what is tried of a key before it is made real. */
@AdministrationController('/v1/access-keys/:accessKeyId/trial', 'Access keys')
export class KeyTrialController {
  constructor(
    @Inject(UseCases) private readonly useCases: UseCases,
    @Inject(AccessKeys) private readonly keys: AccessKeys,
    @Inject(ListTrials) private readonly trials: ListTrials,
  ) {}

  @Get()
  @UsesCommand('v-list-trials')
  @ApiOperation({
    operationId: 'readTrial',
    summary: 'Read what is tried of a key, and what it would have denied',
    description: 'From the record of the node that answers.',
  })
  @ApiOkResponse({ type: TrialDto })
  read(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('accessKeyId', AccessKeyIdPipe) id: string,
  ): Promise<TrialDto> {
    return this.useCases.run(request, [id], async ({ caller }) => {
      const { trials, ...about } = await this.trials.ofKey(id, caller.authority);
      void reply.header('ETag', entityTagOf(stateOf(trials[0].key)));
      return showTrial(trials[0], about);
    });
  }

  @Put()
  @UsesCommand('v-change-access-key')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'beginTrial',
    summary: 'Try other permissions or limits of a key',
    description:
      'Decisions stay as they are; what the trial would have denied is recorded. It takes the place of one that there is.',
  })
  @ApiHeader(ifMatch)
  @ApiNoContentResponse()
  async begin(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('accessKeyId', AccessKeyIdPipe) id: string,
    @Body() input: TrialInput,
  ): Promise<void> {
    await this.useCases.run(request, [id], async ({ caller, origin }) => {
      const wanted = { trial: readTrial(input) };
      const key = await this.keys.change(id, wanted, caller.authority, origin, expected(request));
      void reply.header('ETag', entityTagOf(stateOf(key)));
    });
  }

  @Delete()
  @UsesCommand('v-change-access-key')
  @HttpCode(204)
  @ApiOperation({ operationId: 'endTrial', summary: 'End the trial of a key' })
  @ApiHeader(ifMatch)
  @ApiNoContentResponse()
  async end(
    @Req() request: FastifyRequest,
    @Param('accessKeyId', AccessKeyIdPipe) id: string,
  ): Promise<void> {
    await this.useCases.run(request, [id], async ({ caller, origin }) =>
      this.keys.change(id, { trial: null }, caller.authority, origin, expected(request)),
    );
  }

  @Post('enforce')
  @UsesCommand('v-change-access-key')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'enforceTrial',
    summary: 'Make real what is tried of a key, and end the trial',
  })
  @ApiHeader(ifMatch)
  @ApiOkResponse({ type: AccessKeyDto })
  async enforce(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('accessKeyId', AccessKeyIdPipe) id: string,
  ): Promise<AccessKeyDto> {
    return this.useCases.run(request, [id], async ({ caller, origin }) => {
      const key = await this.keys.enforceTrial(id, caller.authority, origin, expected(request));
      void reply.header('ETag', entityTagOfKey(key));
      return showKey(key, await this.keys.usage([key.id]), caller.authority === 'everything');
    });
  }
}

function expected({ headers }: FastifyRequest): (key: AccessKey) => void {
  const requireState = requireMatch(headers['if-match']);
  return (key) => requireState(stateOf(key));
}

/** Of what enforcing a trial rests on. That of a key itself does not know of trials: no answer to its holder does. */
function stateOf(key: AccessKey): unknown {
  return [stateOfKey(key), key.trial?.sinceMs];
}
