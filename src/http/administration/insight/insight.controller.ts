import { Body, Get, HttpCode, Inject, Post, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '../../openapi/describe.js';
import type { FastifyRequest } from 'fastify';
import { formatAddress, parseAddress } from '../../../network/address-range.js';
import type { AuditEvent } from '../../../audit/audit-event.js';
import { AuditReader } from '../../../audit/record/audit-reader.js';
import { AccessExplainer } from '../../../authorization/explain/access-explainer.js';
import type { AccessQuestion } from '../../../authorization/explain/explanation.js';
import { Catalogue } from '../../../catalogue/catalogue.js';
import { requireEverything } from '../../../commands/builtin-command.js';
import { version } from '../../../config/version.js';
import { Doctor } from '../../../doctor/doctor.js';
import { invalid, notFound } from '../../../errors.js';
import type { Settling } from '../../../storage/cluster/settling.js';
import { listNodes } from '../../../storage/cluster/node-list-store.js';
import type { Database } from '../../../storage/database.js';
import { DATABASE, SETTLING } from '../../../storage/storage.module.js';
import { whoAmI } from '../command-of-operation.js';
import { AdministrationController, UsesCommand } from '../operation.js';
import { UseCases } from '../use-cases.js';
import {
  CommandListDto,
  CommandQuery,
  ExplanationDto,
  ExplanationInput,
  FindingListDto,
  NodeListDto,
} from './insight.dto.js';

/** What the service knows: why a key may do something, which commands and nodes there are, what should be looked at. */
@AdministrationController('/v1', 'Insight')
export class InsightController {
  constructor(
    @Inject(UseCases) private readonly useCases: UseCases,
    @Inject(AccessExplainer) private readonly explainer: AccessExplainer,
    @Inject(AuditReader) private readonly audit: AuditReader,
    @Inject(Catalogue) private readonly catalogue: Catalogue,
    @Inject(Doctor) private readonly doctor: Doctor,
    @Inject(DATABASE) private readonly db: Database,
    @Inject(SETTLING) private readonly settling: Settling,
  ) {}

  @Post('explanations')
  @UsesCommand('v-explain-access')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'explainAccess',
    summary: 'Explain each step of a decision about a key, assuming the right secret',
  })
  @ApiOkResponse({ type: ExplanationDto })
  async explain(@Req() request: FastifyRequest, @Body() input: ExplanationInput): Promise<ExplanationDto> {
    const { accessKeyId = '', command = '', clientAddress = '', args = [] } = input;
    return this.useCases.run(request, [accessKeyId, command, clientAddress, ...args], async ({ caller }) => {
      requireEverything(caller);
      const { steps, verdict } = await this.explainer.explain(await this.questionOf(input));
      const isDenied = verdict.outcome === 'deny';
      return {
        verdict: verdict.outcome,
        allowed: verdict.outcome === 'allow',
        dependsOn: verdict.outcome === 'depends' ? [...verdict.on] : [],
        code: isDenied ? verdict.code : 0,
        reason: isDenied ? verdict.reason : null,
        steps: steps.map(({ step, state, reason = null, why, source, remedy = null, told }) => {
          return { step, state, reason, why, source, remedy, told: { ...told, remedy: told.remedy ?? null } };
        }),
      };
    });
  }

  @Get('commands')
  @UsesCommand('v-list-commands')
  @ApiOperation({ operationId: 'listCommands', summary: 'List the commands that there are' })
  @ApiOkResponse({ type: CommandListDto })
  async readCommands(
    @Req() request: FastifyRequest,
    @Query() { text = '' }: CommandQuery,
  ): Promise<CommandListDto> {
    return this.useCases.run(request, [], () => {
      const wanted = text.toLowerCase();
      const found = this.catalogue
        .list()
        .filter(({ name, info }) => `${name} ${info}`.toLowerCase().includes(wanted));
      const items = found.map(({ name, info, options, userPositions, onlyReads }) => {
        return { name, description: info, options, userPositions: [...userPositions], onlyReads };
      });
      return Promise.resolve({ items });
    });
  }

  @Get('nodes')
  @UsesCommand('v-list-nodes')
  @ApiOperation({ operationId: 'listNodes', summary: 'List the nodes that share the database' })
  @ApiOkResponse({ type: NodeListDto })
  async readNodes(@Req() request: FastifyRequest): Promise<NodeListDto> {
    return this.useCases.run(request, [], async () => {
      const { nodes, newestChange } = await listNodes(this.db);
      const leaseAgeMs = this.settling.leaseAgeMs();
      return {
        items: nodes,
        newestChange,
        version,
        leaseAgeMs: leaseAgeMs === undefined ? null : Math.round(leaseAgeMs),
      };
    });
  }

  @Get('findings')
  @UsesCommand('v-list-findings')
  @ApiOperation({ operationId: 'listFindings', summary: 'List what an operator should look at' })
  @ApiOkResponse({ type: FindingListDto })
  async readFindings(@Req() request: FastifyRequest): Promise<FindingListDto> {
    return this.useCases.run(request, [], async () => {
      const findings = await this.doctor.examine();
      const items = findings.map(({ check, subject, problem, advice, code, params }) => {
        return { check, subject, problem, advice, code, params };
      });
      return { items };
    });
  }

  private async questionOf({ auditEvent, ...input }: ExplanationInput): Promise<AccessQuestion> {
    const { accessKeyId, command, clientAddress, args } = input;
    if (auditEvent !== undefined) {
      if (Object.values<unknown>(input).some((value) => value !== undefined))
        throw invalid('auditEvent stands in place of all else');
      return questionOfEvent(await this.findDecision(auditEvent));
    }
    if (accessKeyId === undefined || command === undefined)
      throw invalid('expected accessKeyId and command, or auditEvent');
    return { accessKeyId, command, client: clientOf(clientAddress), args };
  }

  private async findDecision(number: number): Promise<AuditEvent> {
    const event = await this.audit.find(number);
    if (event?.type === 'decision') return event;
    throw notFound(`a decision with the number ${String(number)}`);
  }
}

/** @throws AppError 2 for a decision about something else than an access key */
function questionOfEvent({ actor, command = '', clientAddress, args, reason }: AuditEvent): AccessQuestion {
  if (actor.kind !== 'access_key') throw invalid('that decision was about no access key');
  const isIdentification = command === whoAmI && reason !== 'command_unknown';
  return { accessKeyId: actor.accessKeyId, command, client: clientOf(clientAddress), args, isIdentification };
}

function clientOf(text: string | undefined): AccessQuestion['client'] {
  const address = text === undefined ? undefined : parseAddress(text);
  return address && { address, text: formatAddress(address) };
}
