import { Get, Inject, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AccessKeyDto } from '../../administration/access-keys/access-key.dto.js';
import type { SuggestionDto } from '../../administration/suggestions/suggestion.dto.js';
import { ApiProblem } from '../api/api-problem.js';
import { ConsoleController } from '../console-controller.js';
import { ConsolePages, type Outcome } from '../console-pages.js';
import type { FormFields } from '../form-fields.js';
import { doneAt } from '../own-path.js';
import type { Page, PageContent } from '../page.js';
import { applySuggestion, canApply } from './apply-suggestion.js';
import { KeyUse } from './key-use.js';
import { keyUseTexts } from './key-use.texts.js';
import { keyPageTexts } from './key-page.texts.js';
import { keyPath, keyResource } from './key-paths.js';

const dayMs = 86_400_000;

/** `/console/keys/ID/use`: what a key uses, and the smallest role that is enough for it. */
@ConsoleController('/console/keys/:accessKeyId/use')
export class KeyUseController {
  constructor(@Inject(ConsolePages) private readonly pages: ConsolePages) {}

  @Get()
  async show(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('accessKeyId') id: string,
  ): Promise<void> {
    await this.pages.show(request, reply, (page) => usePageOf(page, id, readDays(page)));
  }

  @Post()
  async apply(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('accessKeyId') id: string,
  ): Promise<void> {
    await this.pages.submit(request, reply, (page, form) => apply(page, form, id));
  }
}

async function apply(page: Page, form: FormFields, id: string): Promise<Outcome> {
  const texts = page.t(keyUseTexts);
  const since = form.text('since');
  try {
    if (!form.has('sure')) throw ApiProblem.ofField('sure', texts.notSure);
    const suggestion = await page.api.get<SuggestionDto>(`${keyResource(id)}/suggestion`, { since });
    // Only what was shown is done.
    const isAsShown = suggestion.commandLines.join('\n') === form.text('lines').replaceAll('\r\n', '\n');
    if (!isAsShown || !canApply(suggestion)) throw ApiProblem.ofField('sure', texts.changed);
    const undo = await applySuggestion(page, suggestion, form.text('state'));
    return { goTo: doneAt(keyPath(id), 'saved', undo) };
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.needsLogin || error.status === 404) throw error;
    return usePageOf(page, id, readDays(page), error);
  }
}

async function usePageOf(
  { api, t }: Page,
  id: string,
  days: string,
  problem?: ApiProblem,
): Promise<PageContent> {
  const { headers } = await api.send<AccessKeyDto>('GET', keyResource(id));
  const since = new Date(Date.now() - Number(days) * dayMs).toISOString();
  const suggestion = await api.get<SuggestionDto>(`${keyResource(id)}/suggestion`, { since });
  return {
    title: `${t(keyUseTexts).title} ${id}`,
    status: problem?.status ?? 200,
    body: <KeyUse {...{ suggestion, days, state: String(headers.etag), problem }} />,
  };
}

function readDays({ url }: Page): string {
  const text = url.searchParams.get('days') ?? '';
  return Object.hasOwn(keyPageTexts.en.periods, text) ? text : '90';
}
