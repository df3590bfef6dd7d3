import { Get, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../../../config/config.js';
import { CONFIG } from '../../../config/config.module.js';
import type { AccessKeyPageDto } from '../../administration/access-keys/access-key.dto.js';
import type { AuditEventPageDto } from '../../administration/audit/audit-event.dto.js';
import { ConsoleController } from '../console-controller.js';
import { ConsolePages } from '../console-pages.js';
import type { Page, PageContent } from '../page.js';
import { ChecklistPage } from './checklist-page.js';
import { checklistTexts } from './checklist.texts.js';
import { OverviewPage } from './overview-page.js';
import { overviewTexts } from './overview.texts.js';
import { OwnOverview } from './own-overview.js';
import { readChecklist } from './read-checklist.js';
import { readOverview } from './read-overview.js';
import { readSpan } from './spans.js';

/** `/console/`: where somebody who has logged in begins. */
@ConsoleController('/console')
export class OverviewController {
  constructor(
    @Inject(ConsolePages) private readonly pages: ConsolePages,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get()
  async show(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.pages.show(request, reply, (page) =>
      page.session.isRootUser ? this.ofRootUser(page) : ofUser(page),
    );
  }

  private async ofRootUser({ api, t, url }: Page): Promise<PageContent> {
    const checklist = url.searchParams.has('all') ? undefined : await readChecklist(api);
    if (checklist !== undefined) {
      const { publicUrl } = this.config;
      return { title: t(checklistTexts).title, body: <ChecklistPage {...{ checklist, publicUrl }} /> };
    }
    const overview = await readOverview(api, readSpan(url.searchParams.get('span')), Date.now());
    return { title: t(overviewTexts).title, body: <OverviewPage overview={overview} /> };
  }
}

async function ofUser({ api, t }: Page): Promise<PageContent> {
  const [keys, events] = await Promise.all([
    api.get<AccessKeyPageDto>('/v1/access-keys', { limit: 10, sort: '-createdAt' }),
    api.get<AuditEventPageDto>('/v1/audit-events', { omit: 'reads', limit: 10 }),
  ]);
  return { title: t(overviewTexts).own.title, body: <OwnOverview {...{ keys, events }} /> };
}
