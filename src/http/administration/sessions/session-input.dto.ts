import { ApiPropertyOptional } from '../../openapi/describe.js';
import { IsObject, IsString, Matches, MaxLength } from 'class-validator';
import { userNamePattern } from '../../../text/names.js';
import { PageQuery } from '../page.dto.js';
import { MayBeAbsent } from '../may-be-absent.js';

/** Who logs in: `user` and `password`, or the `token` of a link, or a `passkey`. */
export class LoginInput {
  @ApiPropertyOptional({ maxLength: 100 })
  @MayBeAbsent()
  @IsString()
  @MaxLength(100)
  user?: string;

  @ApiPropertyOptional({ maxLength: 1024, format: 'password' })
  @MayBeAbsent()
  @IsString()
  @MaxLength(1024)
  password?: string;

  @ApiPropertyOptional({ maxLength: 100, description: 'What stands behind `token=` in a login link.' })
  @MayBeAbsent()
  @IsString()
  @MaxLength(100)
  token?: string;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description:
      'An `AuthenticationResponseJSON` of WebAuthn, made with the options of `/v1/sessions/options`.',
  })
  @MayBeAbsent()
  @IsObject()
  passkey?: Record<string, unknown>;
}

export class SessionQuery extends PageQuery {
  @ApiPropertyOptional({ pattern: userNamePattern.source, maxLength: 30 })
  @MayBeAbsent()
  @Matches(userNamePattern, { message: 'expected the name of a user' })
  user?: string;
}
