import { approvalKinds, type ApprovalKind } from '../../../approvals/approval.js';
import { ApiProperty } from '../../openapi/describe.js';

/** A change that waits for a second person, or was approved and is not made yet. */
export class ApprovalDto {
  @ApiProperty({ pattern: '^[0-9a-f]{16}$' })
  approvalId!: string;

  @ApiProperty({ enum: approvalKinds })
  kind!: ApprovalKind;

  @ApiProperty({ description: 'The command that asked for it; empty: none did.' })
  command!: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string' },
    description: 'What the change makes, as its audit event will tell it.',
  })
  change!: Record<string, string>;

  @ApiProperty({
    description: 'Who asked, and can not approve. Empty: settings did, and two persons have to approve it.',
  })
  requestedBy!: string;

  @ApiProperty({ format: 'date-time' })
  requestedAt!: string;

  @ApiProperty({ type: String, nullable: true, description: 'The second person; null: nobody yet.' })
  approvedBy!: string | null;

  @ApiProperty({ format: 'date-time', description: 'Until then it can be approved; once it is, made.' })
  endsAt!: string;
}

export class ApprovalListDto {
  @ApiProperty({ type: [ApprovalDto] })
  items!: ApprovalDto[];
}
