import { Delete, Get, HttpCode, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { Approvals } from '../../../approvals/approvals.js';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation } from '../../openapi/describe.js';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../../../config/config.js';
import { CONFIG } from '../../../config/config.module.js';
import { notFound } from '../../../errors.js';
import { SessionTokens } from '../../../sessions/session-tokens.js';
import { Sessions } from '../../../sessions/sessions.js';
import { sessionIdPattern } from '../../../text/names.js';
import { principalOf } from '../callers/principal.js';
import { readCursor, writeCursor } from '../cursor.js';
import { AdministrationController, UsesCommand } from '../operation.js';
import { UseCases } from '../use-cases.js';
import { transportOf } from './own-page.js';
import { readSessionCookie, writeSessionCookie } from './session-cookie.js';
import { CurrentSessionDto, SessionPageDto } from './session.dto.js';
import { SessionQuery } from './session-input.dto.js';
import { showCurrentSession, showSession } from './session-view.js';

/** `/v1/sessions`: who is logged in, and logging out. */
@AdministrationController('/v1/sessions', 'Sessions')
export class SessionsController {
  constructor(
    @Inject(UseCases) private readonly useCases: UseCases,
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(Approvals) private readonly approvals: Approvals,
    @Inject(SessionTokens) private readonly tokens: SessionTokens,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get()
  @UsesCommand('v-list-sessions')
  @ApiOperation({ summary: 'List sessions, the newest first, in pages' })
  @ApiOkResponse({ type: SessionPageDto })
  async readPage(@Req() request: FastifyRequest, @Query() query: SessionQuery): Promise<SessionPageDto> {
    const user = this.useCases.listedUser(request, query.user);
    return this.useCases.run(request, [user], async () => {
      const { limit, cursor } = query;
      const read = cursor === undefined ? undefined : readCursor(cursor, ['number', 'string']);
      const after = read && { createdAtMs: Number(read[0]), id: String(read[1]) };
      const { sessions, last } = await this.sessions.page(user === '' ? undefined : user, limit, after);
      const currentId = principalOf(request).session?.id;
      return {
        items: sessions.map((session) => showSession(session, currentId)),
        next: last === undefined ? null : writeCursor([last.createdAtMs, last.id]),
      };
    });
  }

  @Get('current')
  @UsesCommand('read-session')
  @ApiOperation({
    operationId: 'readCurrentSession',
    summary: 'Read the own session, with what each change has to send along',
  })
  @ApiOkResponse({ type: CurrentSessionDto })
  async readCurrent(@Req() request: FastifyRequest): Promise<CurrentSessionDto> {
    return this.useCases.run(request, [], async () => {
      const { session, isRootUser } = principalOf(request);
      const secret = readSessionCookie(request.headers, transportOf(request, this.config));
      if (session === undefined || secret === undefined) throw notFound('the session');
      const mayApprove = await this.approvals.mayApprove(session.user);
      return showCurrentSession(session, {
        isRootUser,
        mayApprove,
        csrfToken: this.tokens.pageToken(secret),
      });
    });
  }

  @Delete('current')
  @UsesCommand('log-out')
  @HttpCode(204)
  @ApiOperation({ operationId: 'logOut', summary: 'Log out' })
  @ApiNoContentResponse()
  async deleteCurrent(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await this.useCases.run(request, [], async ({ caller, origin }) => {
      await this.sessions.end(principalOf(request).session?.id ?? '', caller.authority, origin);
      const transport = transportOf(request, this.config);
      if (transport !== 'open') void reply.header('Set-Cookie', writeSessionCookie('', transport));
    });
  }

  @Delete(':sessionId')
  @UsesCommand('v-delete-session')
  @HttpCode(204)
  @ApiOperation({ summary: 'End a session' })
  @ApiNoContentResponse()
  async delete(@Req() request: FastifyRequest, @Param('sessionId') sessionId: string): Promise<void> {
    if (!sessionIdPattern.test(sessionId)) throw notFound('the session');
    await this.useCases.runCommand(request, [sessionId]);
  }
}
