import { formatTarget, parseApprovalId, type Approval } from '../../approvals/approval.js';
import type { Approvals } from '../../approvals/approvals.js';
import { formatInstant } from '../../audit/times.js';
import { ReturnCode } from '../../errors.js';
import { ok, wide, type BuiltinCommand, type CommandResult } from '../builtin-command.js';
import { formatPlain, formatTable, jsonRows, parseFormat, type OutputFormat } from '../output-formats.js';
import { plainTable, type Column } from '../tables/table.js';

/** `v-list-approvals` and its family: what waits for a second person. */
export function approvalCommands(approvals: Approvals): BuiltinCommand[] {
  return [listApprovals(approvals), approveChange(approvals), rejectChange(approvals)];
}

function listApprovals(approvals: Approvals): BuiltinCommand {
  return {
    name: 'v-list-approvals',
    info: 'list the changes that wait for a second person, and those that were approved and are not made yet',
    options: '[FORMAT]',
    longOptions: [wide],
    exitCodes: [ReturnCode.FORBIDDEN],
    examples: ['v-list-approvals', 'v-list-approvals json'],
    notes: ['With HEARTHKEY_APPROVALS=2 what widens the most waits (docs/approvals.md).'],
    changes: false,
    async run({ args: [format], caller }) {
      const outputFormat = parseFormat(format);
      await approvals.requireMayLook(caller.actor);
      return answer(await approvals.list(), outputFormat);
    },
  };
}

function approveChange(approvals: Approvals): BuiltinCommand {
  return {
    name: 'v-approve-change',
    info: 'approve a change that somebody else has asked for, as the second person; he then runs the same again',
    options: 'APPROVAL_ID',
    exitCodes: [ReturnCode.NOT_EXIST, ReturnCode.EXISTS, ReturnCode.FORBIDDEN],
    examples: ['v-approve-change 5f0c2a9be1d37486'],
    notes: [
      'Who asked can not approve, in whichever session or command line. A key can neither ask nor approve.',
      'The approval counts once, within 24 hours, for exactly that change.',
    ],
    changes: true,
    async run({ args: [id = ''], origin, terminal }) {
      const { kind, target, requestedBy, approvedBy } = await approvals.approve(parseApprovalId(id), origin);
      terminal.say(`Approved: ${kind}, ${formatTarget(target)}.\n`);
      terminal.say(
        approvedBy === undefined
          ? 'Settings ask for it, so another person has to approve it too.\n'
          : `${requestedBy} can make this change now, once, within 24 hours.\n`,
      );
      return ok();
    },
  };
}

function rejectChange(approvals: Approvals): BuiltinCommand {
  return {
    name: 'v-reject-change',
    info: 'take a change that waits for a second person off the list, approved or not; who asked for it may do so too',
    options: 'APPROVAL_ID',
    exitCodes: [ReturnCode.NOT_EXIST, ReturnCode.FORBIDDEN],
    examples: ['v-reject-change 5f0c2a9be1d37486'],
    changes: true,
    async run({ args: [id = ''], origin, terminal }) {
      const { kind, target } = await approvals.reject(parseApprovalId(id), origin);
      terminal.say(`Rejected: ${kind}, ${formatTarget(target)}.\n`);
      return ok();
    },
  };
}

const heads = [
  ...['APPROVAL_ID', 'KIND', 'CHANGE', 'COMMAND', 'REQUESTED_BY', 'REQUESTED', 'APPROVED_BY', 'ENDS'],
] as const;

/** For a terminal: what is approved, and by which ID, is never left out. */
const columns: readonly (string | Column)[] = [
  ...['APPROVAL_ID', { head: 'KIND', importance: 2 }, 'CHANGE', { head: 'COMMAND', importance: 2 }],
  ...['REQUESTED_BY', { head: 'REQUESTED', importance: 1 }, 'APPROVED_BY', { head: 'ENDS', importance: 1 }],
];

function answer(approvals: readonly Approval[], format: OutputFormat): CommandResult {
  const rows = approvals.map(rowOf);
  if (format === 'plain') return ok(formatPlain(rows));
  if (format === 'json') {
    const fieldsOf = (values: readonly string[]) =>
      heads.slice(1).map((head, index) => [head, values[index] ?? ''] as const);
    return ok(jsonRows(rows.map(([key = '', ...values]) => ({ key, fields: fieldsOf(values) }))));
  }
  const text = formatTable([[...heads], heads.map((head) => '-'.repeat(head.length)), ...rows]);
  return ok(text, plainTable(columns, rows));
}

function rowOf(approval: Approval): string[] {
  const { id, kind, target, command, requestedBy, approvedBy = '-' } = approval;
  const [requested, ends] = [approval.requestedAtMs, approval.endsAtMs].map(formatInstant);
  const change = formatTarget(target);
  return [id, kind, change, command || '-', requestedBy || '-', requested ?? '', approvedBy, ends ?? ''];
}
