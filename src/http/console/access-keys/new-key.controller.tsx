import { randomUUID } from 'node:crypto';
import { Get, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../../../config/config.js';
import { CONFIG } from '../../../config/config.module.js';
import type { NewAccessKeyDto } from '../../administration/access-keys/access-key.dto.js';
import type { ApiListDto } from '../../administration/apis/api.dto.js';
import type { UserDto, UserListDto } from '../../administration/users/user.dto.js';
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
import { ownerOf } from './key-owner.js';
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
    const { api, t, language } = page;
    const fields = readKeyFields(form);
    const creation = form.text('creation');
    try {
      const input = {
        ...{ user: fields.user, ...keyInput(fields, t(keyFormTexts)) },
        ...(fields.isCanary && { isCanary: true }),
      };
      // Before there is a secret, which an error would lose.
      const { items: apis } = await api.get<ApiListDto>('/v1/apis');
      const owner = await ownerOf(page, fields.user, apis);
      const granted = fields.isEverything ? undefined : grantedCommands(fields, owner, apis).all;
      const example = await exampleCommand(page, granted, fields.user);
      const headers = { 'Idempotency-Key': creation };
      const accessKey = await api.post<NewAccessKeyDto>('/v1/access-keys', input, headers);
      const sentence = sentenceOfKey(language, accessKey, owner, apis);
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
  page: Page,
  fields: KeyFields,
  creation: string,
  problem?: ApiProblem,
): Promise<PageContent> {
  const { api, session, t } = page;
  const { isRootUser, user } = session;
  const { items: apis } = await api.get<ApiListDto>('/v1/apis');
  const users = isRootUser ? await listedUsers(api) : undefined;
  const isOfAdministrator = (await ownerOf(page, user, apis)) === 'administrator';
  const texts = t(keyFormTexts);
  return {
    title: texts.newTitle,
    status: problem?.status ?? 200,
    body: (
      <>
        <h1>{texts.newTitle}</h1>
        <KeyForm
          {...{ fields, apis, problem, hidden: { creation }, submit: texts.make }}
          users={users?.slice(0, mostSuggestions).map(({ name }) => name)}
          rootUser={isRootUser ? user : undefined}
          administrators={users === undefined ? (isOfAdministrator ? [user] : []) : administratorsIn(users)}
          cancelPath="/console/keys"
        />
      </>
    ),
  };
}

function administratorsIn(users: readonly UserDto[]): string[] {
  return users.filter(({ role, isRootUser }) => role === 'admin' && !isRootUser).map(({ name }) => name);
}

function alreadyMade({ t }: Page, accessKeyId: string): PageContent {
  const { already } = t(keySecretTexts);
  return { title: already, status: 409, body: <AlreadyDone accessKeyId={accessKeyId} isRotated={false} /> };
}

/** None where a panel that supplies the users does not answer: a name can be entered all the same. */
async function listedUsers(api: Page['api']): Promise<readonly UserDto[]> {
  try {
    const { items } = await api.get<UserListDto>('/v1/users');
    return items;
  } catch (error) {
    if (error instanceof ApiProblem) return [];
    throw error;
  }
}
