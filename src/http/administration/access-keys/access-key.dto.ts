import { ApiProperty, ApiPropertyOptional } from '../../openapi/describe.js';
import { problemReasons, type ProblemReason } from '../problem-reasons.js';

export const accessKeyStates = ['active', 'suspended', 'expired'] as const;

export class LastUseDto {
  @ApiProperty({ format: 'date-time' })
  at!: string;

  @ApiProperty({ description: 'The client address of that request.' })
  clientAddress!: string;

  @ApiProperty()
  command!: string;
}

/** An access key as it may be shown; its secret is not part of it. */
export class AccessKeyDto {
  @ApiProperty({ pattern: '^[A-Za-z0-9]{20}$' })
  accessKeyId!: string;

  @ApiProperty()
  user!: string;

  @ApiProperty({
    type: [String],
    description: 'Names of APIs; empty: everything, for a key of the root user.',
  })
  permissions!: string[];

  @ApiProperty()
  comment!: string;

  @ApiProperty({ enum: accessKeyStates })
  state!: (typeof accessKeyStates)[number];

  @ApiProperty({ format: 'date-time' })
  createdAt!: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'The first moment at which it is refused; null: never.',
  })
  expiresAt!: string | null;

  @ApiProperty({
    type: [String],
    nullable: true,
    description: 'Where it may be used from; null: wherever API_ALLOWED_IP lets it.',
  })
  allowedAddresses!: string[] | null;

  @ApiProperty({ type: String, nullable: true, example: '120/min' })
  rateLimit!: string | null;

  @ApiProperty({ type: String, nullable: true, example: '10000/month' })
  quota!: string | null;

  @ApiProperty({
    type: [String],
    nullable: true,
    example: ['DOMAIN=example.com,*.example.org'],
    description: 'What arguments of its commands may be; null: whatever they are.',
  })
  only!: string[] | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'Until then the secret before this one counts as well.',
  })
  oldSecretValidUntil!: string | null;

  @ApiProperty({ type: LastUseDto, nullable: true })
  lastUse!: LastUseDto | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The access key that made it over the API, and with which it ends.',
  })
  madeBy!: string | null;

  @ApiProperty({
    description: 'Whether it was derived from that key for a while, and is removed after its end.',
  })
  isDerived!: boolean;

  @ApiProperty({
    description:
      'Whether its secret came from a source that can be guessed: rotate it. As the doctor finds it.',
  })
  isWeak!: boolean;

  @ApiPropertyOptional({
    type: Boolean,
    description:
      'Whether it is a canary: it allows nothing, its holder sees a key with a wrong secret, and its use is an alert. ' +
      'Only callers who may do everything are shown this.',
  })
  isCanary?: boolean;
}

/** The only answer that has the secret. */
export class NewAccessKeyDto extends AccessKeyDto {
  @ApiProperty({ minLength: 40, maxLength: 40, description: 'Shown this once.' })
  secretAccessKey!: string;
}

export class AccessKeyPageDto {
  @ApiProperty({ type: [AccessKeyDto] })
  items!: AccessKeyDto[];

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The `cursor` of the next page; null: this is the last one.',
  })
  next!: string | null;
}

export class CheckResultDto {
  @ApiProperty()
  allowed!: boolean;

  @ApiProperty({ type: 'integer', description: 'The return code of v-check-access-key.' })
  code!: number;

  @ApiProperty({
    type: String,
    nullable: true,
    enum: [...problemReasons, null],
    description: 'Why not; null: it is allowed.',
  })
  reason!: ProblemReason | null;

  @ApiPropertyOptional({ description: "The key's user." })
  user?: string;

  @ApiPropertyOptional({
    type: 'integer',
    description: 'Where the user must stand among the arguments, counted from 1; 0: nowhere.',
  })
  userArgPosition?: number;
}
