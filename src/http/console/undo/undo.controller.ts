import { Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiProblem } from '../api/api-problem.js';
import { ConsoleController } from '../console-controller.js';
import { ConsolePages } from '../console-pages.js';
import { layoutTexts } from '../layout/texts.js';
import { doneAt } from '../own-path.js';
import { readUndo, runUndo, type UndoResult } from './undo.js';

/** `/console/undo`: puts back what a form has changed. */
@ConsoleController('/console/undo')
export class UndoController {
  constructor(@Inject(ConsolePages) private readonly pages: ConsolePages) {}

  @Post()
  async undo(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.pages.submit(request, reply, async ({ api, session, t, language }, form) => {
      const undo = readUndo(form.exact('undo'), session.csrfToken);
      if (undo === undefined) throw ApiProblem.ofField('undo', t(layoutTexts).undoOver);
      return { goTo: doneAt(undo.goTo, noticeOf(await runUndo(api, undo, language))) };
    });
  }
}

function noticeOf({ done, leftOut }: UndoResult): 'undone' | 'undonePartly' | 'undoneNone' {
  if (leftOut === 0) return 'undone';
  return done === 0 ? 'undoneNone' : 'undonePartly';
}
