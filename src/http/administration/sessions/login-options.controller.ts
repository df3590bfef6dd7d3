import { HttpCode, Inject, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '../../openapi/describe.js';
import { Passkeys } from '../../../sessions/passkeys/passkeys.js';
import { LoginController } from '../operation.js';
import { WebAuthnOptionsDto } from './passkey.dto.js';

/** `POST /v1/sessions/options`: what comes before a login with a passkey. It says nothing of anybody. */
@LoginController('/v1/sessions/options', 'Sessions')
export class LoginOptionsController {
  constructor(@Inject(Passkeys) private readonly passkeys: Passkeys) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({ operationId: 'readLoginOptions', summary: 'What a browser needs to log in with a passkey' })
  @ApiOkResponse({ type: WebAuthnOptionsDto })
  async create(): Promise<WebAuthnOptionsDto> {
    return { publicKey: await this.passkeys.loginOptions() };
  }
}
