import { Get, Inject, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiProblem } from '../api/api-problem.js';
import { ConsoleApi } from '../api/console-api.js';
import { ConsoleController } from '../console-controller.js';
import { ConsolePages } from '../console-pages.js';
import { FormFields } from '../form-fields.js';
import { ownPath } from '../own-path.js';
import { LoginForm } from './login-form.js';
import { loginTexts } from './texts.js';

/** `/console/login` and `/console/logout`. */
@ConsoleController('/console')
export class LoginController {
  constructor(
    @Inject(ConsolePages) private readonly pages: ConsolePages,
    @Inject(ConsoleApi) private readonly api: ConsoleApi,
  ) {}

  @Get('login')
  async show(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query('next') next?: unknown,
  ): Promise<void> {
    await this.pages.showToAnybody(request, reply, async ({ t }) => ({
      title: t(loginTexts).title,
      body: <LoginForm next={ownPath(typeof next === 'string' ? next : '')} />,
    }));
  }

  @Post('login')
  async logIn(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const form = new FormFields(request.body);
    const next = ownPath(form.text('next'));
    const credential = form.has('token')
      ? { token: form.text('token') }
      : { user: form.text('user'), password: form.exact('password') };
    await this.pages.showToAnybody(request, reply, async ({ t }) => {
      try {
        const { headers } = await this.api.as(request).send('POST', '/v1/sessions', credential);
        void reply.header('Set-Cookie', headers['set-cookie']);
        return { goTo: next };
      } catch (error) {
        if (!(error instanceof ApiProblem)) throw error;
        const body = <LoginForm problem={error} user={form.text('user')} next={next} />;
        return { title: t(loginTexts).title, status: error.status, body };
      }
    });
  }

  @Post('logout')
  async logOut(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.pages.submit(request, reply, async ({ api }) => {
      const { headers } = await api.send('DELETE', '/v1/sessions/current');
      void reply.header('Set-Cookie', headers['set-cookie']);
      return { goTo: '/console/login' };
    });
  }
}
