import { Body, Get, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiPropertyOptional } from '../../openapi/describe.js';
import { IsInt, Matches, Max, Min } from 'class-validator';
import type { FastifyRequest } from 'fastify';
import { AuditVerifier } from '../../../audit/verify/audit-verifier.js';
import type { Verification } from '../../../audit/verify/verify-record.js';
import { AdministrationController, UsesCommand } from '../operation.js';
import { momentOf } from '../moment.js';
import { UseCases } from '../use-cases.js';
import { MayBeAbsent } from '../may-be-absent.js';

const headPattern = /^[1-9]\d{0,14}:[0-9a-f]{64}$/;

class VerificationInput {
  @ApiPropertyOptional({
    pattern: headPattern.source,
    description: 'A head of the record that you kept elsewhere.',
  })
  @MayBeAbsent()
  @Matches(headPattern, { message: 'expected N:HASH' })
  expect?: string;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: 999_999_999_999_999,
    description: 'Begin with this line: older ones were archived.',
  })
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  @Max(999_999_999_999_999)
  from?: number;
}

export class VerificationFindingDto {
  @ApiProperty({ description: 'The file and the line.' })
  place!: string;

  @ApiProperty()
  problem!: string;
}

class PutAwayDto {
  @ApiProperty({ type: 'integer', description: 'The record begins with this number since.' })
  begin!: number;

  @ApiProperty({ format: 'date-time' })
  at!: string;

  @ApiProperty({ description: 'The settings that say so.' })
  why!: string;
}

export class VerificationDto {
  @ApiProperty({ description: 'Nothing was altered, removed, inserted, reordered or cut off.' })
  isWhole!: boolean;

  @ApiProperty()
  chain!: string;

  @ApiProperty({ type: 'integer' })
  files!: number;

  @ApiProperty({ type: 'integer' })
  lines!: number;

  @ApiProperty({ type: 'integer', description: 'The number of the first line.' })
  first!: number;

  @ApiPropertyOptional({ description: 'What was put away on purpose before that line; absent: nothing.' })
  putAway?: PutAwayDto;

  @ApiPropertyOptional({
    type: 'integer',
    description:
      'It went on from an interrupted verification, which had verified the lines up to this number.',
  })
  resumedAfter?: number;

  @ApiProperty({ description: 'N:HASH, to be kept elsewhere.' })
  head!: string;

  @ApiProperty({ type: 'integer' })
  findingCount!: number;

  @ApiProperty({ type: [VerificationFindingDto], description: 'The first of them.' })
  findings!: VerificationFindingDto[];
}

class PastVerificationDto extends VerificationDto {
  @ApiProperty({ format: 'date-time' })
  verifiedAt!: string;
}

export class PastVerificationsDto {
  @ApiProperty({
    type: [PastVerificationDto],
    description: 'The last one that this node has done since it started; empty: none.',
  })
  items!: PastVerificationDto[];
}

/** `/v1/audit-verifications`: is the record of this node whole? */
@AdministrationController('/v1/audit-verifications', 'Audit events')
export class AuditVerificationsController {
  constructor(
    @Inject(UseCases) private readonly useCases: UseCases,
    @Inject(AuditVerifier) private readonly verifier: AuditVerifier,
  ) {}

  @Post()
  @UsesCommand('v-verify-audit')
  @HttpCode(200)
  @ApiOperation({ operationId: 'verifyAudit', summary: 'Verify the audit record' })
  @ApiOkResponse({ type: VerificationDto })
  async verify(@Req() request: FastifyRequest, @Body() input: VerificationInput): Promise<VerificationDto> {
    return this.useCases.run(request, [], async () => {
      const [sequence = '', hash = ''] = input.expect?.split(':') ?? [];
      const expected = input.expect === undefined ? undefined : { sequence: Number(sequence), hash };
      return this.show(await this.verifier.verify(expected, input.from));
    });
  }

  @Get()
  @UsesCommand('v-list-audit-events')
  @ApiOperation({
    operationId: 'listAuditVerifications',
    summary: 'Read when the audit record was last verified, and how that ended',
  })
  @ApiOkResponse({ type: PastVerificationsDto })
  async readPast(@Req() request: FastifyRequest): Promise<PastVerificationsDto> {
    return this.useCases.run(request, [], () => {
      const { last } = this.verifier;
      if (last === undefined) return Promise.resolve({ items: [] });
      const verifiedAt = momentOf(last.atMs);
      return Promise.resolve({ items: [Object.assign(this.show(last), { verifiedAt })] });
    });
  }

  private show({
    isWhole,
    files,
    lines,
    first,
    head,
    findingCount,
    findings,
    putAway,
    resumedAt,
  }: Verification): VerificationDto {
    return {
      ...{ isWhole, chain: this.verifier.chainId, files, lines, first, findingCount },
      ...(putAway && { putAway: { begin: putAway.begin, at: putAway.at, why: putAway.why } }),
      ...(resumedAt && { resumedAfter: resumedAt.number }),
      head: `${String(head.sequence)}:${head.hash}`,
      findings: findings.map(({ place, problem }) => ({ place, problem })),
    };
  }
}
