import { ApiProperty, ApiPropertyOptional } from '../../openapi/describe.js';
import { IsIn, IsString, Matches, MaxLength } from 'class-validator';
import { auditEventTypes, auditOutcomes } from '../../../audit/audit-event.js';
import { countedBy, type CountedBy } from '../../../audit/record/event-counts.js';
import { actorGroups, type ActorGroup } from '../../../audit/record/event-filter.js';
import { denyReasons } from '../../../errors.js';
import { accessKeyIdPattern, commandTextPattern, userNamePattern } from '../../../text/names.js';
import { IsMoment } from '../moment.js';
import { PageQuery } from '../page.dto.js';
import { MayBeAbsent } from '../may-be-absent.js';

const types = auditEventTypes;
const outcomes = auditOutcomes;
const reasons = Object.keys(denyReasons).sort();

export class TrialVerdictDto {
  @ApiProperty({ description: 'The key that something is tried of.' })
  accessKeyId!: string;

  @ApiProperty({ format: 'date-time', description: 'When the trial began.' })
  since!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Why the request would have been denied; null: it would have been allowed.',
  })
  wouldDeny!: string | null;
}

export class AuditEventDto {
  @ApiProperty({ type: 'integer', description: 'Its number in the record of the node that answers.' })
  number!: number;

  @ApiProperty()
  id!: string;

  @ApiProperty({ format: 'date-time' })
  time!: string;

  @ApiProperty({ enum: types })
  type!: string;

  @ApiProperty({ enum: outcomes })
  outcome!: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string' },
    description: 'Who: `kind`, and what names him.',
  })
  actor!: Record<string, string>;

  @ApiProperty({ type: String, nullable: true })
  clientAddress!: string | null;

  @ApiProperty({ type: String, nullable: true })
  command!: string | null;

  @ApiProperty({
    type: [String],
    nullable: true,
    description: 'Arguments; those that may be secret are masked.',
  })
  args!: string[] | null;

  @ApiProperty({ type: String, nullable: true, enum: [...reasons, null] })
  reason!: string | null;

  @ApiProperty({ type: 'integer', nullable: true, description: 'The return code.' })
  code!: number | null;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string' },
    nullable: true,
    description: 'What a change was made to.',
  })
  target!: Record<string, string> | null;

  @ApiProperty({ type: String, nullable: true, description: 'Of a note or an alert: which.' })
  note!: string | null;

  @ApiProperty({ type: 'integer', description: 'How many failed attempts it stands for.' })
  count!: number;

  @ApiPropertyOptional({
    type: [TrialVerdictDto],
    description: 'Of an allowed request of a key on trial: what the trial would have made of it.',
  })
  trial?: TrialVerdictDto[];
}

export class AuditEventProofDto {
  @ApiProperty({ type: 'integer' })
  number!: number;

  @ApiProperty({ type: 'integer', description: 'Of the leaf in the tree.' })
  index!: number;

  @ApiProperty({
    description: 'The line without its chain value: the leaf is SHA-256 of a zero byte and this.',
  })
  content!: string;

  @ApiProperty({ type: [String], description: 'The inclusion path from the leaf up, each in base64.' })
  path!: string[];

  @ApiProperty({ description: 'A head of the tree as a signed note, with the signatures of witnesses.' })
  checkpoint!: string;

  @ApiProperty({ description: 'The public key of the node, as C2SP writes it.' })
  key!: string;
}

export class AuditEventPageDto {
  @ApiProperty({ type: [AuditEventDto] })
  items!: AuditEventDto[];

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The `cursor` of the next page; null: this is the last one.',
  })
  next!: string | null;
}

/** The filters, which a page, a stream and a count have alike. */
export class AuditEventQuery extends PageQuery {
  @ApiPropertyOptional({ pattern: accessKeyIdPattern.source })
  @MayBeAbsent()
  @Matches(accessKeyIdPattern, { message: 'expected the ID of an access key' })
  accessKeyId?: string;

  @ApiPropertyOptional({ pattern: userNamePattern.source })
  @MayBeAbsent()
  @Matches(userNamePattern, { message: 'expected the name of a user' })
  user?: string;

  @ApiPropertyOptional({
    pattern: commandTextPattern.source,
    maxLength: 100,
    description: 'A command, or what the record has in place of one, such as log-in.',
  })
  @MayBeAbsent()
  @MaxLength(100)
  @Matches(commandTextPattern, { message: 'expected a command' })
  command?: string;

  @ApiPropertyOptional({ maxLength: 45 })
  @MayBeAbsent()
  @IsString()
  @MaxLength(45)
  clientAddress?: string;

  @ApiPropertyOptional({
    enum: actorGroups,
    description:
      'programs: with a key or a password over the API; people: operators, and users who have logged in.',
  })
  @MayBeAbsent()
  @IsIn(actorGroups)
  actor?: ActorGroup;

  @ApiPropertyOptional({
    enum: ['reads'],
    description:
      'Leaves out what people only looked at, such as the pages of the console: the events of it that say allow or done.',
  })
  @MayBeAbsent()
  @IsIn(['reads'])
  omit?: 'reads';

  @ApiPropertyOptional({ enum: types })
  @MayBeAbsent()
  @IsIn(types)
  type?: (typeof types)[number];

  @ApiPropertyOptional({ enum: outcomes })
  @MayBeAbsent()
  @IsIn(outcomes)
  outcome?: (typeof outcomes)[number];

  @ApiPropertyOptional({ enum: reasons })
  @MayBeAbsent()
  @IsIn(reasons)
  reason?: string;

  @ApiPropertyOptional({ format: 'date-time' })
  @MayBeAbsent()
  @IsMoment()
  since?: string;

  @ApiPropertyOptional({ format: 'date-time' })
  @MayBeAbsent()
  @IsMoment()
  until?: string;
}

export const intervals = ['minute', 'hour', 'day'] as const;

export class AuditCountQuery extends AuditEventQuery {
  @ApiProperty({ enum: countedBy })
  @IsIn(countedBy)
  by!: CountedBy;

  @ApiPropertyOptional({ enum: intervals, description: 'Counted apart for each of these, in UTC.' })
  @MayBeAbsent()
  @IsIn(intervals)
  interval?: (typeof intervals)[number];
}

export class AuditCountDto {
  @ApiProperty({
    description: 'Empty where such events have none; … stands for all beyond the first thousand values.',
  })
  value!: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'Where the interval begins.' })
  from?: string;

  @ApiProperty({ type: 'integer' })
  count!: number;
}

export class AuditCountsDto {
  @ApiProperty({ type: [AuditCountDto] })
  items!: AuditCountDto[];
}
