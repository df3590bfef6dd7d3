import { Get, Inject, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AccessKeyDto } from '../../administration/access-keys/access-key.dto.js';
import { ApiProblem } from '../api/api-problem.js';
import { ConsoleController } from '../console-controller.js';
import { ConsolePages, type Outcome } from '../console-pages.js';
import type { FormFields } from '../form-fields.js';
import type { Page, PageContent } from '../page.js';
import { DeleteKey } from './delete-key.js';
import { keyFormsTexts } from './key-forms.texts.js';
import { keyResource } from './key-paths.js';

/** `/console/keys/ID/delete`: after its ID was typed in; suspending is offered first. */
@ConsoleController('/console/keys/:accessKeyId/delete')
export class DeleteKeyController {
  constructor(@Inject(ConsolePages) private readonly pages: ConsolePages) {}

  @Get()
  async show(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('accessKeyId') id: string,
  ): Promise<void> {
    await this.pages.show(request, reply, (page) => deletePage(page, id, ''));
  }

  @Post()
  async delete(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('accessKeyId') id: string,
  ): Promise<void> {
    await this.pages.submit(request, reply, (page, form) => deleteKey(page, form, id));
  }
}

async function deleteKey(page: Page, form: FormFields, id: string): Promise<Outcome> {
  const typed = form.text('typed');
  try {
    if (typed !== id) throw ApiProblem.ofField('typed', page.t(keyFormsTexts).notTheId);
    await page.api.delete(keyResource(id));
    return { goTo: '/console/keys?done=keyDeleted' };
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.needsLogin || error.status === 404) throw error;
    return deletePage(page, id, typed, error);
  }
}

async function deletePage(
  { api, t }: Page,
  id: string,
  typed: string,
  problem?: ApiProblem,
): Promise<PageContent> {
  const accessKey = await api.get<AccessKeyDto>(keyResource(id));
  return {
    title: t(keyFormsTexts).deleteTitle,
    status: problem?.status ?? 200,
    body: <DeleteKey {...{ accessKey, typed, problem }} />,
  };
}
