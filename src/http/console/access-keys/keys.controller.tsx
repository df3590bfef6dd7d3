import { Get, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AccessKeyPageDto } from '../../administration/access-keys/access-key.dto.js';
import { ConsoleController } from '../console-controller.js';
import { ConsolePages } from '../console-pages.js';
import { KeyList } from './key-list.js';
import { keyListTexts } from './key-list.texts.js';
import { changeSelected } from './change-selected.js';
import { keyQuery } from './key-query.js';

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

  /** Suspends or deletes the keys that were selected, once that was confirmed. */
  @Post()
  async changeSeveral(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.pages.submit(request, reply, changeSelected);
  }
}
