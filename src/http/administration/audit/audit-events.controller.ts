import { Readable } from 'node:stream';
import { Get, Headers, Inject, Query, Req, Res } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, getSchemaPath } from '../../openapi/describe.js';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AuditReader } from '../../../audit/record/audit-reader.js';
import { countEvents } from '../../../audit/record/event-counts.js';
import { eventsBefore, pageOfEvents, type NumberedEvent } from '../../../audit/record/event-pages.js';
import { readCursor, writeCursor } from '../cursor.js';
import { momentOf } from '../moment.js';
import type { EventFilter } from '../../../audit/record/event-filter.js';
import { principalOf } from '../callers/principal.js';
import { AdministrationController, UsesCommandOrOwn } from '../operation.js';
import { UseCases } from '../use-cases.js';
import { eventCsvHead, eventCsvRow, readEventFilter, showEvent } from './audit-event-view.js';
import { AuditCountQuery, AuditCountsDto, AuditEventPageDto, AuditEventQuery } from './audit-event.dto.js';

const intervalMs = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** `/v1/audit-events`: the record of the node that answers, the newest events first. */
@AdministrationController('/v1/audit-events', 'Audit events')
export class AuditEventsController {
  constructor(
    @Inject(UseCases) private readonly useCases: UseCases,
    @Inject(AuditReader) private readonly reader: AuditReader,
  ) {}

  @Get()
  @UsesCommandOrOwn('v-list-audit-events', 'read-own-events')
  @ApiOperation({
    operationId: 'listAuditEvents',
    summary: 'List audit events, the newest first, in pages or as a stream',
    description:
      'With `Accept: application/x-ndjson` or `text/csv` all events that match, as one stream; limit and cursor do not count then.',
  })
  @ApiExtraModels(AuditEventPageDto)
  @ApiOkResponse({
    description: 'A page, or the stream.',
    content: {
      'application/json': { schema: { $ref: getSchemaPath(AuditEventPageDto) } },
      'application/x-ndjson': { schema: { type: 'string' } },
      'text/csv': { schema: { type: 'string' } },
    },
  })
  async read(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Query() query: AuditEventQuery,
    @Headers('accept') accept = '',
  ): Promise<AuditEventPageDto | Readable> {
    const filter = { ...readEventFilter(query), ...onlyOwn(request) };
    return this.useCases.run(request, [], async () => {
      const stream = streamTypes.find((type) => accept.includes(type));
      if (stream !== undefined) {
        void reply.header('Content-Type', `${stream}; charset=utf-8`);
        return Readable.from(lines(eventsBefore(this.reader, filter), stream));
      }
      const read = query.cursor === undefined ? undefined : readCursor(query.cursor, ['number', 'number']);
      const after = read && { seq: Number(read[0]), timeMs: Number(read[1]) };
      const { events, last } = await pageOfEvents(this.reader, filter, query.limit, after);
      const next = last === undefined ? null : writeCursor([last.seq, last.timeMs]);
      return { items: events.map(showEvent), next };
    });
  }

  @Get('counts')
  @UsesCommandOrOwn('v-list-audit-events', 'read-own-events')
  @ApiOperation({
    operationId: 'countAuditEvents',
    summary: 'Count decisions by key, user, address, command, reason or outcome, over time',
  })
  @ApiOkResponse({ type: AuditCountsDto })
  async count(@Req() request: FastifyRequest, @Query() query: AuditCountQuery): Promise<AuditCountsDto> {
    const { by, interval } = query;
    return this.useCases.run(request, [], async () => {
      const length = interval && intervalMs[interval];
      const counts = await countEvents(
        this.reader,
        { ...readEventFilter(query), ...onlyOwn(request) },
        by,
        length,
      );
      const items = counts.map(({ value, fromMs, count }) => ({
        value,
        ...(fromMs !== undefined && { from: momentOf(fromMs) }),
        count,
      }));
      return { items };
    });
  }
}

/** A user who has logged in sees what was done in his name. */
function onlyOwn(request: FastifyRequest): EventFilter {
  const { session, isRootUser, user } = principalOf(request);
  return session === undefined || isRootUser ? {} : { actingUser: user };
}

const streamTypes = ['application/x-ndjson', 'text/csv'] as const;

async function* lines(
  events: AsyncIterable<NumberedEvent>,
  type: (typeof streamTypes)[number],
): AsyncGenerator<string> {
  if (type === 'text/csv') yield eventCsvHead;
  for await (const event of events)
    yield type === 'text/csv' ? eventCsvRow(event) : `${JSON.stringify(showEvent(event))}\n`;
}
