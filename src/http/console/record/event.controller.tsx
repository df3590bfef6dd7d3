import { Get, Inject, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AuditEventDto } from '../../administration/audit/audit-event.dto.js';
import type { ExplanationDto } from '../../administration/insight/insight.dto.js';
import { ApiProblem } from '../api/api-problem.js';
import { ConsoleController } from '../console-controller.js';
import { ConsolePages } from '../console-pages.js';
import { doneAt } from '../own-path.js';
import type { Page, PageContent } from '../page.js';
import { signUndo } from '../undo/undo.js';
import { doRemedy } from './do-remedy.js';
import { EventPage } from './event-page.js';
import { eventTexts } from './event.texts.js';
import { remedyOf } from './remedies.js';

/** `/console/record/NUMBER`: an event, its explanation, and a button that does what the explanation names. */
@ConsoleController('/console/record/:number')
export class EventController {
  constructor(@Inject(ConsolePages) private readonly pages: ConsolePages) {}

  @Get()
  async show(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('number') number: string,
  ): Promise<void> {
    await this.pages.show(request, reply, async (page) => {
      const event = await readEvent(page, number);
      return contentOf(page, event, await explain(page, event));
    });
  }

  @Post()
  async remedy(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('number') number: string,
  ): Promise<void> {
    await this.pages.submit(request, reply, async (page, form) => {
      const event = await readEvent(page, number);
      // Asked again: what was confirmed is done only while it is still what the explanation says.
      const explanation = await explain(page, event);
      const found = explanation && remedyOf(explanation);
      if (found === undefined || found.text !== form.exact('remedy'))
        return contentOf(page, event, explanation, { hasChanged: true });
      const goTo = eventPath(event);
      try {
        const back = await doRemedy(page.api, found.remedy);
        const undo = back && signUndo({ requests: [back], goTo }, page.session.csrfToken);
        return { goTo: doneAt(goTo, 'remedied', undo) };
      } catch (error) {
        if (!(error instanceof ApiProblem) || error.needsLogin) throw error;
        return contentOf(page, event, explanation, { problem: error });
      }
    });
  }
}

function eventPath({ number }: AuditEventDto): string {
  return `/console/record/${String(number)}`;
}

function readEvent({ api }: Page, number: string): Promise<AuditEventDto> {
  return api.get<AuditEventDto>(`/v1/audit-events/${encodeURIComponent(number)}`);
}

/** @returns undefined where there is nothing to explain, or the reader may not ask: he has the reason in words */
async function explain(
  { api, session }: Page,
  { type, actor, number }: AuditEventDto,
): Promise<ExplanationDto | undefined> {
  if (!session.isRootUser || type !== 'decision' || actor['kind'] !== 'access_key') return undefined;
  try {
    return await api.readByPost<ExplanationDto>(
      '/v1/explanations',
      { auditEvent: number },
      session.csrfToken,
    );
  } catch (error) {
    // Its key ID was made up, or its command was none.
    if (error instanceof ApiProblem && error.status === 400) return undefined;
    throw error;
  }
}

function contentOf(
  { t }: Page,
  event: AuditEventDto,
  explanation: ExplanationDto | undefined,
  more: { problem?: ApiProblem; hasChanged?: boolean } = {},
): PageContent {
  const { problem, hasChanged } = more;
  return {
    title: t(eventTexts).title(event.number),
    body: <EventPage {...{ event, explanation, ...more }} />,
    ...(problem !== undefined && { status: problem.status }),
    ...(hasChanged === true && { status: 409 }),
  };
}
