import { Delete, Get, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { parseApprovalId, type Approval } from '../../../approvals/approval.js';
import { Approvals } from '../../../approvals/approvals.js';
import { notFound } from '../../../errors.js';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation } from '../../openapi/describe.js';
import { momentOf } from '../moment.js';
import { AdministrationController, UsesCommand } from '../operation.js';
import { UseCases } from '../use-cases.js';
import { ApprovalDto, ApprovalListDto } from './approval.dto.js';

/** `/v1/approvals`: changes that wait for a second person. */
@AdministrationController('/v1/approvals', 'Approvals')
export class ApprovalsController {
  constructor(
    @Inject(UseCases) private readonly useCases: UseCases,
    @Inject(Approvals) private readonly approvals: Approvals,
  ) {}

  @Get()
  @UsesCommand('v-list-approvals')
  @ApiOperation({
    summary: 'List changes that wait for a second person, the newest first',
    description: 'Also those that were approved and are not made yet. For the root user and administrators.',
  })
  @ApiOkResponse({ type: ApprovalListDto })
  list(@Req() request: FastifyRequest): Promise<ApprovalListDto> {
    return this.useCases.run(request, [], async ({ caller }) => {
      await this.approvals.requireMayLook(caller.actor);
      return { items: (await this.approvals.list()).map(showApproval) };
    });
  }

  @Post(':approvalId/approve')
  @UsesCommand('v-approve-change')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'approveChange',
    summary: 'Approve a change that somebody else has asked for',
    description:
      'The approval counts once, within 24 hours, for exactly that change: who asked for it sends the same request again. Keys can not approve.',
  })
  @ApiOkResponse({ type: ApprovalDto })
  approve(@Req() request: FastifyRequest, @Param('approvalId') text: string): Promise<ApprovalDto> {
    const id = readId(text);
    return this.useCases.run(request, [id], async ({ origin }) =>
      showApproval(await this.approvals.approve(id, origin)),
    );
  }

  @Delete(':approvalId')
  @UsesCommand('v-reject-change')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'rejectChange',
    summary: 'Reject a change that waits, or take an approval back',
  })
  @ApiNoContentResponse()
  async reject(@Req() request: FastifyRequest, @Param('approvalId') text: string): Promise<void> {
    const id = readId(text);
    await this.useCases.run(request, [id], ({ origin }) => this.approvals.reject(id, origin));
  }
}

function readId(text: string): string {
  try {
    return parseApprovalId(text);
  } catch {
    throw notFound('the approval');
  }
}

function showApproval(approval: Approval): ApprovalDto {
  const { id, kind, command, target, requestedBy, approvedBy } = approval;
  return {
    ...{ approvalId: id, kind, command, change: { ...target } },
    ...{ requestedBy, requestedAt: momentOf(approval.requestedAtMs) },
    ...{ approvedBy: approvedBy ?? null, endsAt: momentOf(approval.endsAtMs) },
  };
}
