import { Body, Delete, Get, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
} from '../../openapi/describe.js';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { notFound } from '../../../errors.js';
import type { Passkey } from '../../../sessions/passkeys/passkey.js';
import { Passkeys } from '../../../sessions/passkeys/passkeys.js';
import type { Session } from '../../../sessions/session.js';
import { passkeyIdPattern } from '../../../text/names.js';
import { principalOf } from '../callers/principal.js';
import { momentOf } from '../moment.js';
import { AdministrationController, UsesCommand } from '../operation.js';
import { UseCases } from '../use-cases.js';
import {
  NewPasskeyInput,
  PasskeyDto,
  PasskeyListDto,
  PasskeyQuery,
  WebAuthnOptionsDto,
} from './passkey.dto.js';
import { readAttestation } from './read-web-authn.js';

/** `/v1/passkeys`: enrolling them in a browser that has logged in, and deleting them. */
@AdministrationController('/v1/passkeys', 'Sessions')
export class PasskeysController {
  constructor(
    @Inject(UseCases) private readonly useCases: UseCases,
    @Inject(Passkeys) private readonly passkeys: Passkeys,
  ) {}

  @Get()
  @UsesCommand('v-list-passkeys')
  @ApiOperation({ operationId: 'listPasskeys', summary: 'List passkeys' })
  @ApiOkResponse({ type: PasskeyListDto })
  async read(@Req() request: FastifyRequest, @Query() query: PasskeyQuery): Promise<PasskeyListDto> {
    const user = this.useCases.listedUser(request, query.user);
    return this.useCases.run(request, [user], async () => {
      const listed = await this.passkeys.list(user === '' ? undefined : user);
      return { items: listed.map(showPasskey) };
    });
  }

  @Post('options')
  @UsesCommand('enrol-passkey')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'readPasskeyOptions',
    summary: 'What a browser needs to make a passkey for the user of this session',
  })
  @ApiOkResponse({ type: WebAuthnOptionsDto })
  async options(@Req() request: FastifyRequest): Promise<WebAuthnOptionsDto> {
    return this.useCases.run(request, [], async () => ({
      publicKey: await this.passkeys.enrolmentOptions(sessionOf(request)),
    }));
  }

  @Post()
  @UsesCommand('enrol-passkey')
  @ApiOperation({ summary: 'Enrol the passkey that the browser has made' })
  @ApiCreatedResponse({ type: PasskeyDto })
  async create(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() { name, credential }: NewPasskeyInput,
  ): Promise<PasskeyDto> {
    const attestation = readAttestation(credential);
    return this.useCases.run(request, [], async ({ origin }) => {
      const passkey = await this.passkeys.enrol(sessionOf(request), name, attestation, origin);
      void reply.header('Location', `/v1/passkeys/${passkey.id}`);
      return showPasskey(passkey);
    });
  }

  @Delete(':passkeyId')
  @UsesCommand('v-delete-passkey')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a passkey: nobody logs in with it any more' })
  @ApiNoContentResponse()
  async delete(@Req() request: FastifyRequest, @Param('passkeyId') passkeyId: string): Promise<void> {
    if (!passkeyIdPattern.test(passkeyId)) throw notFound('the passkey');
    await this.useCases.runCommand(request, [passkeyId]);
  }
}

function sessionOf(request: FastifyRequest): Session {
  const { session } = principalOf(request);
  if (session === undefined) throw notFound('the session');
  return session;
}

function showPasskey({ id, user, name, createdAtMs, lastUsedAtMs }: Passkey): PasskeyDto {
  return {
    passkeyId: id,
    user,
    name,
    createdAt: momentOf(createdAtMs),
    lastUsedAt: lastUsedAtMs === undefined ? null : momentOf(lastUsedAtMs),
  };
}
