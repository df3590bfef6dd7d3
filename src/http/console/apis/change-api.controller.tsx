import { Get, Inject, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ApiDto, ApiEffectDto } from '../../administration/apis/api.dto.js';
import type { CommandListDto } from '../../administration/insight/insight.dto.js';
import { ApiProblem } from '../api/api-problem.js';
import { ConsoleController } from '../console-controller.js';
import { ConsolePages, type Outcome } from '../console-pages.js';
import type { FormFields } from '../form-fields.js';
import { doneAt } from '../own-path.js';
import type { Page, PageContent } from '../page.js';
import { signUndo, type UndoRequest } from '../undo/undo.js';
import { ApiEditor, type ApiEditorProps } from './api-editor.js';
import { apiEditorTexts } from './api-editor.texts.js';
import { apiInput, contentOfApi, digestOf, fieldsOfApi, readApiFields } from './api-fields.js';
import { apiPath, apiResource } from './api-paths.js';

/** `/console/apis/NAME/change`: the editor of an API role. */
@ConsoleController('/console/apis/:api/change')
export class ChangeApiController {
  constructor(@Inject(ConsolePages) private readonly pages: ConsolePages) {}

  @Get()
  async show(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('api') name: string,
  ): Promise<void> {
    await this.pages.show(request, reply, async (page) => {
      const { value, headers } = await page.api.send<ApiDto>('GET', apiResource(name));
      return editor(page, { fields: fieldsOfApi(value), present: { state: String(headers.etag) } });
    });
  }

  /** Saves it, or tells first what it would take from which key. */
  @Post()
  async change(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('api') name: string,
  ): Promise<void> {
    await this.pages.submit(request, reply, (page, form) => changeApi(page, form, name));
  }
}

async function changeApi(page: Page, form: FormFields, name: string): Promise<Outcome> {
  const { api, t } = page;
  const fields = { ...readApiFields(form), name };
  const state = form.text('state');
  try {
    const before = await api.get<ApiDto>(apiResource(name));
    const input = apiInput(fields, t(apiEditorTexts).chooseRole, before.problem !== null);
    const headers = { 'If-Match': state };
    const effect = await api.put<ApiEffectDto>(`${apiResource(name)}?dryRun=true`, input, headers);
    const previewed = digestOf(input);
    // What takes something away is saved once it was seen.
    const isHarmless = effect.isComplete && effect.keys.every(({ loses }) => loses.length === 0);
    const maySave = isHarmless || form.text('previewed') === previewed;
    if (form.text('step') !== 'save' || !maySave)
      return await editor(page, { fields, present: { state, effect, previewed } });
    const { headers: now } = await api.send<ApiDto>('PUT', apiResource(name), input, headers);
    return { goTo: doneAt(apiPath(name), 'saved', undoOf(page, before, String(now.etag))) };
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.needsLogin || error.status === 404) throw error;
    return editor(page, { fields, problem: error, present: { state } });
  }
}

function undoOf({ session }: Page, before: ApiDto, ifMatch: string): string | undefined {
  const content = contentOfApi(before);
  if (content === undefined) return undefined;
  const back: UndoRequest = { method: 'PUT', path: apiResource(before.name), body: content, ifMatch };
  return signUndo({ requests: [back], goTo: apiPath(before.name) }, session.csrfToken);
}

type Edited = Omit<ApiEditorProps, 'catalogue'>;

async function editor({ api, t }: Page, edited: Edited): Promise<PageContent> {
  const { items: catalogue } = await api.get<CommandListDto>('/v1/commands');
  return {
    title: t(apiEditorTexts).changeTitle(edited.fields.name),
    status: edited.problem?.status ?? 200,
    body: <ApiEditor {...edited} catalogue={catalogue} />,
  };
}
