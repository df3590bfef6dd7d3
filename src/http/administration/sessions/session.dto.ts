import { ApiProperty } from '../../openapi/describe.js';
import type { LoginMethod } from '../../../sessions/session.js';

export const loginMethods = ['password', 'link', 'passkey'] as const satisfies readonly LoginMethod[];

/** Somebody who has logged in, in one browser; the value of the cookie is not part of it. */
export class SessionDto {
  @ApiProperty({ pattern: '^[A-Za-z0-9]{24}$' })
  sessionId!: string;

  @ApiProperty()
  user!: string;

  @ApiProperty({ enum: loginMethods })
  method!: LoginMethod;

  @ApiProperty({ description: 'Where the login came from.' })
  clientAddress!: string;

  @ApiProperty({ format: 'date-time' })
  createdAt!: string;

  @ApiProperty({ format: 'date-time', description: 'It ends 30 minutes later, unless it is used.' })
  lastSeenAt!: string;

  @ApiProperty({ format: 'date-time', description: 'The end at the latest.' })
  endsAt!: string;

  @ApiProperty({ description: 'Whether it is the one that this request came with.' })
  isCurrent!: boolean;
}

/** The own session, as its pages need it. */
export class CurrentSessionDto extends SessionDto {
  @ApiProperty()
  isRootUser!: boolean;

  @ApiProperty({
    description:
      'Whether changes wait for a second person here (HEARTHKEY_APPROVALS), and this user may be that person.',
  })
  mayApprove!: boolean;

  @ApiProperty({ description: 'To be sent as `X-CSRF-Token` with each change.' })
  csrfToken!: string;
}

export class SessionPageDto {
  @ApiProperty({ type: [SessionDto] })
  items!: SessionDto[];

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The `cursor` of the next page; null: this is the last one.',
  })
  next!: string | null;
}
