import { Get, Inject, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AccessKeyPageDto } from '../../administration/access-keys/access-key.dto.js';
import type { ApiDto, ApiEffectDto } from '../../administration/apis/api.dto.js';
import type { CommandListDto } from '../../administration/insight/insight.dto.js';
import { ApiProblem } from '../api/api-problem.js';
import { ConsoleController } from '../console-controller.js';
import { ConsolePages, type Outcome } from '../console-pages.js';
import type { FormFields } from '../form-fields.js';
import { doneAt } from '../own-path.js';
import type { Page, PageContent } from '../page.js';
import { signUndo } from '../undo/undo.js';
import { ApiPage } from './api-page.js';
import { contentOfApi } from './api-fields.js';
import { apiPageTexts } from './api-page.texts.js';
import { apiPath, apiResource } from './api-paths.js';
import { DeleteApi } from './delete-api.js';

const mostKeys = 20;

/** `/console/apis/NAME`: an API role, and its end. */
@ConsoleController('/console/apis/:api')
export class ApiPageController {
  constructor(@Inject(ConsolePages) private readonly pages: ConsolePages) {}

  @Get()
  async show(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('api') name: string,
  ): Promise<void> {
    await this.pages.show(request, reply, (page) => apiPage(page, name));
  }

  /** Deletes it, once what that takes from which key was seen. */
  @Post()
  async delete(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('api') name: string,
  ): Promise<void> {
    await this.pages.submit(request, reply, (page, form) => deleteApi(page, form, name));
  }
}

async function apiPage({ api }: Page, name: string): Promise<PageContent> {
  const shown = await api.get<ApiDto>(apiResource(name));
  const [{ items: catalogue }, keys] = await Promise.all([
    api.get<CommandListDto>('/v1/commands'),
    api.get<AccessKeyPageDto>('/v1/access-keys', { permission: name, limit: mostKeys }),
  ]);
  return { title: name, body: <ApiPage {...{ api: shown, catalogue, keys }} /> };
}

async function deleteApi(page: Page, form: FormFields, name: string): Promise<Outcome> {
  const state = form.text('state');
  if (state === '') return deletePage(page, name);
  try {
    const before = await page.api.get<ApiDto>(apiResource(name));
    await page.api.delete(apiResource(name), { 'If-Match': state });
    return { goTo: doneAt('/console/apis', 'apiDeleted', undoOf(page, before)) };
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.needsLogin || error.status === 404) throw error;
    return deletePage(page, name, error);
  }
}

function undoOf({ session }: Page, api: ApiDto): string | undefined {
  const content = contentOfApi(api);
  if (content === undefined) return undefined;
  const back = { method: 'POST', path: '/v1/apis', body: { name: api.name, ...content } } as const;
  return signUndo({ requests: [back], goTo: apiPath(api.name) }, session.csrfToken);
}

/** The effect is that of a role without commands. */
async function deletePage({ api, t }: Page, name: string, problem?: ApiProblem): Promise<PageContent> {
  const { value, headers } = await api.send<ApiDto>('GET', apiResource(name));
  const state = String(headers.etag);
  const none = { role: value.role ?? 'admin', commands: [], only: null };
  const effect = await api.put<ApiEffectDto>(`${apiResource(name)}?dryRun=true`, none, { 'If-Match': state });
  return {
    title: t(apiPageTexts).deleteTitle(name),
    status: problem?.status ?? 200,
    body: <DeleteApi {...{ name, state, effect, problem }} />,
  };
}
