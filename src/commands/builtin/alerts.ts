import type { Alerting, AlertReceiverState } from '../../audit/alerts/alerting.js';
import { AppError, ReturnCode } from '../../errors.js';
import { ok, requireEverything, wide, type BuiltinCommand } from '../builtin-command.js';
import { formatPlain, formatTable, jsonRows, parseFormat, type OutputFormat } from '../output-formats.js';
import { plainTable } from '../tables/table.js';

const receiverHeads = [
  ...['RECEIVER', 'KIND', 'SENT', 'FAILED', 'PUT_ASIDE', 'BEHIND', 'LAST_SUCCESS', 'FAILURE'],
];
const testHeads = ['RECEIVER', 'RESULT', 'ANSWER'];

/** Who gets alerts, and whether they arrive. */
export function alertCommands(alerting: Alerting): BuiltinCommand[] {
  return [listAlertReceiversCommand(alerting), testAlertCommand(alerting)];
}

function listAlertReceiversCommand(alerting: Alerting): BuiltinCommand {
  return {
    name: 'v-list-alert-receivers',
    info: 'list the receivers of alerts, with what was sent to them since the start and how far they are behind',
    options: '[FORMAT]',
    longOptions: [wide],
    examples: ['v-list-alert-receivers', 'v-list-alert-receivers json'],
    changes: false,
    run({ args: [format] }) {
      return Promise.resolve(printed(receiverHeads, alerting.states.map(rowOf), parseFormat(format)));
    },
  };
}

function testAlertCommand(alerting: Alerting): BuiltinCommand {
  return {
    name: 'v-test-alert',
    info: 'send a test alert to each receiver, and print what it answered',
    options: '[FORMAT]',
    longOptions: [wide],
    examples: ['v-test-alert', 'v-test-alert json'],
    exitCodes: [ReturnCode.CONNECT, ReturnCode.NOT_EXIST],
    notes: ['Exits with 15 where a receiver did not take it, and with 3 where no receiver is set.'],
    changes: true,
    async run({ args: [format], caller, terminal }) {
      requireEverything(caller);
      const outputFormat = parseFormat(format);
      const results = await alerting.test(terminal.signal);
      if (results.length === 0)
        throw new AppError(
          ReturnCode.NOT_EXIST,
          'no receiver of alerts is set: HEARTHKEY_ALERT_WEBHOOK, HEARTHKEY_ALERT_MAIL_TO (docs/alerts.md)',
        );
      const rows = results.map(({ name, accepted, answer }) => {
        return [name, accepted ? 'ok' : 'failed', firstLine(answer)];
      });
      const code = results.every(({ accepted }) => accepted) ? ReturnCode.OK : ReturnCode.CONNECT;
      return { ...printed(testHeads, rows, outputFormat), code };
    },
  };
}

function rowOf({ name, kind, lastSuccessMs, failure, ...counts }: AlertReceiverState): string[] {
  const last = lastSuccessMs === undefined ? '-' : new Date(lastSuccessMs).toISOString();
  const { sent, failed, putAside, behind } = counts;
  return [name, kind, ...[sent, failed, putAside, behind].map(String), last, failure ?? '-'];
}

function printed(heads: readonly string[], rows: readonly string[][], format: OutputFormat) {
  if (format === 'plain') return ok(formatPlain(rows));
  if (format === 'json')
    return ok(
      jsonRows(
        rows.map(([key = '', ...values]) => ({
          key,
          fields: heads.slice(1).map((head, index) => [head, values[index] ?? ''] as const),
        })),
      ),
    );
  const lines = heads.map((head) => '-'.repeat(head.length));
  return ok(formatTable([heads, lines, ...rows]), plainTable(heads, rows));
}

/** What a receiver says may be long, and of several lines. */
function firstLine(answer: string): string {
  return (answer.split(/[\r\n]/)[0] ?? '').slice(0, 200);
}
