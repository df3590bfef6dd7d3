import { Get, Inject, Param, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { KeyUsageReport } from '../../../authorization/usage/key-usage.js';
import { ListKeyUsage, usualUsageMs } from '../../../authorization/usage/list-key-usage.js';
import { formatQuota } from '../../../keys/limits/quota.js';
import { ApiOkResponse, ApiOperation } from '../../openapi/describe.js';
import { AccessKeyIdPipe } from '../access-keys/access-key-id.pipe.js';
import { momentOf, momentOrNull } from '../moment.js';
import { AdministrationController, UsesCommand } from '../operation.js';
import { UseCases } from '../use-cases.js';
import { KeyUsageDto, KeyUsageQuery } from './key-usage.dto.js';

/** `/v1/access-keys/ID/usage`: how often a key was used, and how far its quota is used up. */
@AdministrationController('/v1/access-keys/:accessKeyId/usage', 'Access keys')
export class KeyUsageController {
  constructor(
    @Inject(UseCases) private readonly useCases: UseCases,
    @Inject(ListKeyUsage) private readonly usage: ListKeyUsage,
  ) {}

  @Get()
  @UsesCommand('v-list-access-key-usage')
  @ApiOperation({
    operationId: 'readKeyUsage',
    summary: 'Read how often a key was used, by day, command and outcome',
    description: 'From the record of the node that answers. A quota counts over all nodes.',
  })
  @ApiOkResponse({ type: KeyUsageDto })
  read(
    @Req() request: FastifyRequest,
    @Param('accessKeyId', AccessKeyIdPipe) id: string,
    @Query() { since }: KeyUsageQuery,
  ): Promise<KeyUsageDto> {
    return this.useCases.run(request, [id], async ({ caller }) => {
      const sinceMs = since === undefined ? Date.now() - usualUsageMs : Date.parse(since);
      return showUsage(await this.usage.ofKey(id, sinceMs, caller.authority, request.signal));
    });
  }
}

function showUsage(report: KeyUsageReport): KeyUsageDto {
  const { key, sinceMs, quotas, uses, node, otherNodes, recordFromMs } = report;
  return {
    ...{ accessKeyId: key.id, user: key.user, since: momentOf(sinceMs) },
    quotas: quotas.map(({ keyId, quota, used, endsAtMs }) => {
      return { accessKeyId: keyId, quota: formatQuota(quota), used, endsAt: momentOf(endsAtMs) };
    }),
    uses: uses.map(({ reason, ...use }) => ({ ...use, reason: reason === '' ? null : reason })),
    ...{ node, otherNodes: [...otherNodes], recordFrom: momentOrNull(recordFromMs) },
  };
}
