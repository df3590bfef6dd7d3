import { Readable } from 'node:stream';
import { Get, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LOGGER } from '../../../config/config.module.js';
import type { Logger } from '../../../config/logger.js';
import { csvRow } from '../../../text/csv.js';
import type { AccessKeyDto, AccessKeyPageDto } from '../../administration/access-keys/access-key.dto.js';
import { endsWithConnection, resetWhereBroken, wholeList } from '../../list-answer.js';
import type { ApiCalls, Query } from '../api/console-api.js';
import { ConsoleController } from '../console-controller.js';
import { ConsolePages } from '../console-pages.js';
import { keyQuery } from './key-query.js';

/** As many as REST v1 gives at once. */
const pageSize = 1000;

const columns = [
  ...(['accessKeyId', 'user', 'permissions', 'comment', 'state', 'createdAt', 'expiresAt'] as const),
  ...(['allowedAddresses', 'rateLimit', 'oldSecretValidUntil', 'madeBy', 'isWeak', 'only'] as const),
  ...(['isDerived', 'quota'] as const),
];
type Column = (typeof columns)[number] | 'isCanary';

/** `/console/keys.csv`: the whole list that the filters of the page let through. */
@ConsoleController('/console/keys.csv')
export class KeysCsvController {
  constructor(
    @Inject(ConsolePages) private readonly pages: ConsolePages,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @Get()
  async download(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.pages.download(request, reply, async ({ api, url, session }) => {
      const filters = new URLSearchParams(url.searchParams);
      filters.delete('cursor');
      const query = { ...keyQuery(filters, Date.now()), limit: pageSize };
      // What is wrong with the filters is told by a page, as long as nothing was sent.
      const first = await api.get<AccessKeyPageDto>('/v1/access-keys', query);
      // Nobody else is shown that there is such a thing.
      const shown: readonly Column[] = session.isRootUser ? [...columns, 'isCanary'] : columns;
      const parts = rows(api, query, first, shown);
      const onBroken = (err: unknown): void =>
        this.logger.error({ err, requestId: request.id }, 'a list of keys could not be sent');
      const content = endsWithConnection(request.raw)
        ? await wholeList(parts)
        : Readable.from(resetWhereBroken(parts, request.raw.socket, onBroken));
      return { content, type: 'text/csv; charset=utf-8', fileName: 'access-keys.csv' };
    });
  }
}

/** A page is read once the one before it was taken. */
async function* rows(
  api: ApiCalls,
  query: Query,
  first: AccessKeyPageDto,
  shown: readonly Column[],
): AsyncGenerator<string> {
  yield csvRow([...shown, 'lastUsedAt', 'lastUsedFrom', 'lastCommand']);
  for (let page = first; ;) {
    yield page.items.map((key) => rowOf(key, shown)).join('');
    if (page.next === null) return;
    page = await api.get<AccessKeyPageDto>('/v1/access-keys', { ...query, cursor: page.next });
  }
}

function rowOf(key: AccessKeyDto, shown: readonly Column[]): string {
  const { lastUse } = key;
  const own = shown.map((column) => {
    const value = key[column] ?? null;
    return Array.isArray(value) ? value.join(' ') : typeof value === 'boolean' ? String(value) : value;
  });
  return csvRow([...own, lastUse?.at ?? null, lastUse?.clientAddress ?? null, lastUse?.command ?? null]);
}
