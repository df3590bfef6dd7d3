import { ApiProperty, ApiPropertyOptional } from '../openapi/describe.js';
import { problemReasons, type ProblemReason } from './problem-reasons.js';

export class WrongField {
  @ApiProperty({ description: 'The field, with dots and places: `permissions.0`.' })
  field!: string;

  @ApiProperty({ description: 'What is expected of it. It never repeats a secret.' })
  message!: string;
}

/** Every answer that is no success (RFC 9457). */
export class ProblemDto {
  @ApiProperty({ enum: ['about:blank'] })
  type!: 'about:blank';

  @ApiProperty({ description: 'The status in words, such as `Forbidden`.' })
  title!: string;

  @ApiProperty({ type: 'integer', minimum: 400, maximum: 599 })
  status!: number;

  @ApiProperty({ description: 'For people; the wording may change.' })
  detail!: string;

  @ApiProperty({ enum: problemReasons, description: 'For programs; it does not change.' })
  reason!: ProblemReason;

  @ApiPropertyOptional({
    type: 'integer',
    description: 'The return code of the command, where one stands behind it.',
  })
  code?: number;

  @ApiPropertyOptional({ type: [WrongField], description: 'One entry for each wrong field.' })
  errors?: WrongField[];

  @ApiPropertyOptional({
    description:
      'Of a repeated creation: the ID of what the first one made. Of a change that a second person has to approve: the ID of the approval.',
  })
  id?: string;
}
