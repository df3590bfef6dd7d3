import { Body, Delete, Get, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
} from '../../openapi/describe.js';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ChangeAllowList } from '../../../allowlist/change-allow-list.js';
import { AuditReader } from '../../../audit/record/audit-reader.js';
import { notFound } from '../../../errors.js';
import { principalOf } from '../callers/principal.js';
import { AdministrationController, UsesCommand } from '../operation.js';
import { UseCases } from '../use-cases.js';
import {
  AllowedIpDto,
  AllowedIpInput,
  AllowedIpsDto,
  RefusedAddressesDto,
  type RefusedAddressDto,
} from './allowed-ips.dto.js';
import { requireEntry } from './require-entry.js';

const lookBackMs = 3_600_000;
const mostAddresses = 100;
/** Far more events than that in an hour are a flood, of which the newest say enough. */
const mostEvents = 20_000;

/** `/v1/allowed-ips`: API_ALLOWED_IP. */
@AdministrationController('/v1/allowed-ips', 'Allowed addresses')
export class AllowedIpsController {
  constructor(
    @Inject(UseCases) private readonly useCases: UseCases,
    @Inject(ChangeAllowList) private readonly allowList: ChangeAllowList,
    @Inject(AuditReader) private readonly audit: AuditReader,
  ) {}

  @Get()
  @UsesCommand('v-list-sys-api-ips')
  @ApiOperation({ summary: 'List API_ALLOWED_IP, and tell where this request comes from' })
  @ApiOkResponse({ type: AllowedIpsDto })
  async readAll(@Req() request: FastifyRequest): Promise<AllowedIpsDto> {
    const { text } = principalOf(request).client;
    return this.useCases.run(request, [], async () => ({
      items: await this.allowList.list(),
      requestSeenFrom: text === '' ? null : text,
    }));
  }

  @Post()
  @UsesCommand('v-add-sys-api-ip')
  @ApiOperation({ summary: 'Allow an address, a range or everybody; what is allowed already stays so' })
  @ApiCreatedResponse({ type: AllowedIpDto })
  async add(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() { address }: AllowedIpInput,
  ): Promise<AllowedIpDto> {
    const entry = requireEntry(address);
    await this.useCases.runCommand(request, [entry]);
    void reply.header('Location', `/v1/allowed-ips/${encodeURIComponent(entry)}`);
    return { address: entry };
  }

  @Get('refused')
  @UsesCommand('v-list-audit-events')
  @ApiOperation({ operationId: 'listRefusedAddresses', summary: 'List addresses that were refused lately' })
  @ApiOkResponse({ type: RefusedAddressesDto })
  async readRefused(@Req() request: FastifyRequest): Promise<RefusedAddressesDto> {
    return this.useCases.run(request, [], async () => ({ items: await this.refused() }));
  }

  @Delete(':address')
  @UsesCommand('v-delete-sys-api-ip')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete an entry; the one that allows the caller can not be deleted' })
  @ApiNoContentResponse()
  async delete(@Req() request: FastifyRequest, @Param('address') text: string): Promise<void> {
    const entry = entryOrText(text);
    const isThere = (await this.allowList.list()).includes(entry);
    await this.useCases.runCommand(request, [entry]);
    // For the command it is no error.
    if (!isThere) throw notFound('the entry');
  }

  private async refused(): Promise<RefusedAddressDto[]> {
    const found = new Map<string, RefusedAddressDto>();
    const sinceMs = Date.now() - lookBackMs;
    const terms = [{ field: 'reason' as const, value: 'address_not_allowed' }];
    const query = { terms, sinceMs, untilMs: Infinity };
    let left = mostEvents;
    for await (const { time, reason, clientAddress = '', count = 1 } of this.audit.search(query)) {
      if (Date.parse(time) < sinceMs || --left < 0) break;
      if (reason !== 'address_not_allowed' || clientAddress === '') continue;
      const known = found.get(clientAddress);
      if (known !== undefined) known.count += count;
      else if (found.size < mostAddresses)
        found.set(clientAddress, { address: clientAddress, count, lastAt: time });
    }
    return [...found.values()];
  }
}

function entryOrText(text: string): string {
  try {
    return requireEntry(text);
  } catch {
    throw notFound('the entry');
  }
}
