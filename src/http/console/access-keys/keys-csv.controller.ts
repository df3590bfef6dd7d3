import { Readable } from 'node:stream';
import { Get, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { csvRow } from '../../../text/csv.js';
import type { AccessKeyDto, AccessKeyPageDto } from '../../administration/access-keys/access-key.dto.js';
import { ConsoleApi, type ApiCalls, type Query } from '../api/console-api.js';
import { ConsoleController } from '../console-controller.js';
import { ConsolePages } from '../console-pages.js';
import { pageHeaders } from '../security-headers.js';
import { keyQuery } from './key-query.js';

/** As many as REST v1 gives at once. */
const pageSize = 1000;

const columns = [
  ...(['accessKeyId', 'user', 'permissions', 'comment', 'state', 'createdAt', 'expiresAt'] as const),
  ...(['allowedAddresses', 'rateLimit', 'oldSecretValidUntil', 'madeBy'] as const),
];

const head = csvRow([...columns, 'lastUsedAt', 'lastUsedFrom', 'lastCommand']);

/** `/console/keys.csv`: the whole list that the filters of the page let through. */
@ConsoleController('/console/keys.csv')
export class KeysCsvController {
  constructor(
    @Inject(ConsoleApi) private readonly api: ConsoleApi,
    @Inject(ConsolePages) private readonly pages: ConsolePages,
  ) {}

  @Get()
  async download(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const api = this.api.as(request);
    const filters = new URL(request.url, 'http://console.invalid').searchParams;
    filters.delete('cursor');
    const query = { ...keyQuery(filters, Date.now()), limit: pageSize };
    let first: AccessKeyPageDto;
    try {
      first = await api.get<AccessKeyPageDto>('/v1/access-keys', query);
    } catch (error) {
      // With the login, or a page that says what is wrong.
      await this.pages.show(request, reply, () => {
        throw error;
      });
      return;
    }
    void reply
      .headers(pageHeaders)
      .header('Content-Type', 'text/csv; charset=utf-8')
      .header('Content-Disposition', 'attachment; filename="access-keys.csv"')
      .send(Readable.from(rows(api, query, first)));
  }
}

/** A page is read once the one before it was taken. */
async function* rows(api: ApiCalls, query: Query, first: AccessKeyPageDto): AsyncGenerator<string> {
  yield head;
  for (let page = first; ;) {
    yield page.items.map(rowOf).join('');
    if (page.next === null) return;
    page = await api.get<AccessKeyPageDto>('/v1/access-keys', { ...query, cursor: page.next });
  }
}

function rowOf(key: AccessKeyDto): string {
  const { lastUse } = key;
  const own = columns.map((column) => {
    const value = key[column];
    return Array.isArray(value) ? value.join(' ') : value;
  });
  return csvRow([...own, lastUse?.at ?? null, lastUse?.clientAddress ?? null, lastUse?.command ?? null]);
}
