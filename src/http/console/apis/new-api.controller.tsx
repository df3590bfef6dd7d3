import { Get, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ApiDto } from '../../administration/apis/api.dto.js';
import type { CommandListDto } from '../../administration/insight/insight.dto.js';
import { ApiProblem } from '../api/api-problem.js';
import { ConsoleController } from '../console-controller.js';
import { ConsolePages, type Outcome } from '../console-pages.js';
import type { FormFields } from '../form-fields.js';
import type { Page, PageContent } from '../page.js';
import { ApiEditor } from './api-editor.js';
import { apiEditorTexts } from './api-editor.texts.js';
import { apiInput, emptyApi, readApiFields, type ApiFields } from './api-fields.js';
import { apiPath } from './api-paths.js';

/** `/console/apis/new`: makes an API role. */
@ConsoleController('/console/apis/new')
export class NewApiController {
  constructor(@Inject(ConsolePages) private readonly pages: ConsolePages) {}

  @Get()
  async show(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.pages.show(request, reply, (page) => editor(page, emptyApi));
  }

  @Post()
  async make(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.pages.submit(request, reply, makeApi);
  }
}

async function makeApi(page: Page, form: FormFields): Promise<Outcome> {
  const { api, t } = page;
  const fields = readApiFields(form);
  const { name, from } = fields;
  try {
    const content = from === '' ? apiInput(fields, t(apiEditorTexts).chooseRole) : { from };
    await api.post<ApiDto>('/v1/apis', { name, ...content });
    return { goTo: `${apiPath(name)}?done=apiMade` };
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.needsLogin) throw error;
    return editor(page, fields, error);
  }
}

async function editor({ api, t }: Page, fields: ApiFields, problem?: ApiProblem): Promise<PageContent> {
  const { items: catalogue } = await api.get<CommandListDto>('/v1/commands');
  return {
    title: t(apiEditorTexts).newTitle,
    status: problem?.status ?? 200,
    body: <ApiEditor {...{ fields, catalogue, problem }} />,
  };
}
