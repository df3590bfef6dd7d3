import { ApiProperty, ApiPropertyOptional } from '../../openapi/describe.js';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsIP,
  IsString,
  Matches,
  MaxLength,
  MinLength,
  ValidateIf,
} from 'class-validator';
import { commentLength, commentPattern, parseComment } from '../../../keys/access-key.js';
import { maxAddresses, parseAllowedAddresses } from '../../../keys/limits/key-limits.js';
import { parseRateLimit, rateLimitPattern } from '../../../keys/limits/rate-limit.js';
import {
  accessKeyIdPattern,
  apiNamePattern,
  commandNamePattern,
  userNamePattern,
} from '../../../text/names.js';
import { addressOrRange } from '../formats.js';
import { IsMoment } from '../moment.js';
import { PageQuery } from '../page.dto.js';
import { Parses } from '../parses.js';
import { accessKeyStates } from './access-key.dto.js';
import { MayBeAbsent } from '../may-be-absent.js';
import { ReadsBoolean } from '../reads-boolean.js';

const durationPattern = /^[1-9]\d{0,8}[smhdw]$/;
const mostPermissions = 1000;
const permissions = {
  type: 'array' as const,
  items: { type: 'string', pattern: apiNamePattern.source },
  maxItems: mostPermissions,
};
const user = { pattern: userNamePattern.source, maxLength: 30 };
const isSet = (_: unknown, value: unknown): boolean => value !== undefined && value !== null;

/** What narrows a key. Absent: it stays as it is; null: the limit is taken away. */
export class AccessKeyLimitsInput {
  @ApiPropertyOptional({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'The end: in the future.',
  })
  @ValidateIf(isSet)
  @IsMoment()
  expiresAt?: string | null;

  @ApiPropertyOptional({
    type: String,
    pattern: durationPattern.source,
    example: '90d',
    description: 'The end, in place of expiresAt, as a time from now.',
  })
  @MayBeAbsent()
  @Matches(durationPattern, { message: 'expected a time from now such as 90d, 2w, 12h, 30m or 45s' })
  expiresIn?: string;

  @ApiPropertyOptional({
    type: 'array',
    items: addressOrRange,
    nullable: true,
    maxItems: maxAddresses,
    minItems: 1,
    example: ['203.0.113.9', '2001:db8::/64'],
  })
  @ValidateIf(isSet)
  @IsArray()
  @ArrayMaxSize(maxAddresses)
  @MaxLength(49, { each: true, message: 'expected addresses and ranges' })
  @Parses((text) => parseAllowedAddresses([text === 'any' ? '' : text]), { each: true })
  allowedAddresses?: string[] | null;

  @ApiPropertyOptional({
    type: String,
    pattern: rateLimitPattern.source,
    nullable: true,
    example: '120/min',
  })
  @ValidateIf(isSet)
  @MaxLength(20)
  @Parses(parseRateLimit)
  rateLimit?: string | null;
}

export class NewAccessKeyInput extends AccessKeyLimitsInput {
  @ApiProperty(user)
  @IsString()
  @Matches(userNamePattern, { message: 'expected the name of a user' })
  user!: string;

  @ApiPropertyOptional({
    ...permissions,
    default: [],
    description: 'Names of APIs. Empty, for the root user alone: everything.',
  })
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(mostPermissions)
  @Matches(apiNamePattern, { each: true, message: 'expected names of APIs' })
  permissions?: string[];

  @ApiPropertyOptional({ pattern: commentPattern.source, maxLength: commentLength, default: '' })
  @MayBeAbsent()
  @IsString()
  @Parses(parseComment)
  comment?: string;

  @ApiPropertyOptional({
    type: Boolean,
    default: false,
    description:
      'A canary: it allows nothing, and its use is an alert. Only for callers who may do everything.',
  })
  @MayBeAbsent()
  @IsBoolean()
  isCanary?: boolean;
}

/** A merge patch (RFC 7396): what is absent stays as it is. */
export class AccessKeyPatch extends AccessKeyLimitsInput {
  @ApiPropertyOptional(permissions)
  @ValidateIf((_, value) => value !== undefined)
  @IsArray()
  @ArrayMaxSize(mostPermissions)
  @Matches(apiNamePattern, { each: true, message: 'expected names of APIs' })
  permissions?: string[];

