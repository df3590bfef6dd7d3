import { Get, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { maskUnknownName } from '../../../text/names.js';
import type { LeakAnswersDto } from '../../administration/leaked-secrets/leaked-secrets.dto.js';
import { ApiProblem } from '../api/api-problem.js';
import { ConsoleController } from '../console-controller.js';
import { ConsolePages, type Outcome } from '../console-pages.js';
import type { FormFields } from '../form-fields.js';
import type { Page, PageContent } from '../page.js';
import { LeakForm, leakPath, LeakResult } from './leak-page.js';
import { leakTexts } from './leak.texts.js';

/** `/console/keys/leaked`: for the root user, the keys of secrets that have leaked. */
@ConsoleController(leakPath)
export class LeakController {
  constructor(@Inject(ConsolePages) private readonly pages: ConsolePages) {}

  @Get()
  async show(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.pages.show(request, reply, (page) => Promise.resolve(formPage(page)));
  }

  @Post()
  async revoke(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.pages.submit(request, reply, revoke);
  }
}

async function revoke(page: Page, form: FormFields): Promise<Outcome> {
  const texts = page.t(leakTexts);
  const secrets = form.list('secrets');
  try {
    if (secrets.length === 0) throw ApiProblem.ofField('secrets', texts.none);
    const answers = await page.api.post<LeakAnswersDto>('/v1/leaked-secrets', { secrets });
    const masked = secrets.map((secret) => maskUnknownName(secret.split(':').at(-1) ?? ''));
    return { title: texts.result, body: <LeakResult {...{ masked, answers }} /> };
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.needsLogin) throw error;
    return formPage(page, error);
  }
}

function formPage({ t }: Page, problem?: ApiProblem): PageContent {
  return {
    title: t(leakTexts).title,
    status: problem?.status ?? 200,
    body: <LeakForm problem={problem} />,
  };
}
