import { ArrayMaxSize, ArrayMinSize, IsArray, IsString, MaxLength } from 'class-validator';
import type { LeakState } from '../../../keys/leaks/secret-owner.js';
import { ApiProperty } from '../../openapi/describe.js';

const mostSecrets = 500;
/** `ID:SECRET`. */
const longestSecret = 61;
const states = ['live', 'suspended', 'expired', 'canary', 'replaced', 'revoked', 'unknown'] as const;

export class LeakInput {
  @ApiProperty({
    type: 'array',
    items: { type: 'string', maxLength: longestSecret, format: 'password' },
    minItems: 1,
    maxItems: mostSecrets,
    description: 'Each a secret, `ID:SECRET` or a legacy key.',
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(mostSecrets)
  @IsString({ each: true })
  @MaxLength(longestSecret, { each: true })
  secrets!: string[];
}

export class KeyOfLeakDto {
  @ApiProperty({ type: String, nullable: true, description: 'The access key that has, or had, the secret.' })
  accessKeyId!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'The ID of the legacy key.' })
  legacyKeyId!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Whose the access key is.' })
  user!: string | null;

  @ApiProperty({
    enum: states,
    description:
      'What the secret was when it was found. `canary`: its key allows nothing, and stays. `replaced`: its key has another one since, and stays. `revoked`: the key of the ID had been deleted before; there is nothing left to compare the secret with.',
  })
  state!: LeakState;

  @ApiProperty({ description: 'The key was there and is deleted now, on every node.' })
  isRevoked!: boolean;

  @ApiProperty({
    type: 'array',
    items: { type: 'string' },
    description: 'IDs of the keys that it had made.',
  })
  deletedWithIt!: string[];
}

export class LeakAnswerDto extends KeyOfLeakDto {
  @ApiProperty({
    type: [KeyOfLeakDto],
    description: 'Other access keys with the same secret. They end with it.',
  })
  otherKeys!: KeyOfLeakDto[];
}

export class LeakAnswersDto {
  @ApiProperty({ type: [LeakAnswerDto], description: 'One for each secret, in their order.' })
  items!: LeakAnswerDto[];

  @ApiProperty({
    type: 'integer',
    description:
      'So many access keys were not used since the pepper was replaced. Their secrets are found only as `ID:SECRET`, so each may have one of these.',
  })
  accessKeysNotCompared!: number;

  @ApiProperty({
    type: 'integer',
    description:
      'So many of the secrets were compared with the access key of their ID alone, because there were too many for all keys. Send fewer at once to find other keys with them.',
  })
  secretsComparedByIdAlone!: number;
}
