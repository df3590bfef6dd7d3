import { ApiProperty, ApiPropertyOptional } from '../../openapi/describe.js';
import { ArrayMaxSize, IsArray, IsInt, IsIP, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import { findingCodes } from '../../../doctor/finding.js';
import { denyReasons } from '../../../errors.js';
import { accessKeyIdPattern, commandNamePattern } from '../../../text/names.js';
import { MayBeAbsent } from '../may-be-absent.js';
import { ToldStepDto } from './told-step.dto.js';

const reasons = Object.keys(denyReasons).sort();
const mostArgs = 100;

/** May this key run this command? Or why was a past event decided so? */
export class ExplanationInput {
  @ApiPropertyOptional({ pattern: accessKeyIdPattern.source })
  @MayBeAbsent()
  @IsString()
  @Matches(accessKeyIdPattern, { message: 'expected the ID of an access key' })
  accessKeyId?: string;

  @ApiPropertyOptional({ pattern: commandNamePattern.source })
  @MayBeAbsent()
  @IsString()
  @Matches(commandNamePattern, { message: 'expected a command such as v-list-users' })
  command?: string;

  @ApiPropertyOptional({ format: 'ip', description: 'Absent: left open.' })
  @MayBeAbsent()
  @IsIP(undefined, { message: 'expected an IP address' })
  clientAddress?: string;

  @ApiPropertyOptional({
    type: 'array',
    items: { type: 'string', maxLength: 4096 },
    maxItems: mostArgs,
    description: 'Absent: left open.',
  })
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(mostArgs)
  @IsString({ each: true })
  @MaxLength(4096, { each: true })
  args?: string[];

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: 999_999_999_999_999,
    description:
      'The number of a past decision, in place of all else: it is asked again on the facts of now.',
  })
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  @Max(999_999_999_999_999)
  auditEvent?: number;
}

export class ExplainedStepDto {
  @ApiProperty()
  step!: string;

  @ApiProperty({ enum: ['ok', 'denied', 'not asked', 'not reached'] })
  state!: string;

  @ApiProperty({ type: String, nullable: true, enum: [...reasons, null] })
  reason!: string | null;

  @ApiProperty()
  why!: string;

  @ApiProperty({ description: 'The setting, the file or the field that it stands in.' })
  source!: string;

  @ApiProperty({ type: String, nullable: true, description: 'What would allow it.' })
  remedy!: string | null;

  @ApiProperty({
    type: ToldStepDto,
    description: 'The same as data, for those who tell it in their own words.',
  })
  told!: ToldStepDto;
}

export class ExplanationDto {
  @ApiProperty({
    enum: ['allow', 'deny', 'depends'],
    description: 'depends: no step denies, and what was left open decides.',
  })
  verdict!: string;

  @ApiProperty({ description: 'Whatever was left open.' })
  allowed!: boolean;

  @ApiProperty({
    type: [String],
    enum: ['address', 'arguments'],
    description: 'What has to be given for a verdict; empty unless it depends.',
  })
  dependsOn!: string[];

  @ApiProperty({ type: 'integer', description: 'Of the denial; 0 where no step denies.' })
  code!: number;

  @ApiProperty({ type: String, nullable: true, enum: [...reasons, null] })
  reason!: string | null;

  @ApiProperty({ type: [ExplainedStepDto] })
  steps!: ExplainedStepDto[];
}

export class CommandQuery {
  @ApiPropertyOptional({
    maxLength: 100,
    description: 'Commands with this text in their name or description, in any case.',
  })
  @MayBeAbsent()
  @IsString()
  @MaxLength(100)
  text?: string;
}

export class CommandDto {
  @ApiProperty()
  name!: string;

  @ApiProperty()
  description!: string;

  @ApiProperty({ example: 'USER DOMAIN [RESTART]' })
  options!: string;

  @ApiProperty({
    type: 'array',
    items: { type: 'integer' },
    description: 'Places of the user, counted from 1, that hold a key to its own user.',
  })
  userPositions!: number[];

  @ApiProperty({ description: 'Whether read-only mode lets it through.' })
  onlyReads!: boolean;
}

export class CommandListDto {
  @ApiProperty({ type: [CommandDto] })
  items!: CommandDto[];
}

export class NodeDto {
  @ApiProperty()
  id!: string;

  @ApiProperty()
  version!: string;

  @ApiProperty({ type: 'integer', description: 'How long it may rely on its facts, in milliseconds.' })
  leaseMs!: number;

  @ApiProperty({ type: 'integer', description: 'The newest change that it has applied.' })
  appliedChange!: number;
}

export class NodeListDto {
  @ApiProperty({ type: [NodeDto], description: 'Empty: one process owns the data.' })
  items!: NodeDto[];

  @ApiProperty({ type: 'integer' })
  newestChange!: number;

  @ApiProperty({ description: 'Of the node that answers.' })
  version!: string;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'The age of the lease of the node that answers, in milliseconds; null: it has none.',
  })
  leaseAgeMs!: number | null;
}

export class FindingDto {
  @ApiProperty({ description: 'For programs; it does not change.' })
  check!: string;

  @ApiProperty()
  subject!: string;

  @ApiProperty()
  problem!: string;

  @ApiProperty({ description: 'What to do about it.' })
  advice!: string;

  @ApiProperty({ enum: findingCodes, description: 'Which finding of its check it is. A new one may join.' })
  code!: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'What stands in its sentences, for those who tell it in their own words.',
  })
  params!: object;
}

export class FindingListDto {
  @ApiProperty({ type: [FindingDto] })
  items!: FindingDto[];
}

export class WhoAmIDto {
  @ApiProperty({ type: String, nullable: true, description: 'Null: somebody who has logged in asks.' })
  accessKeyId!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Null: an access key asks.' })
  sessionId!: string | null;

  @ApiProperty()
  user!: string;

  @ApiProperty()
  isRootUser!: boolean;

  @ApiProperty({ type: [String] })
  permissions!: string[];

  @ApiProperty({ description: 'Whether it may run every command.' })
  mayRunEverything!: boolean;

  @ApiProperty({
    type: [String],
    description:
      'The commands that it may run, with some arguments at least; empty where it may run every one.',
  })
  commands!: string[];

  @ApiProperty({ type: String, nullable: true })
  clientAddress!: string | null;
}
