import { randomUUID } from 'node:crypto';
import { Get, Inject, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../../../config/config.js';
import { CONFIG } from '../../../config/config.module.js';
import type { AccessKeyDto, NewAccessKeyDto } from '../../administration/access-keys/access-key.dto.js';
import type { ApiListDto } from '../../administration/apis/api.dto.js';
import { ApiProblem } from '../api/api-problem.js';
import { ConsoleController } from '../console-controller.js';
import { ConsolePages, type Outcome } from '../console-pages.js';
import type { FormFields } from '../form-fields.js';
import { ownOrigin } from '../own-origin.js';
import type { Page, PageContent } from '../page.js';
import { exampleCommand } from './example-command.js';
import { keyFormsTexts } from './key-forms.texts.js';
import { ownerOf } from './key-owner.js';
import { keyResource } from './key-paths.js';
import { AlreadyDone, KeySecret } from './key-secret.js';
import { keySecretTexts } from './key-secret.texts.js';
import { grantedCommands, sentenceOfKey } from './key-sentence.js';
import { RotateForm } from './rotate-form.js';

/** `/console/keys/ID/rotate`: a new secret, which is shown once. */
@ConsoleController('/console/keys/:accessKeyId/rotate')
export class RotateKeyController {
  constructor(
    @Inject(ConsolePages) private readonly pages: ConsolePages,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get()
  async show(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('accessKeyId') id: string,
  ): Promise<void> {
    await this.pages.show(request, reply, (page) => rotatePage(page, id, randomUUID()));
  }

  @Post()
  async rotate(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('accessKeyId') id: string,
  ): Promise<void> {
    const origin = ownOrigin(request, this.config);
    await this.pages.submit(request, reply, (page, form) => rotateKey(page, form, id, origin));
  }
}

async function rotateKey(page: Page, form: FormFields, id: string, origin: string): Promise<Outcome> {
  const { api, language, t } = page;
  const [overlap, creation] = [form.text('overlap'), form.text('creation')];
  try {
    // Before there is a secret, which an error would lose.
    const key = await api.get<AccessKeyDto>(keyResource(id));
    const { items: apis } = await api.get<ApiListDto>('/v1/apis');
    const owner = await ownerOf(page, key.user, apis);
    const mayEverything = owner === 'root_user' && key.permissions.length === 0;
    const granted = mayEverything ? undefined : grantedCommands(key, owner, apis).all;
    const example = await exampleCommand(page, granted, key.user);
    const accessKey = await api.post<NewAccessKeyDto>(
      `${keyResource(id)}/rotate`,
      overlap === '0' || overlap === '' ? {} : { overlap },
      { 'Idempotency-Key': creation },
    );
    const sentence = sentenceOfKey(language, accessKey, owner, apis);
    return {
      title: t(keySecretTexts).rotatedTitle,
      body: <KeySecret {...{ accessKey, sentence, origin, example, isRotated: true }} />,
    };
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.needsLogin || error.status === 404) throw error;
    if (error.reason !== 'already_created') return rotatePage(page, id, creation, error);
    const { already } = t(keySecretTexts);
    return { title: already, status: 409, body: <AlreadyDone accessKeyId={id} isRotated /> };
  }
}

async function rotatePage(
  { api, t }: Page,
  id: string,
  creation: string,
  problem?: ApiProblem,
): Promise<PageContent> {
  const accessKey = await api.get<AccessKeyDto>(keyResource(id));
  return {
    title: `${t(keyFormsTexts).rotateTitle} ${id}`,
    status: problem?.status ?? 200,
    body: <RotateForm {...{ accessKey, creation, problem }} />,
  };
}
