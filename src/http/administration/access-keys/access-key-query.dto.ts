import { IsBoolean, IsIn, IsString, Matches, MaxLength } from 'class-validator';
import { accessKeyIdPattern, apiNamePattern, userNamePattern } from '../../../text/names.js';
import { ApiPropertyOptional } from '../../openapi/describe.js';
import { MayBeAbsent } from '../may-be-absent.js';
import { IsMoment } from '../moment.js';
import { PageQuery } from '../page.dto.js';
import { ReadsBoolean } from '../reads-boolean.js';
import { accessKeyStates } from './access-key.dto.js';

export const accessKeySorts = ['id', 'createdAt', '-createdAt', 'expiresAt', 'user'] as const;

export class AccessKeyQuery extends PageQuery {
  @ApiPropertyOptional({ pattern: userNamePattern.source, maxLength: 30, description: 'Keys of this user.' })
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

  @ApiPropertyOptional({
    type: Boolean,
    description: 'Keys that were derived from another one; `false`: the others.',
  })
  @MayBeAbsent()
  @ReadsBoolean()
  @IsBoolean()
  isDerived?: boolean;

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
