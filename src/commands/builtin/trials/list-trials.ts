import type { ListTrials } from '../../../authorization/trials/list-trials.js';
import type { TrialReports } from '../../../authorization/trials/trial-report.js';
import { ReturnCode } from '../../../errors.js';
import { ok, type BuiltinCommand, type Terminal } from '../../builtin-command.js';
import { formatTrials, parseTrialFormat, trialFormats } from './trial-output.js';

/** `v-list-trials`: what is tried of keys, and what it would have denied. */
export function listTrialsCommand(trials: ListTrials): BuiltinCommand {
  return {
    name: 'v-list-trials',
    info: 'list what is tried of access keys, and what it would have denied since it began',
    options: '[USER|KEY_ID] [FORMAT]',
    argumentHelp: {
      'USER|KEY_ID': { info: "of whose keys, or of which key; empty or '': of all" },
      FORMAT: { info: 'how the output looks; empty: shell', values: trialFormats },
    },
    exitCodes: [ReturnCode.NOT_EXIST, ReturnCode.LIMIT],
    examples: ['v-list-trials', 'v-list-trials InNqgp01kO3v0W22eg6Z', "v-list-trials '' json"],
    notes: [
      'It counts what the record of this node has. A trial changes no decision: v-change-access-key begins, ends and enforces one.',
    ],
    changes: false,
    async run({ args: [name = '', format], caller, terminal }) {
      const outputFormat = parseTrialFormat(format);
      const reports = await trials.list(name, caller.authority, terminal.signal);
      sayWhatIsMissing(reports, terminal);
      return ok(formatTrials(reports, outputFormat));
    },
  };
}

function sayWhatIsMissing({ otherNodes, recordFromMs }: TrialReports, terminal: Terminal): void {
  if (otherNodes.length > 0)
    terminal.say(`Other nodes have records of their own, ask there too: ${otherNodes.join(', ')}.\n`);
  if (recordFromMs !== undefined)
    terminal.say(
      `The record goes back to ${new Date(recordFromMs).toISOString()}: older decisions are not counted.\n`,
    );
}
