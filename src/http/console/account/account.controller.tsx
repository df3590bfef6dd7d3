import { Get, Inject, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { PasskeyListDto } from '../../administration/sessions/passkey.dto.js';
import type { SessionPageDto } from '../../administration/sessions/session.dto.js';
import { ApiProblem } from '../api/api-problem.js';
import { ProblemBox } from '../components/problem-box.js';
import { ConsoleController } from '../console-controller.js';
import { ConsolePages } from '../console-pages.js';
import type { Page, PageContent } from '../page.js';
import { SessionTable } from '../sessions/session-table.js';
import { PasswordForm } from '../users/user-page.js';
import { accountTexts } from './account.texts.js';
import { PasskeySection } from './passkey-section.js';

/** `/console/account`: password, passkeys and sessions of the reader. */
@ConsoleController('/console/account')
export class AccountController {
  constructor(@Inject(ConsolePages) private readonly pages: ConsolePages) {}

  @Get()
  async show(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.pages.show(request, reply, (page) => showAccount(page));
  }

  @Post('password')
  async changePassword(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.pages.submit(request, reply, async (page, form) => {
      const { api, session } = page;
      try {
        const password = form.exact('password');
        await api.put(`/v1/users/${encodeURIComponent(session.user)}/password`, { password });
      } catch (error) {
        if (!(error instanceof ApiProblem) || error.needsLogin) throw error;
        return showAccount(page, error);
      }
      // The session that changes the password ends with the old one.
      return { goTo: '/console/login' };
    });
  }

  @Post('passkeys/:passkeyId/delete')
  async deletePasskey(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('passkeyId') passkeyId: string,
  ): Promise<void> {
    await this.pages.submit(request, reply, async ({ api }) => {
      await api.delete(`/v1/passkeys/${encodeURIComponent(passkeyId)}`);
      return { goTo: '/console/account?done=deleted' };
    });
  }
}

async function showAccount({ api, session: { user }, t }: Page, problem?: ApiProblem): Promise<PageContent> {
  const texts = t(accountTexts);
  const [passkeys, sessions] = await Promise.all([
    api.get<PasskeyListDto>('/v1/passkeys', { user }),
    api.get<SessionPageDto>('/v1/sessions', { user }),
  ]);
  const body = (
    <>
      <div class="title-row">
        <h1>{texts.title}</h1>
      </div>
      <ProblemBox problem={problem} />
      <PasskeySection passkeys={passkeys.items} />
      <section class="card">
        <h2>{texts.password}</h2>
        <PasswordForm action="/console/account/password" user={user} problem={problem} />
      </section>
      <section class="card">
        <h2>{texts.sessions}</h2>
        <SessionTable sessions={sessions.items} next="/console/account" />
      </section>
    </>
  );
  return { title: texts.title, status: problem?.status ?? 200, body };
}
