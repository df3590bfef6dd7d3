import { Get, Inject, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../../../config/config.js';
import { CONFIG } from '../../../config/config.module.js';
import type { AccessKeyPageDto } from '../../administration/access-keys/access-key.dto.js';
import type { AuditEventPageDto } from '../../administration/audit/audit-event.dto.js';
import type { NodeListDto } from '../../administration/insight/insight.dto.js';
import { ApiProblem } from '../api/api-problem.js';
import { ConsoleController } from '../console-controller.js';
import { ConsolePages } from '../console-pages.js';
import type { Page, PageContent } from '../page.js';
import { ChecklistPage } from './checklist-page.js';
import { checklistTexts } from './checklist.texts.js';
import { LateReads } from '../late-reads.js';
import { OverviewPage, PartPage, type OverviewPageProps } from './overview-page.js';
import { overviewTexts } from './overview.texts.js';
import { OwnOverview } from './own-overview.js';
import { readChecklist } from './read-checklist.js';
import { lateParts, partReaders, type LatePartName } from './read-overview.js';
import { readSpan, type SpanName } from './spans.js';

/** `/console/`: where somebody who has logged in begins. */
@ConsoleController('/console')
export class OverviewController {
  constructor(
    @Inject(ConsolePages) private readonly pages: ConsolePages,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LateReads) private readonly late: LateReads,
  ) {}

  @Get()
  async show(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.pages.show(request, reply, (page) =>
      page.session.isRootUser ? this.ofRootUser(page) : ofUser(page),
    );
  }

  /** A part of the overview by itself: for who could not wait for it, and for readers without scripts. */
  @Get('overview/:part')
  async showPart(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('part') name: string,
  ): Promise<void> {
    await this.pages.show(request, reply, async ({ api, session, url, t }) => {
      const part = lateParts.find((each) => each === name);
      if (part === undefined) throw new ApiProblem(404, '');
      const span = readSpan(url.searchParams.get('span'));
      const readers = partReaders(api, span, Date.now());
      const value = await this.late.take<unknown>(keyOf(session, part, span), readers[part]);
      const body = <PartPage part={part} overview={{ [part]: value }} />;
      return { title: t(overviewTexts).title, body };
    });
  }

  private async ofRootUser(page: Page): Promise<PageContent> {
    const { api, t, url } = page;
    const checklist = url.searchParams.has('all') ? undefined : await readChecklist(api);
    if (checklist !== undefined) {
      const { publicUrl } = this.config;
      return { title: t(checklistTexts).title, body: <ChecklistPage {...{ checklist, publicUrl }} /> };
    }
    const body = <OverviewPage {...await this.read(page)} />;
    return { title: t(overviewTexts).title, body };
  }

  /** What takes longer than the page waits for is left out, and read on. */
  private async read({ api, session, url }: Page): Promise<OverviewPageProps> {
    const span = readSpan(url.searchParams.get('span'));
    const readers = partReaders(api, span, Date.now());
    const soon = <Part extends LatePartName>(part: Part) =>
      this.late.soon(keyOf(session, part, span), readers[part]);
    const [decisions, endSoon, neverUsed, alerts, nodes] = await Promise.all([
      ...([soon('decisions'), soon('endSoon'), soon('neverUsed'), soon('alerts')] as const),
      api.get<NodeListDto>('/v1/nodes'),
    ]);
    return { span, overview: { decisions, endSoon, neverUsed, alerts, nodes } };
  }
}

function keyOf({ sessionId }: Page['session'], part: LatePartName, span: SpanName): string {
  return `${sessionId} ${part} ${span}`;
}

async function ofUser({ api, t }: Page): Promise<PageContent> {
  const [keys, events] = await Promise.all([
    api.get<AccessKeyPageDto>('/v1/access-keys', { limit: 10, sort: '-createdAt' }),
    api.get<AuditEventPageDto>('/v1/audit-events', { omit: 'reads', limit: 10 }),
  ]);
  return { title: t(overviewTexts).own.title, body: <OwnOverview {...{ keys, events }} /> };
}
