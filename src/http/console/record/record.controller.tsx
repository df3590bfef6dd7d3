import { Get, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AuditEventPageDto } from '../../administration/audit/audit-event.dto.js';
import { ApiProblem } from '../api/api-problem.js';
import { ConsoleController } from '../console-controller.js';
import { ConsolePages } from '../console-pages.js';
import { liveRows } from './live-rows.js';
import { RecordPage } from './record-page.js';
import { recordQuery } from './record-query.js';
import { recordTexts } from './record.texts.js';

const pageSize = 50;

/** `/console/record`: the list of events, the same as CSV, and as it goes on. */
@ConsoleController('/console')
export class RecordController {
  constructor(@Inject(ConsolePages) private readonly pages: ConsolePages) {}

  @Get('record')
  async list(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.pages.show(request, reply, async ({ api, url, t }) => {
      const cursor = url.searchParams.get('cursor') ?? undefined;
      const query = { ...recordQuery(url.searchParams), cursor, limit: pageSize };
      const { title } = t(recordTexts);
      try {
        const events = await api.get<AuditEventPageDto>('/v1/audit-events', query);
        return { title, body: <RecordPage events={events} /> };
      } catch (error) {
        // A filter that is only half typed.
        if (!(error instanceof ApiProblem) || error.status !== 400) throw error;
        const none = { items: [], next: null };
        return { title, status: 400, body: <RecordPage events={none} problem={error} /> };
      }
    });
  }

  @Get('record.csv')
  async export(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.pages.download(request, reply, async ({ api, url }) => ({
      content: await api.stream('/v1/audit-events', recordQuery(url.searchParams), 'text/csv'),
      type: 'text/csv; charset=utf-8',
      fileName: `record-${new Date().toISOString().slice(0, 10)}.csv`,
    }));
  }

  /**
   * Server-sent events. What they cost the record, and how an ended session ends them, is REST v1's matter
   * (administration/audit/event-streams.ts): this page only makes rows of them.
   */
  @Get('record/live')
  async follow(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    void reply.header('X-Accel-Buffering', 'no');
    await this.pages.download(request, reply, async (page) => {
      const { api, url } = page;
      const after = request.headers['last-event-id'] ?? url.searchParams.get('after') ?? '';
      const query = recordQuery(url.searchParams);
      const events = await api.stream('/v1/audit-events', query, 'text/event-stream', {
        'last-event-id': String(after),
      });
      return { content: liveRows(events, page), type: 'text/event-stream' };
    });
  }
}
