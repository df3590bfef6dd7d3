import { randomUUID } from 'node:crypto';
import { Get, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../../../config/config.js';
import { CONFIG } from '../../../config/config.module.js';
import type { NewAccessKeyDto } from '../../administration/access-keys/access-key.dto.js';
import type { ApiListDto } from '../../administration/apis/api.dto.js';
import type { UserListDto } from '../../administration/users/user.dto.js';
import { ApiProblem } from '../api/api-problem.js';
import { ConsoleController } from '../console-controller.js';
import { ConsolePages, type Outcome } from '../console-pages.js';
import type { FormFields } from '../form-fields.js';
import { ownOrigin } from '../own-origin.js';
import type { Page, PageContent } from '../page.js';
import { exampleCommand } from './example-command.js';
import { emptyFields, keyInput, readKeyFields, type KeyFields } from './key-fields.js';
import { KeyForm } from './key-form.js';
import { keyFormTexts } from './key-form.texts.js';
import { AlreadyDone, KeySecret } from './key-secret.js';
import { keySecretTexts } from './key-secret.texts.js';
import { grantedCommands, sentenceOfKey } from './key-sentence.js';

/** So many users are offered; another one's name is entered. */
const mostSuggestions = 300;

/** `/console/keys/new`: makes an access key, and shows its secret once. */
@ConsoleController('/console/keys/new')
export class NewKeyController {
  constructor(
    @Inject(ConsolePages) private readonly pages: ConsolePages,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get()
  async show(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.pages.show(request, reply, async (page) => {
      const { session, url } = page;
      const { isRootUser } = session;
      const user = (isRootUser ? url.searchParams.get('user') : null) ?? session.user;
      const fields = { ...emptyFields(user), permissions: url.searchParams.getAll('permissions') };
      return formPage(page, fields, randomUUID());
    });
  }

  @Post()
  async make(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.pages.submit(request, reply, (page, form) => this.makeKey(request, page, form));
  }

  private async makeKey(request: FastifyRequest, page: Page, form: FormFields): Promise<Outcome> {
    const { api, session, t, language } = page;
    const fields = readKeyFields(form);
    const creation = form.text('creation');
    try {
      const input = {
        ...{ user: fields.user, ...keyInput(fields, t(keyFormTexts)) },
        ...(fields.isCanary && { isCanary: true }),
      };
      // Before there is a secret, which an error would lose.
      const { items: apis } = await api.get<ApiListDto>('/v1/apis');
      const isOfRootUser = session.isRootUser && fields.user === session.user;
      const granted = fields.isEverything ? undefined : grantedCommands(fields, isOfRootUser, apis);
      const example = await exampleCommand(page, granted, fields.user);
      const headers = { 'Idempotency-Key': creation };
      const accessKey = await api.post<NewAccessKeyDto>('/v1/access-keys', input, headers);
      const sentence = sentenceOfKey(language, accessKey, isOfRootUser, apis);
      const origin = ownOrigin(request, this.config);
      return {
        title: t(keySecretTexts).madeTitle,
        body: <KeySecret {...{ accessKey, sentence, origin, example, isRotated: false }} />,
      };
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.needsLogin) throw error;
      if (error.reason === 'already_created' && error.id !== undefined) return alreadyMade(page, error.id);
      return formPage(page, fields, creation, error);
    }
  }
}

async function formPage(
  { api, session, t }: Page,
  fields: KeyFields,
  creation: string,
  problem?: ApiProblem,
): Promise<PageContent> {
  const { isRootUser, user } = session;
  const { items: apis } = await api.get<ApiListDto>('/v1/apis');
  const texts = t(keyFormTexts);
  return {
    title: texts.newTitle,
    status: problem?.status ?? 200,
    body: (
      <>
        <h1>{texts.newTitle}</h1>
        <KeyForm
          {...{ fields, apis, problem, hidden: { creation }, submit: texts.make }}
          users={isRootUser ? await userNames(api) : undefined}
          rootUser={isRootUser ? user : undefined}
          cancelPath="/console/keys"
        />
      </>
    ),
  };
}

function alreadyMade({ t }: Page, accessKeyId: string): PageContent {
  const { already } = t(keySecretTexts);
  return { title: already, status: 409, body: <AlreadyDone accessKeyId={accessKeyId} isRotated={false} /> };
}

/** None where a panel that supplies the users does not answer: a name can be entered all the same. */
async function userNames(api: Page['api']): Promise<string[]> {
  try {
    const { items } = await api.get<UserListDto>('/v1/users');
    return items.slice(0, mostSuggestions).map(({ name }) => name);
  } catch (error) {
    if (error instanceof ApiProblem) return [];
    throw error;
  }
}
