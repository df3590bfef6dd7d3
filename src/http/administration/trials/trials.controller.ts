import { Get, Inject, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ListTrials } from '../../../authorization/trials/list-trials.js';
import type { TrialReports } from '../../../authorization/trials/trial-report.js';
import { AppError, ReturnCode } from '../../../errors.js';
import { ApiOkResponse, ApiOperation } from '../../openapi/describe.js';
import { AdministrationController, UsesCommand } from '../operation.js';
import { UseCases } from '../use-cases.js';
import { TrialListDto, TrialQuery } from './trial.dto.js';
import { showTrial } from './trial-view.js';

/** `/v1/trials`: what is tried of keys, and what it would have denied. */
@AdministrationController('/v1/trials', 'Insight')
export class TrialsController {
  constructor(
    @Inject(UseCases) private readonly useCases: UseCases,
    @Inject(ListTrials) private readonly trials: ListTrials,
  ) {}

  @Get()
  @UsesCommand('v-list-trials')
  @ApiOperation({
    operationId: 'listTrials',
    summary: 'List trials, and what they would have denied',
    description: 'Each with what the record of the node that answers says of it; at most 1,000.',
  })
  @ApiOkResponse({ type: TrialListDto })
  list(@Req() request: FastifyRequest, @Query() query: TrialQuery): Promise<TrialListDto> {
    const name = query.accessKeyId ?? this.useCases.listedUser(request, query.user);
    return this.useCases.run(request, [name], async ({ caller }) => {
      const { trials, ...about } = await this.trials.list(name, caller.authority).catch(asNone);
      return { items: trials.map((trial) => showTrial(trial, about)) };
    });
  }
}

/** Of what is not there a list has nothing in it. */
function asNone(error: unknown): TrialReports {
  if (error instanceof AppError && error.code === ReturnCode.NOT_EXIST)
    return { trials: [], node: '', otherNodes: [] };
  throw error;
}
