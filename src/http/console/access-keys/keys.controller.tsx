import { Get, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AccessKeyPageDto } from '../../administration/access-keys/access-key.dto.js';
import type { Query } from '../api/console-api.js';
import { ConsoleController } from '../console-controller.js';
import { ConsolePages } from '../console-pages.js';
import { KeyList } from './key-list.js';
import { keyListTexts } from './key-list.texts.js';

const dayMs = 86_400_000;
const soonMs = 14 * dayMs;
const unusedMs = 90 * dayMs;
const pageSize = 50;

/** `/console/keys`: the list of access keys. */
@ConsoleController('/console/keys')
export class KeysController {
  constructor(@Inject(ConsolePages) private readonly pages: ConsolePages) {}

  @Get()
  async list(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.pages.show(request, reply, async ({ api, url, t }) => {
      const keys = await api.get<AccessKeyPageDto>('/v1/access-keys', keyQuery(url.searchParams, Date.now()));
      return { title: t(keyListTexts).title, body: <KeyList keys={keys} /> };
    });
  }
}

/** The filters of the page as REST v1 takes them. */
export function keyQuery(filters: URLSearchParams, nowMs: number): Query {
  const value = (name: string): string | undefined => filters.get(name) ?? undefined;
  const moment = (ms: number): string => new Date(ms).toISOString();
  return {
    ...{ text: value('text'), user: value('user'), permission: value('permission') },
    ...{ state: value('state'), sort: value('sort'), cursor: value('cursor'), limit: pageSize },
    ...(value('end') === 'soon' && { expiresBefore: moment(nowMs + soonMs) }),
    ...(value('use') === 'unused' && { unusedSince: moment(nowMs - unusedMs) }),
    ...(value('use') === 'never' && { unusedSince: moment(0) }),
  };
}
