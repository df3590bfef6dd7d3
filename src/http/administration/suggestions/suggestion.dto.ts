import { ApiProperty, ApiPropertyOptional } from '../../openapi/describe.js';
import { subjectKinds, type SubjectKind } from '../../../authorization/suggest/suggestion.js';
import { IsMoment } from '../moment.js';
import { MayBeAbsent } from '../may-be-absent.js';

export class SuggestionQuery {
  @ApiPropertyOptional({
    format: 'date-time',
    description: 'What was used since then; absent: in the last 90 days.',
  })
  @MayBeAbsent()
  @IsMoment()
  since?: string;
}

export class UsedCommandDto {
  @ApiProperty()
  command!: string;

  @ApiProperty({ type: 'integer', description: 'How often it was allowed.' })
  count!: number;

  @ApiProperty({ format: 'date-time' })
  lastAt!: string;
}

export class SuggestedCommandDto extends UsedCommandDto {
  @ApiProperty({ description: 'Whether it stands in SAFE of the suggested role.' })
  isSafe!: boolean;
}

export class UnsuggestedCommandDto extends UsedCommandDto {
  @ApiProperty({
    enum: ['not_granted', 'unknown'],
    description: 'It was allowed once: now no role grants it, or there is no such command.',
  })
  why!: string;
}

export class PeaksDto {
  @ApiProperty({ type: 'integer' })
  second!: number;

  @ApiProperty({ type: 'integer' })
  minute!: number;

  @ApiProperty({ type: 'integer' })
  hour!: number;
}

export class SuggestedKeyDto {
  @ApiProperty()
  accessKeyId!: string;

  @ApiProperty()
  user!: string;

  @ApiProperty({ type: 'integer', description: 'How many of its requests were allowed.' })
  uses!: number;

  @ApiProperty({ type: String, nullable: true, format: 'date-time' })
  lastAt!: string | null;

  @ApiProperty({
    type: [String],
    nullable: true,
    description: 'The ranges that it came from; null: none are suggested.',
  })
  allowedAddresses!: string[] | null;

  @ApiProperty({
    type: String,
    nullable: true,
    example: '120/min',
    description: 'The lowest limit that would have refused nothing; null: none is suggested.',
  })
  rateLimit!: string | null;

  @ApiProperty({
    type: PeaksDto,
    description: 'The most requests in a second, a minute and an hour, with those of the keys that it made.',
  })
  peaks!: PeaksDto;
}

export class SuggestionNoteDto {
  @ApiProperty({ description: 'Which note it is. A new one may join.', example: 'older_use_unknown' })
  code!: string;

  @ApiProperty({ type: [String], description: 'Commands, keys, APIs or nodes that it is about.' })
  names!: string[];

  @ApiProperty()
  message!: string;
}

/** The smallest role that would have allowed all that was allowed and still is. */
export class SuggestionDto {
  @ApiProperty({ enum: subjectKinds })
  kind!: SubjectKind;

  @ApiProperty({ description: 'The access key ID, the user or the API.' })
  name!: string;

  @ApiProperty({ description: 'The node whose record was read; empty: one process owns the data.' })
  node!: string;

  @ApiProperty({ format: 'date-time' })
  since!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    format: 'date-time',
    description: 'When the record begins that could be read; null: it is empty.',
  })
  recordFrom!: string | null;

  @ApiProperty({ type: 'integer', description: 'How many requests were allowed.' })
  decisions!: number;

  @ApiProperty({ enum: ['admin', 'user'] })
  role!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The name of the role in commandLines; null: no role is made.',
  })
  api!: string | null;

  @ApiProperty({ type: [SuggestedCommandDto] })
  commands!: SuggestedCommandDto[];

  @ApiProperty({ type: [UnsuggestedCommandDto], description: 'Used, and not suggested.' })
  unsuggested!: UnsuggestedCommandDto[];

  @ApiProperty({ type: [String], description: 'Commands that could be run beyond those.' })
  beyond!: string[];

  @ApiProperty({ description: 'Whether a key may run every command.' })
  isUnrestricted!: boolean;

  @ApiProperty({ type: [SuggestedKeyDto], description: 'Empty for an API.' })
  keys!: SuggestedKeyDto[];

  @ApiProperty({
    type: [String],
    description:
      'The commands that put it in place, in their order; empty: nothing is to be changed, or a note says why none are suggested.',
  })
  commandLines!: string[];

  @ApiProperty({ type: [SuggestionNoteDto] })
  notes!: SuggestionNoteDto[];
}
