import { ArrayMaxSize, IsArray, Matches } from 'class-validator';
import { accessKeyIdPattern, apiNamePattern, userNamePattern } from '../../../text/names.js';
import { ApiProperty, ApiPropertyOptional } from '../../openapi/describe.js';
import { AccessKeyNarrowingInput } from '../access-keys/access-key-input.dto.js';
import { MayBeAbsent } from '../may-be-absent.js';

const mostPermissions = 1000;

/** What is tried of a key, at least one of these. Absent: it stays as it is; null: the limit would be taken away. */
export class TrialInput extends AccessKeyNarrowingInput {
  @ApiPropertyOptional({
    type: 'array',
    items: { type: 'string', pattern: apiNamePattern.source },
    maxItems: mostPermissions,
    description: 'Names of APIs that would take the place of its permissions.',
  })
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(mostPermissions)
  @Matches(apiNamePattern, { each: true, message: 'expected names of APIs' })
  permissions?: string[];
}

export class TrialQuery {
  @ApiPropertyOptional({
    pattern: userNamePattern.source,
    maxLength: 30,
    description: 'Of keys of this user.',
  })
  @MayBeAbsent()
  @Matches(userNamePattern, { message: 'expected the name of a user' })
  user?: string;

  @ApiPropertyOptional({
    pattern: accessKeyIdPattern.source,
    description: 'Of this key, in place of a user.',
  })
  @MayBeAbsent()
  @Matches(accessKeyIdPattern, { message: 'expected the ID of an access key' })
  accessKeyId?: string;
}

export class TriedPartsDto {
  @ApiPropertyOptional({ type: [String], description: 'Names of APIs.' })
  permissions?: string[];

  @ApiPropertyOptional({ type: [String], nullable: true, description: 'null: any address.' })
  allowedAddresses?: string[] | null;

  @ApiPropertyOptional({ type: String, nullable: true, description: 'null: none of its own.' })
  rateLimit?: string | null;

  @ApiPropertyOptional({ type: [String], nullable: true, description: 'null: held to nothing.' })
  only?: string[] | null;
}

export class TriedDenialDto {
  @ApiProperty()
  command!: string;

  @ApiProperty({ description: 'Why it would have been denied.' })
  reason!: string;

  @ApiProperty({ type: 'integer' })
  count!: number;

  @ApiProperty({ format: 'date-time' })
  lastAt!: string;
}

export class TrialDto {
  @ApiProperty({ pattern: '^[A-Za-z0-9]{20}$' })
  accessKeyId!: string;

  @ApiProperty()
  user!: string;

  @ApiProperty({ type: TriedPartsDto, description: 'What is tried; what is absent stays as the key has it.' })
  tries!: TriedPartsDto;

  @ApiProperty({ description: 'Whether it can be read; one that can not tries nothing.' })
  isReadable!: boolean;

  @ApiProperty({ format: 'date-time' })
  since!: string;

  @ApiProperty({ description: 'Who began it, as the record names him.' })
  by!: string;

  @ApiProperty({
    type: 'integer',
    description: 'Allowed requests since then, of the key and of those that it made.',
  })
  decisions!: number;

  @ApiProperty({ type: 'integer', description: 'How many of these it would have denied.' })
  wouldDeny!: number;

  @ApiProperty({ type: [TriedDenialDto], description: 'These by command and reason.' })
  denials!: TriedDenialDto[];

  @ApiProperty({ description: 'The node whose record was read; empty: there is one.' })
  node!: string;

  @ApiProperty({ type: [String], description: 'Nodes whose records have to be asked as well.' })
  otherNodes!: string[];

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'Where the record does not go back so far: from when on it counts.',
  })
  recordFrom!: string | null;
}

export class TrialListDto {
  @ApiProperty({ type: [TrialDto] })
  items!: TrialDto[];
}
