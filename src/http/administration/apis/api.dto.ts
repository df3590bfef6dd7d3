import { ApiProperty, ApiPropertyOptional } from '../../openapi/describe.js';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsString,
  Matches,
  MaxLength,
  ValidateIf,
} from 'class-validator';
import { maxHeldValues, parseHeld } from '../../../catalogue/held-arguments.js';
import { clientRoles } from '../../../apis/client-roles.js';
import { apiNamePattern, commandNamePattern } from '../../../text/names.js';
import { heldArguments, maxHeldText } from '../held-arguments.js';
import { Parses } from '../parses.js';
import { MayBeAbsent } from '../may-be-absent.js';
import { ReadsBoolean } from '../reads-boolean.js';

const roles = ['admin', 'user'] as const;
const clients = Object.keys(clientRoles);
const mostCommands = 1000;
const commands = {
  type: 'array' as const,
  items: { type: 'string', pattern: commandNamePattern.source },
  maxItems: mostCommands,
};

/** An API role file as it may be shown. */
export class ApiDto {
  @ApiProperty({ pattern: apiNamePattern.source })
  name!: string;

  @ApiProperty({
    enum: [...roles, null],
    nullable: true,
    type: String,
    description: 'null: the file says none, and grants nothing.',
  })
  role!: (typeof roles)[number] | null;

  @ApiProperty({ type: [String] })
  commands!: string[];

  @ApiProperty({
    type: [String],
    description: 'Commands that keys of other users may run although they name no user.',
  })
  safe!: string[];

  @ApiProperty({
    type: [String],
    nullable: true,
    example: ['DOMAIN=example.com,*.example.org'],
    description: 'What arguments of its commands may be; null: whatever they are.',
  })
  only!: string[] | null;

  @ApiProperty({ description: 'Whether it is built in, and no file: it can be neither changed nor deleted.' })
  isBuiltIn!: boolean;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Why the file grants nothing, with its line; null: it is in order.',
  })
  problem!: string | null;

  @ApiPropertyOptional({
    type: 'integer',
    description: 'With `countKeys`: how many access keys have it, of those that the caller may see.',
  })
  keyCount?: number;
}

export class ApiListQuery {
  @ApiPropertyOptional({
    type: Boolean,
    default: false,
    description: 'Counts the access keys that have each. It walks over all of them.',
  })
  @MayBeAbsent()
  @ReadsBoolean()
  @IsBoolean()
  countKeys: boolean = false;
}

export class ApiListDto {
  @ApiProperty({ type: [ApiDto] })
  items!: ApiDto[];
}

/** What the arguments of a role's commands may be. */
class HeldArgumentsInput {
  @ApiPropertyOptional({
    ...heldArguments,
    description: `${heldArguments.description} Absent: a file that is there keeps what it says; null: they are not held.`,
  })
  @ValidateIf((_, value) => value !== undefined && value !== null)
  @IsArray()
  @ArrayMaxSize(maxHeldValues)
  @MaxLength(maxHeldText, { each: true, message: 'expected arguments such as DOMAIN=example.com' })
  @Parses((text) => parseHeld([text === 'none' ? '' : text]), { each: true })
  only?: string[] | null;
}

/** What a role file has in it. */
export class ApiInput extends HeldArgumentsInput {
  @ApiProperty({ enum: roles, description: 'admin: for keys of the root user alone.' })
  @IsIn(roles)
  role!: (typeof roles)[number];

  @ApiProperty(commands)
  @IsArray()
  @ArrayMaxSize(mostCommands)
  @Matches(commandNamePattern, { each: true, message: 'expected names of commands' })
  commands!: string[];

  @ApiPropertyOptional({ ...commands, default: [], description: 'A part of commands.' })
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(mostCommands)
  @Matches(commandNamePattern, { each: true, message: 'expected names of commands' })
  safe?: string[];
}

export class NewApiInput extends HeldArgumentsInput {
  @ApiProperty({ pattern: apiNamePattern.source })
  @IsString()
  @Matches(apiNamePattern, { message: 'expected a name of letters, digits, - and _' })
  name!: string;

  @ApiPropertyOptional({
    enum: clients,
    description: 'A ready-made role for this client, in place of role, commands and safe.',
  })
  @MayBeAbsent()
  @IsIn(clients)
  from?: string;

  @ApiPropertyOptional({ enum: roles })
  @MayBeAbsent()
  @IsIn(roles)
  role?: (typeof roles)[number];

  @ApiPropertyOptional(commands)
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(mostCommands)
  @Matches(commandNamePattern, { each: true, message: 'expected names of commands' })
  commands?: string[];

  @ApiPropertyOptional({ ...commands, default: [] })
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(mostCommands)
  @Matches(commandNamePattern, { each: true, message: 'expected names of commands' })
  safe?: string[];
}

export class DryRunQuery {
  @ApiPropertyOptional({
    type: Boolean,
    default: false,
    description: 'Changes nothing, and tells which keys would lose or gain what.',
  })
  @MayBeAbsent()
  @ReadsBoolean()
  @IsBoolean()
  dryRun: boolean = false;
}

export class KeyEffectDto {
  @ApiProperty()
  accessKeyId!: string;

  @ApiProperty()
  user!: string;

  @ApiProperty({
    type: [String],
    description: 'Commands that its roles would grant it no more, or no more with all arguments.',
  })
  loses!: string[];

  @ApiProperty({
    type: [String],
    description: 'Commands that they would grant it from then on, or with more arguments.',
  })
  gains!: string[];

  @ApiProperty({
    description:
      "The key is an administrator's, and the role lets it run what it loses for any user but the root user.",
  })
  losesForOthers!: boolean;

  @ApiProperty({
    description:
      "The key is an administrator's, and the role will let it run what it gains for any user but the root user.",
  })
  gainsForOthers!: boolean;
}

/** What a change of a role file would do to the keys that have it. */
export class ApiEffectDto {
  @ApiProperty({ type: [KeyEffectDto], description: 'At most 1,000 of them.' })
  keys!: KeyEffectDto[];

  @ApiProperty({ description: 'Whether these are all.' })
  isComplete!: boolean;
}
