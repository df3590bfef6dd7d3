import { Get, Inject, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { UserDto, UserListDto } from '../../administration/users/user.dto.js';
import { ApiProblem } from '../api/api-problem.js';
import { ConsoleController } from '../console-controller.js';
import { ConsolePages, type Outcome } from '../console-pages.js';
import { doneAt } from '../own-path.js';
import type { Page, PageContent } from '../page.js';
import { signUndo } from '../undo/undo.js';
import { NewUserForm } from './new-user-form.js';
import { UserList } from './user-list.js';
import { UserPage, type UserPageProps } from './user-page.js';
import { usersTexts } from './users.texts.js';

/** `/console/users`: for the root user. */
@ConsoleController('/console/users')
export class UserPagesController {
  constructor(@Inject(ConsolePages) private readonly pages: ConsolePages) {}

  @Get()
  async list(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.pages.show(request, reply, async ({ api, t }) => {
      const { items } = await api.get<UserListDto>('/v1/users');
      return { title: t(usersTexts).title, body: <UserList users={items} /> };
    });
  }

  @Get('new')
  async showForm(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.pages.show(request, reply, async ({ t }) => ({
      title: t(usersTexts).newUser,
      body: <NewUserForm />,
    }));
  }

  @Post()
  async add(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.pages.submit(request, reply, async ({ api, t }, form) => {
      const name = form.text('name');
      try {
        const [firstName, lastName] = [form.optional('firstName'), form.optional('lastName')];
        const password = form.exact('password');
        await api.post('/v1/users', { name, password, email: form.text('email'), firstName, lastName });
      } catch (error) {
        if (!(error instanceof ApiProblem)) throw error;
        const body = <NewUserForm sent={form} problem={error} />;
        return { title: t(usersTexts).newUser, status: error.status, body };
      }
      return { goTo: doneAt(pathOf(name), 'saved') };
    });
  }

  @Get(':user')
  async show(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('user') name: string,
  ): Promise<void> {
    await this.pages.show(request, reply, (page) => showUser(page, name));
  }

  @Post(':user/:change')
  async change(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('user') name: string,
    @Param('change') change: string,
  ): Promise<void> {
    await this.pages.submit(request, reply, async (page, form): Promise<Outcome> => {
      const { api } = page;
      const path = `/v1/users/${encodeURIComponent(name)}`;
      try {
        if (change === 'suspend' || change === 'unsuspend') await api.post(`${path}/${change}`);
        else if (change === 'login')
          await api.put(`${path}/login`, { isDisabled: form.text('isDisabled') === 'yes' });
        else if (change === 'role') await api.put(`${path}/role`, { role: form.text('role') });
        else if (change === 'password')
          await api.put(`${path}/password`, { password: form.exact('password') });
        else if (change !== 'delete') throw new ApiProblem(404, '');
        else {
          if (form.text('confirmation') !== name) return await showUser(page, name, { isNameWrong: true });
          await api.delete(path);
          return { goTo: doneAt('/console/users', 'deleted') };
        }
      } catch (error) {
        if (!(error instanceof ApiProblem) || error.needsLogin || error.status === 404) throw error;
        return showUser(page, name, { problem: error });
      }
      return { goTo: doneAfter(page, name, change) };
    });
  }
}

/** Suspending can be undone. What was before a password nobody knows, and both choices about logins stand on the page. */
function doneAfter({ session }: Page, name: string, change: string): string {
  if (change !== 'suspend' && change !== 'unsuspend') return doneAt(pathOf(name), 'saved');
  const back = change === 'suspend' ? 'unsuspend' : 'suspend';
  const request = { method: 'POST', path: `/v1/users/${encodeURIComponent(name)}/${back}` } as const;
  const undo = signUndo({ requests: [request], goTo: pathOf(name) }, session.csrfToken);
  return doneAt(pathOf(name), change === 'suspend' ? 'userSuspended' : 'userUnsuspended', undo);
}

function pathOf(name: string): string {
  return `/console/users/${encodeURIComponent(name)}`;
}

async function showUser(
  { api }: Page,
  name: string,
  more: Omit<UserPageProps, 'user'> = {},
): Promise<PageContent> {
  const user = await api.get<UserDto>(`/v1/users/${encodeURIComponent(name)}`);
  const status = more.problem?.status ?? (more.isNameWrong === true ? 400 : 200);
  return { title: user.name, status, body: <UserPage user={user} {...more} /> };
}
