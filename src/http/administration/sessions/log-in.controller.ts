import { Body, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { Approvals } from '../../../approvals/approvals.js';
import { ApiCreatedResponse, ApiOperation } from '../../openapi/describe.js';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LogIn, type LoginCredential } from '../../../authorization/log-in.js';
import type { Config } from '../../../config/config.js';
import { CONFIG } from '../../../config/config.module.js';
import { SessionTokens } from '../../../sessions/session-tokens.js';
import { clientOf } from '../../dialect-scope.js';
import { LoginController } from '../operation.js';
import { Problem, problemOfLogin } from '../problem.js';
import { transportOf } from './own-page.js';
import { writeSessionCookie } from './session-cookie.js';
import { CurrentSessionDto } from './session.dto.js';
import { LoginInput } from './session-input.dto.js';
import { readAssertion } from './read-web-authn.js';
import { showCurrentSession } from './session-view.js';

/** `POST /v1/sessions`: logging in. */
@LoginController('/v1/sessions', 'Sessions')
export class LogInController {
  constructor(
    @Inject(LogIn) private readonly logIn: LogIn,
    @Inject(Approvals) private readonly approvals: Approvals,
    @Inject(SessionTokens) private readonly tokens: SessionTokens,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Post()
  @HttpCode(201)
  @ApiOperation({
    operationId: 'logIn',
    summary: 'Log in, with a password, the token of a login link, or a passkey',
    description: 'The session is a cookie. Neither API_SYSTEM nor API_ALLOWED_IP counts.',
  })
  @ApiCreatedResponse({ type: CurrentSessionDto })
  async create(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() input: LoginInput,
  ): Promise<CurrentSessionDto> {
    const credential = readCredential(input);
    const transport = transportOf(request, this.config);
    if (transport === 'open') throw new Error('a login was reached without its guard');
    const client = clientOf(request, this.config.trustedProxies);
    const decision = await this.logIn.logIn({ client, credential });
    if (decision.outcome === 'deny') throw problemOfLogin(decision);
    const { session, secret } = decision;
    void reply.headers({
      'Set-Cookie': writeSessionCookie(secret, transport),
      Location: `/v1/sessions/${session.id}`,
    });
    const isRootUser = session.user === this.config.rootUser;
    const mayApprove = await this.approvals.mayApprove(session.user);
    return showCurrentSession(session, { isRootUser, mayApprove, csrfToken: this.tokens.pageToken(secret) });
  }
}

/** @throws Problem 400 */
function readCredential({ user, password, token, passkey }: LoginInput): LoginCredential {
  const given = [user ?? password, token, passkey].filter((value) => value !== undefined);
  if (given.length === 1) {
    if (token !== undefined) return { kind: 'link', token };
    if (passkey !== undefined) return { kind: 'passkey', assertion: readAssertion(passkey) };
    if (user !== undefined && password !== undefined) return { kind: 'password', user, password };
  }
  const message = 'expected user and password, or a token, or a passkey, and nothing else';
  const field = user === undefined ? 'user' : 'password';
  const errors = [{ field, message }];
  throw new Problem({ status: 400, reason: 'invalid_input', detail: `${field}: ${message}`, errors });
}
