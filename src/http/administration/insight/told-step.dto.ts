import { ApiProperty } from '../../openapi/describe.js';

/** A sentence as data: which one it is, and what stands in it. A new one may join. */
export class MessageDto {
  @ApiProperty({ example: 'owner_suspended' })
  code!: string;

  @ApiProperty({ type: 'object', additionalProperties: true, example: { user: 'alice' } })
  params!: object;
}

export class ToldStepDto {
  @ApiProperty({ type: MessageDto })
  why!: MessageDto;

  @ApiProperty({ type: MessageDto })
  source!: MessageDto;

  @ApiProperty({ type: MessageDto, nullable: true })
  remedy!: MessageDto | null;
}
