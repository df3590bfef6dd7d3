import { ApiProperty, ApiPropertyOptional } from '../../openapi/describe.js';
import { IsObject, IsString, Matches } from 'class-validator';
import { parsePasskeyName } from '../../../sessions/passkeys/passkey.js';
import { userNamePattern } from '../../../text/names.js';
import { Parses } from '../parses.js';
import { MayBeAbsent } from '../may-be-absent.js';

/** A passkey as it may be shown; its keys are not part of it. */
export class PasskeyDto {
  @ApiProperty({ pattern: '^[A-Za-z0-9]{24}$' })
  passkeyId!: string;

  @ApiProperty()
  user!: string;

  @ApiProperty()
  name!: string;

  @ApiProperty({ format: 'date-time' })
  createdAt!: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  lastUsedAt!: string | null;
}

export class PasskeyListDto {
  @ApiProperty({ type: [PasskeyDto] })
  items!: PasskeyDto[];
}

export class PasskeyQuery {
  @ApiPropertyOptional({
    pattern: userNamePattern.source,
    maxLength: 30,
    description: 'Absent: of all users for the root user, for another the own ones.',
  })
  @MayBeAbsent()
  @Matches(userNamePattern, { message: 'expected the name of a user' })
  user?: string;
}

/** What a browser has made with the options of `/v1/passkeys/options`. */
export class NewPasskeyInput {
  @ApiProperty({ minLength: 1, maxLength: 64, description: 'What its user calls it.' })
  @IsString()
  @Parses(parsePasskeyName)
  name!: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'A `RegistrationResponseJSON` of WebAuthn.',
  })
  @IsObject()
  credential!: Record<string, unknown>;
}

export class WebAuthnOptionsDto {
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'What `parseCreationOptionsFromJSON` or `parseRequestOptionsFromJSON` of a browser takes.',
  })
  publicKey!: object;
}
