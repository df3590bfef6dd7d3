import { ApiProperty } from '../../openapi/describe.js';

export class AlertReceiverDto {
  @ApiProperty({ description: 'A digest stands in the place of the path, which may be a secret.' })
  name!: string;

  @ApiProperty({ enum: ['webhook', 'mail'] })
  kind!: string;

  @ApiProperty({ type: 'integer', description: 'Alerts that it has taken since the start of this node.' })
  sent!: number;

  @ApiProperty({ type: 'integer', description: 'Attempts that failed since the start of this node.' })
  failed!: number;

  @ApiProperty({
    type: 'integer',
    description: 'Alerts that it refused for days since the start of this node, and that were passed over.',
  })
  putAside!: number;

  @ApiProperty({ type: 'integer', description: 'Recorded events that it is behind.' })
  behind!: number;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'Null: not since the start.',
  })
  lastSuccessAt!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description:
      'Of the newest attempt, or an address that the mail server does not take; null: it did not fail.',
  })
  failure!: string | null;
}

export class AlertReceiverListDto {
  @ApiProperty({ type: [AlertReceiverDto], description: 'Empty: no alerts are sent.' })
  items!: AlertReceiverDto[];
}

export class AlertTestDto {
  @ApiProperty()
  name!: string;

  @ApiProperty({ description: 'Whether the receiver accepted it.' })
  accepted!: boolean;

  @ApiProperty({ description: 'What it answered, or why it could not be asked.' })
  answer!: string;
}

export class AlertTestListDto {
  @ApiProperty({ type: [AlertTestDto] })
  items!: AlertTestDto[];
}
