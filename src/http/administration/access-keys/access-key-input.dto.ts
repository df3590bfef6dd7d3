import { ApiProperty, ApiPropertyOptional } from '../../openapi/describe.js';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIP,
  IsString,
  Matches,
  MaxLength,
  MinLength,
  ValidateIf,
} from 'class-validator';
import { commentLength, commentPattern, parseComment } from '../../../keys/access-key.js';
import { maxHeldValues, parseHeld } from '../../../catalogue/held-arguments.js';
import { maxAddresses, parseAllowedAddresses } from '../../../keys/limits/key-limits.js';
import { parseQuota, quotaPattern } from '../../../keys/limits/quota.js';
import { parseRateLimit, rateLimitPattern } from '../../../keys/limits/rate-limit.js';
import { apiNamePattern, commandNamePattern, userNamePattern } from '../../../text/names.js';
import { heldArguments, maxHeldText } from '../held-arguments.js';
import { addressOrRange } from '../formats.js';
import { IsMoment } from '../moment.js';
import { Parses } from '../parses.js';
import { MayBeAbsent } from '../may-be-absent.js';

const durationPattern = /^[1-9]\d{0,8}[smhdw]$/;
const mostPermissions = 1000;
const permissions = {
  type: 'array' as const,
  items: { type: 'string', pattern: apiNamePattern.source },
  maxItems: mostPermissions,
};
const user = { pattern: userNamePattern.source, maxLength: 30 };
const isSet = (_: unknown, value: unknown): boolean => value !== undefined && value !== null;

/** What narrows a key beside its end. Absent: it stays as it is; null: the limit is taken away. */
export class AccessKeyNarrowingInput {
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

  @ApiPropertyOptional(heldArguments)
  @ValidateIf(isSet)
  @IsArray()
  @ArrayMaxSize(maxHeldValues)
  @MaxLength(maxHeldText, { each: true, message: 'expected arguments such as DOMAIN=example.com' })
  @Parses((text) => parseHeld([text === 'none' ? '' : text]), { each: true })
  only?: string[] | null;
}

/** The same with the end. */
export class AccessKeyLimitsInput extends AccessKeyNarrowingInput {
  @ApiPropertyOptional({
    type: String,
    pattern: quotaPattern.source,
    nullable: true,
    example: '10000/month',
    description:
      'The most allowed requests in a day, a week (from Monday) or a month of the calendar, in UTC.',
  })
  @ValidateIf(isSet)
  @MaxLength(20)
  @Parses(parseQuota)
  quota?: string | null;

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
