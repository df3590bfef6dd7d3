import { Get, Inject, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AccessKeyDto } from '../../administration/access-keys/access-key.dto.js';
import type { ApiListDto } from '../../administration/apis/api.dto.js';
import { ApiProblem } from '../api/api-problem.js';
import { ConsoleController } from '../console-controller.js';
import { ConsolePages, type Outcome } from '../console-pages.js';
import type { FormFields } from '../form-fields.js';
import { layoutTexts } from '../layout/texts.js';
import { doneAt } from '../own-path.js';
import type { Page, PageContent } from '../page.js';
import { signUndo, undoOfTaggedPatch } from '../undo/undo.js';
import { fieldsOfKey, keyInput, readKeyFields } from './key-fields.js';
import { KeyForm } from './key-form.js';
import { keyFormTexts } from './key-form.texts.js';
import { ownerOf } from './key-owner.js';
import { keyPath, keyResource } from './key-paths.js';

/** `/console/keys/ID/change`: roles, comment and limits. */
@ConsoleController('/console/keys/:accessKeyId/change')
export class ChangeKeyController {
  constructor(@Inject(ConsolePages) private readonly pages: ConsolePages) {}

  @Get()
  async show(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('accessKeyId') id: string,
  ): Promise<void> {
    await this.pages.show(request, reply, (page) => changePage(page, id));
  }

  @Post()
  async change(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('accessKeyId') id: string,
  ): Promise<void> {
    await this.pages.submit(request, reply, (page, form) => changeKey(page, form, id));
  }
}

async function changeKey(page: Page, form: FormFields, id: string): Promise<Outcome> {
  const texts = page.t(keyFormTexts);
  try {
    const patch = keyInput(readKeyFields(form), texts);
    // What the form was filled with: another tab, or somebody else, may have changed the key meanwhile.
    const before = await page.api.get<AccessKeyDto>(keyResource(id));
    const state = { 'If-Match': form.text('state') };
    const { headers } = await page.api.send<AccessKeyDto>('PATCH', keyResource(id), patch, state);
    const ifMatch = String(headers.etag);
    const back = undoOfTaggedPatch({ path: keyResource(id), before, patch, ifMatch });
    const undo = back && signUndo({ requests: [back], goTo: keyPath(id) }, page.session.csrfToken);
    return { goTo: doneAt(keyPath(id), 'saved', undo) };
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.needsLogin || error.status === 404) throw error;
    return changePage(page, id, { form, problem: error });
  }
}

async function changePage(
  page: Page,
  id: string,
  refused?: { form: FormFields; problem: ApiProblem },
): Promise<PageContent> {
  const { api, session, t } = page;
  const { value: accessKey, headers } = await api.send<AccessKeyDto>('GET', keyResource(id));
  const { items: apis } = await api.get<ApiListDto>('/v1/apis');
  const owner = await ownerOf(page, accessKey.user, apis);
  const isOfRootUser = owner === 'root_user';
  const isOfAdministrator = owner === 'administrator';
  const { form, problem } = refused ?? {};
  const read = form && { ...readKeyFields(form), user: accessKey.user };
  const state = form?.text('state') ?? String(headers.etag);
  const texts = t(keyFormTexts);
  const wasChanged = problem?.reason === 'changed_meanwhile';
  return {
    title: texts.changeTitle,
    status: problem?.status ?? 200,
    body: (
      <>
        <h1>
          {texts.changeTitle} <code>{id}</code>
        </h1>
        {wasChanged && (
          <p class="notice wrong" role="alert">
            {texts.changedMeanwhile} <a href={`/console/keys/${id}/change`}>{texts.openAnew}</a>
          </p>
        )}
        <KeyForm
          fields={read ?? fieldsOfKey(accessKey, isOfRootUser)}
          apis={
            isOfRootUser
              ? apis
              : apis.filter(
                  ({ name, role }) =>
                    role === 'user' ||
                    (isOfAdministrator && role === 'admin') ||
                    accessKey.permissions.includes(name),
                )
          }
          problem={wasChanged ? undefined : problem}
          rootUser={isOfRootUser ? session.user : undefined}
          administrators={isOfAdministrator ? [accessKey.user] : []}
          {...(accessKey.expiresAt !== null && { presentEnd: accessKey.expiresAt })}
          {...{ hidden: { state }, submit: t(layoutTexts).save, cancelPath: `/console/keys/${id}` }}
        />
      </>
    ),
  };
}
