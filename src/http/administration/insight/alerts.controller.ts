import { Get, HttpCode, Inject, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Alerting } from '../../../audit/alerts/alerting.js';
import { requireEverything } from '../../../commands/builtin-command.js';
import { ApiOkResponse, ApiOperation } from '../../openapi/describe.js';
import { momentOf } from '../moment.js';
import { AdministrationController, UsesCommand } from '../operation.js';
import { UseCases } from '../use-cases.js';
import { AlertReceiverListDto, AlertTestListDto } from './alerts.dto.js';

/** `/v1/alert-receivers`, `/v1/alert-tests`: who gets alerts, and whether they arrive. */
@AdministrationController('/v1', 'Insight')
export class AlertsController {
  constructor(
    @Inject(UseCases) private readonly useCases: UseCases,
    @Inject(Alerting) private readonly alerting: Alerting,
  ) {}

  @Get('alert-receivers')
  @UsesCommand('v-list-alert-receivers')
  @ApiOperation({
    operationId: 'listAlertReceivers',
    summary: 'List the receivers of alerts of the node that answers',
  })
  @ApiOkResponse({ type: AlertReceiverListDto })
  async read(@Req() request: FastifyRequest): Promise<AlertReceiverListDto> {
    return this.useCases.run(request, [], () => {
      const items = this.alerting.states.map(({ lastSuccessMs, failure = null, ...state }) => {
        return {
          ...state,
          lastSuccessAt: lastSuccessMs === undefined ? null : momentOf(lastSuccessMs),
          failure,
        };
      });
      return Promise.resolve({ items });
    });
  }

  @Post('alert-tests')
  @UsesCommand('v-test-alert')
  @HttpCode(200)
  @ApiOperation({ operationId: 'testAlert', summary: 'Send a test alert to each receiver' })
  @ApiOkResponse({ type: AlertTestListDto })
  async test(@Req() request: FastifyRequest): Promise<AlertTestListDto> {
    return this.useCases.run(request, [], async ({ caller }) => {
      requireEverything(caller);
      const hungUp = new AbortController();
      const abort = (): void => hungUp.abort();
      request.raw.socket.once('close', abort);
      try {
        return { items: await this.alerting.test(hungUp.signal) };
      } finally {
        request.raw.socket.off('close', abort);
      }
    });
  }
}
