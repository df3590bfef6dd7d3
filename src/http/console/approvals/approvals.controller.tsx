import { Get, Inject, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ApprovalListDto } from '../../administration/approvals/approval.dto.js';
import { ConsoleController } from '../console-controller.js';
import { ConsolePages } from '../console-pages.js';
import { doneAt } from '../own-path.js';
import { ApprovalTable } from './approval-table.js';
import { approvalsTexts } from './approvals.texts.js';

/** `/console/approvals`: changes that wait for a second person. */
@ConsoleController('/console/approvals')
export class ApprovalPagesController {
  constructor(@Inject(ConsolePages) private readonly pages: ConsolePages) {}

  @Get()
  async list(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.pages.show(request, reply, async ({ api, session, t }) => {
      const { title, intro, off } = t(approvalsTexts);
      const { items } = await api.get<ApprovalListDto>('/v1/approvals');
      const body = (
        <>
          <h1>{title}</h1>
          <p class="muted">{session.mayApprove ? intro : off}</p>
          <ApprovalTable approvals={items} />
        </>
      );
      return { title, body };
    });
  }

  @Post(':approvalId/approve')
  async approve(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('approvalId') id: string,
  ): Promise<void> {
    await this.pages.submit(request, reply, async ({ api }) => {
      await api.post(`/v1/approvals/${encodeURIComponent(id)}/approve`);
      return { goTo: doneAt('/console/approvals', 'approved') };
    });
  }

  @Post(':approvalId/reject')
  async reject(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('approvalId') id: string,
  ): Promise<void> {
    await this.pages.submit(request, reply, async ({ api }) => {
      await api.delete(`/v1/approvals/${encodeURIComponent(id)}`);
      return { goTo: doneAt('/console/approvals', 'rejected') };
    });
  }
}
