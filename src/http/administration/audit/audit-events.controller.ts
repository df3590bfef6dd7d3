import { Readable } from 'node:stream';
import { Get, Headers, Inject, Param, Query, Req, Res } from '@nestjs/common';
import {
  ApiExtraModels,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  getSchemaPath,
} from '../../openapi/describe.js';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AuditEvent } from '../../../audit/audit-event.js';
import { EventProver } from '../../../audit/tree/prove-event.js';
import { AuditReader } from '../../../audit/record/audit-reader.js';
import { findSessionOperation } from '../../../authorization/session-commands.js';
import { Catalogue } from '../../../catalogue/catalogue.js';
import { LOGGER } from '../../../config/config.module.js';
import type { Logger } from '../../../config/logger.js';
import { notFound } from '../../../errors.js';
import { countEvents } from '../../../audit/record/event-counts.js';
import { eventsBefore, pageOfEvents, type NumberedEvent } from '../../../audit/record/event-pages.js';
import { resetWhereBroken } from '../../list-answer.js';
import { readCursor, writeCursor } from '../cursor.js';
import { momentOf } from '../moment.js';
import { isReadOfPeople, matches, type EventFilter } from '../../../audit/record/event-filter.js';
import { principalOf } from '../callers/principal.js';
import { AdministrationController, UsesCommand, UsesCommandOrOwn } from '../operation.js';
import { UseCases } from '../use-cases.js';
import { eventCsvHead, eventCsvRow, readEventFilter, showEvent } from './audit-event-view.js';
import {
  AuditCountQuery,
  AuditCountsDto,
  AuditEventDto,
  AuditEventPageDto,
  AuditEventProofDto,
  AuditEventQuery,
} from './audit-event.dto.js';
import { EventStreams, eventStreamType } from './event-streams.js';

const intervalMs = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** `/v1/audit-events`: the record of the node that answers, the newest events first. */
@AdministrationController('/v1/audit-events', 'Audit events')
export class AuditEventsController {
  constructor(
    @Inject(UseCases) private readonly useCases: UseCases,
    @Inject(AuditReader) private readonly reader: AuditReader,
    @Inject(EventProver) private readonly prover: EventProver,
    @Inject(EventStreams) private readonly streams: EventStreams,
    @Inject(Catalogue) private readonly catalogue: Catalogue,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @Get()
  @UsesCommandOrOwn('v-list-audit-events', 'read-own-events')
  @ApiOperation({
    operationId: 'listAuditEvents',
    summary: 'List audit events, the newest first, in pages or as a stream',
    description:
      'With `Accept: application/x-ndjson` or `text/csv` all events that match, as one stream; limit and cursor do not count then. ' +
      'With `text/event-stream` those that are recorded from now on, or since `Last-Event-ID`, as server-sent events: each ' +
      '`data` is an audit event, its `id` the number; an event `gap` says that there were too many to be sent. That stream ends ' +
      'when the caller may no longer read the record.',
  })
  @ApiHeader({ name: 'Last-Event-ID', required: false, schema: { type: 'string', maxLength: 100 } })
  @ApiExtraModels(AuditEventPageDto)
  @ApiOkResponse({
    description: 'A page, or the stream.',
    content: {
      'application/json': { schema: { $ref: getSchemaPath(AuditEventPageDto) } },
      'application/x-ndjson': { schema: { type: 'string' } },
      'text/csv': { schema: { type: 'string' } },
      [eventStreamType]: { schema: { type: 'string' } },
    },
  })
  async read(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Query() query: AuditEventQuery,
    @Headers('accept') accept = '',
    @Headers('last-event-id') lastEventId = '',
  ): Promise<AuditEventPageDto | Readable> {
    const filter = this.filterOf(query, request);
    return this.useCases.run(request, [], async () => {
      const stream = streamTypes.find((type) => accept.includes(type));
      if (stream !== undefined) {
        void reply.header('Content-Type', `${stream}; charset=utf-8`);
        const onBroken = (err: unknown): void =>
          this.logger.error({ err, requestId: request.id }, 'a list of events could not be sent');
        const parts = lines(eventsBefore(this.reader, filter), stream);
        return Readable.from(resetWhereBroken(parts, request.raw.socket, onBroken));
      }
      if (accept.includes(eventStreamType)) {
        const after = numberPattern.test(lastEventId) ? Number(lastEventId) : undefined;
        const isStillAllowed = () => principalOf(request).isStillAllowed();
        const events = this.streams.open(filter, after, isStillAllowed);
        // A proxy that collects an answer would keep the newest events back.
        void reply.headers({ 'Content-Type': eventStreamType, 'X-Accel-Buffering': 'no' });
        return Readable.from(events);
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
      const counts = await countEvents(this.reader, this.filterOf(query, request), by, length);
      const items = counts.map(({ value, fromMs, count }) => ({
        value,
        ...(fromMs !== undefined && { from: momentOf(fromMs) }),
        count,
      }));
      return { items };
    });
  }

  @Get(':number')
  @UsesCommandOrOwn('v-list-audit-events', 'read-own-events')
  @ApiOperation({ operationId: 'readAuditEvent', summary: 'Read an audit event by its number' })
  @ApiParam({ name: 'number', schema: { type: 'integer', minimum: 1, maximum: 999_999_999_999_999 } })
  @ApiOkResponse({ type: AuditEventDto })
  async readOne(@Req() request: FastifyRequest, @Param('number') number: string): Promise<AuditEventDto> {
    return this.useCases.run(request, [], async () => {
      const event = numberPattern.test(number) ? await this.reader.find(Number(number)) : undefined;
      if (event === undefined || !matches(event, onlyOwn(request))) throw notFound('the event');
      return showEvent(event as NumberedEvent);
    });
  }

  @Get(':number/proof')
  @UsesCommand('v-prove-audit-event')
  @ApiOperation({
    operationId: 'proveAuditEvent',
    summary: 'Prove that an event is in the record',
    description:
      'The event, its inclusion path and a signed head of the Merkle tree, with the cosignatures of witnesses. ' +
      'The public key of the node is enough to check it offline (docs/check-audit-proof.php).',
  })
  @ApiParam({ name: 'number', schema: { type: 'integer', minimum: 1, maximum: 999_999_999_999_999 } })
  @ApiOkResponse({ type: AuditEventProofDto })
  async prove(@Req() request: FastifyRequest, @Param('number') number: string): Promise<AuditEventProofDto> {
    return this.useCases.run(request, [number], async () => {
      const proof = numberPattern.test(number) ? await this.prover.prove(Number(number)) : undefined;
      if (proof === undefined) throw notFound('the event');
      return proof;
    });
  }

  private filterOf(query: AuditEventQuery, request: FastifyRequest): EventFilter {
    const onlyReads = (name: string): boolean =>
      (findSessionOperation(name) ?? this.catalogue.find(name))?.onlyReads === true;
    const leavesOut =
      query.omit === undefined ? undefined : (event: AuditEvent) => isReadOfPeople(event, onlyReads);
    return { ...readEventFilter(query), leavesOut, ...onlyOwn(request) };
  }
}

const numberPattern = /^[1-9]\d{0,14}$/;

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
