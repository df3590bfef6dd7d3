import { MayBeAbsent } from '../may-be-absent.js';
import { IsMoment } from '../moment.js';
import { ApiProperty, ApiPropertyOptional } from '../../openapi/describe.js';

export class KeyUsageQuery {
  @ApiPropertyOptional({ format: 'date-time', description: 'Absent: the last 30 days.' })
  @MayBeAbsent()
  @IsMoment()
  since?: string;
}

export class DayUseDto {
  @ApiProperty({ format: 'date', description: 'In UTC.' })
  day!: string;

  @ApiProperty()
  command!: string;

  @ApiProperty({ enum: ['allow', 'deny'] })
  outcome!: string;

  @ApiProperty({ type: String, nullable: true, description: 'Why it was denied; null: it was allowed.' })
  reason!: string | null;

  @ApiProperty({ type: 'integer' })
  count!: number;
}

export class QuotaStateDto {
  @ApiProperty({ description: 'The key, or one that made it.' })
  accessKeyId!: string;

  @ApiProperty({ example: '10000/month' })
  quota!: string;

  @ApiProperty({ type: 'integer', description: 'In this day, week or month (UTC), over all nodes.' })
  used!: number;

  @ApiProperty({ format: 'date-time', description: 'When the next one begins.' })
  endsAt!: string;
}

export class KeyUsageDto {
  @ApiProperty()
  accessKeyId!: string;

  @ApiProperty()
  user!: string;

  @ApiProperty({ format: 'date-time' })
  since!: string;

  @ApiProperty({ type: [QuotaStateDto] })
  quotas!: QuotaStateDto[];

  @ApiProperty({ type: [DayUseDto] })
  uses!: DayUseDto[];

  @ApiProperty({ description: 'The node whose record was read; empty where there is one process.' })
  node!: string;

  @ApiProperty({ type: [String], description: 'Other nodes that have recorded something since then.' })
  otherNodes!: string[];

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'Where the record does not go back so far: from when on it can be read.',
  })
  recordFrom!: string | null;
}
