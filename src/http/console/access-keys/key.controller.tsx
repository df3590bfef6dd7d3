import { Get, Inject, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiProblem } from '../api/api-problem.js';
import { ConsoleController } from '../console-controller.js';
import { ConsolePages, type Outcome } from '../console-pages.js';
import type { FormFields } from '../form-fields.js';
import type { Page, PageContent } from '../page.js';
import { KeyPage } from './key-page.js';
import { doneAt } from '../own-path.js';
import { signUndo } from '../undo/undo.js';
import { keyPath, keyResource } from './key-paths.js';
import { keyTrialTexts } from './key-trial.texts.js';
import { loadKey } from './load-key.js';

/** `/console/keys/ID`: everything about an access key. */
@ConsoleController('/console/keys/:accessKeyId')
export class KeyController {
  constructor(@Inject(ConsolePages) private readonly pages: ConsolePages) {}

  @Get()
  async show(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('accessKeyId') id: string,
  ): Promise<void> {
    await this.pages.show(request, reply, (page) => keyPage(page, id));
  }

  /** Suspends or unsuspends it, or makes real what is tried of it. */
  @Post()
  async changeState(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('accessKeyId') id: string,
  ): Promise<void> {
    await this.pages.submit(request, reply, (page, form) => changeState(page, form, id));
  }
}

async function changeState(page: Page, form: FormFields, id: string): Promise<Outcome> {
  const action = form.text('action') === 'unsuspend' ? 'unsuspend' : 'suspend';
  try {
    if (form.text('action') === 'enforce') return await enforceTrial(page, form, id);
    await page.api.post(`${keyResource(id)}/${action}`);
    const path = keyPath(id);
    const back = action === 'suspend' ? 'unsuspend' : 'suspend';
    const request = { method: 'POST', path: `${keyResource(id)}/${back}` } as const;
    // Others than the root user have no way to unsuspend.
    const mayUndo = page.session.isRootUser || back === 'suspend';
    const undo = mayUndo ? signUndo({ requests: [request], goTo: path }, page.session.csrfToken) : undefined;
    return { goTo: doneAt(path, `${action}ed`, undo) };
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.needsLogin) throw error;
    return keyPage(page, id, error);
  }
}

/** As the page showed it: another trial, or another key by now, is not meant. */
async function enforceTrial({ api, t }: Page, form: FormFields, id: string): Promise<Outcome> {
  if (!form.has('sure')) throw ApiProblem.ofField('sure', t(keyTrialTexts).notSure);
  await api.post(`${keyResource(id)}/trial/enforce`, {}, { 'If-Match': form.text('state') });
  return { goTo: doneAt(keyPath(id), 'saved') };
}

async function keyPage(page: Page, id: string, problem?: ApiProblem): Promise<PageContent> {
  const view = await loadKey(page, id, Date.now());
  return { title: id, status: problem?.status ?? 200, body: <KeyPage view={view} problem={problem} /> };
}