  @ApiPropertyOptional({ pattern: commentPattern.source, maxLength: commentLength })
  @ValidateIf((_, value) => value !== undefined)
  @IsString()
  @Parses(parseComment)
  comment?: string;
}

export const accessKeySorts = ['id', 'createdAt', '-createdAt', 'expiresAt', 'user'] as const;

export class AccessKeyQuery extends PageQuery {
  @ApiPropertyOptional({ ...user, description: 'Keys of this user.' })
  @MayBeAbsent()
  @Matches(userNamePattern, { message: 'expected the name of a user' })
  user?: string;

  @ApiPropertyOptional({ pattern: apiNamePattern.source, description: 'Keys with this permission.' })
  @MayBeAbsent()
  @Matches(apiNamePattern, { message: 'expected the name of an API' })
  permission?: string;

  @ApiPropertyOptional({ enum: accessKeyStates })
  @MayBeAbsent()
  @IsIn(accessKeyStates)
  state?: (typeof accessKeyStates)[number];

  @ApiPropertyOptional({ format: 'date-time', description: 'Keys that end before this moment.' })
  @MayBeAbsent()
  @IsMoment()
  expiresBefore?: string;

  @ApiPropertyOptional({
    format: 'date-time',
    description: 'Keys that were not used since this moment, or never.',
  })
  @MayBeAbsent()
  @IsMoment()
  unusedSince?: string;

  @ApiPropertyOptional({ type: Boolean, description: 'Keys that have no end; `false`: keys that have one.' })
  @MayBeAbsent()
  @ReadsBoolean()
  @IsBoolean()
  neverExpires?: boolean;

  @ApiPropertyOptional({
    type: Boolean,
    description: 'Keys whose secret before the present one counts as well; `false`: the others.',
  })
  @MayBeAbsent()
  @ReadsBoolean()
  @IsBoolean()
  oldSecretValid?: boolean;

  @ApiPropertyOptional({
    type: Boolean,
    description: 'Keys whose secret can be guessed, because of where it came from; `false`: the others.',
  })
  @MayBeAbsent()
  @ReadsBoolean()
  @IsBoolean()
  isWeak?: boolean;

  @ApiPropertyOptional({ pattern: accessKeyIdPattern.source, description: 'Keys that this access key made.' })
  @MayBeAbsent()
  @Matches(accessKeyIdPattern, { message: 'expected the ID of an access key' })
  madeBy?: string;

  @ApiPropertyOptional({
    maxLength: 100,
    description: 'Keys with this text in their ID, user or comment, in any case.',
  })
  @MayBeAbsent()
  @IsString()
  @MaxLength(100)
  text?: string;

  @ApiPropertyOptional({
    enum: accessKeySorts,
    default: 'id',
    description: '`expiresAt` lists those that end.',
  })
  @MayBeAbsent()
  @IsIn(accessKeySorts)
  sort: (typeof accessKeySorts)[number] = 'id';
}

export class RotationInput {
  @ApiPropertyOptional({
    pattern: durationPattern.source,
    example: '24h',
    description: 'How long the old secret counts as well; absent: not at all.',
  })
  @MayBeAbsent()
  @Matches(durationPattern, { message: 'expected a time such as 24h' })
  overlap?: string;
}

export class CheckInput {
  @ApiProperty({ description: 'The secret to be checked.', minLength: 1, maxLength: 100 })
  @IsString()
  @MinLength(1)
  @MaxLength(100)
  secretAccessKey!: string;

  @ApiProperty({ description: 'The command that it is to run.', pattern: commandNamePattern.source })
  @IsString()
  @Matches(commandNamePattern, { message: 'expected a command such as v-list-users' })
  command!: string;

  @ApiPropertyOptional({
    format: 'ip',
    description: 'As if the request came from this address.',
    default: '127.0.0.1',
  })
  @MayBeAbsent()
  @IsIP(undefined, { message: 'expected an IP address' })
  clientAddress?: string;
}
