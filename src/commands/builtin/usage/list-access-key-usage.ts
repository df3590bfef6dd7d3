import { usualUsageMs, type ListKeyUsage } from '../../../authorization/usage/list-key-usage.js';
import type { KeyUsageReport } from '../../../authorization/usage/key-usage.js';
import { ReturnCode } from '../../../errors.js';
import { parseAccessKeyId } from '../../../keys/access-key.js';
import { ok, type BuiltinCommand, type Terminal } from '../../builtin-command.js';
import { parseMoment } from '../../moments.js';
import { formatUsage, parseUsageFormat, usageFormats } from './usage-output.js';

/** `v-list-access-key-usage`: how often a key was used, by day, command and outcome. */
export function listAccessKeyUsageCommand(usage: ListKeyUsage): BuiltinCommand {
  return {
    name: 'v-list-access-key-usage',
    info: 'list how often an access key was used, by day, command and outcome, and how far its quota is used up',
    options: 'ACCESS_KEY_ID [FORMAT]',
    longOptions: [
      {
        name: 'since',
        value: 'WHEN',
        info: 'since then: 30d back (the default; s m h d w), or a date (2026-01-31, 2026-01-31T12:00+01:00)',
      },
      { name: 'format', value: 'FORMAT', info: 'the same as FORMAT' },
    ],
    argumentHelp: { FORMAT: { info: 'how the output looks; empty: shell', values: usageFormats } },
    exitCodes: [ReturnCode.NOT_EXIST, ReturnCode.BUSY],
    examples: [
      'v-list-access-key-usage InNqgp01kO3v0W22eg6Z',
      'v-list-access-key-usage InNqgp01kO3v0W22eg6Z --since 7d',
      'v-list-access-key-usage InNqgp01kO3v0W22eg6Z csv',
    ],
    notes: [
      'Days and quotas are those of UTC. The use is what the record of this node has; a quota counts over all nodes.',
    ],
    changes: false,
    async run({ args: [id = '', format], options, caller, terminal }) {
      const outputFormat = parseUsageFormat(options.get('format')?.at(-1) ?? format);
      const nowMs = Date.now();
      const since = options.get('since')?.at(-1);
      const sinceMs = since === undefined ? nowMs - usualUsageMs : parseMoment(since, 'first', nowMs).ms;
      const { authority } = caller;
      const report = await usage.ofKey(parseAccessKeyId(id), sinceMs, authority, terminal.signal);
      sayWhatIsMissing(report, terminal);
      return ok(formatUsage(report, outputFormat));
    },
  };
}

function sayWhatIsMissing({ otherNodes, recordFromMs }: KeyUsageReport, terminal: Terminal): void {
  if (otherNodes.length > 0)
    terminal.say(`Other nodes have records of their own, ask there too: ${otherNodes.join(', ')}.\n`);
  if (recordFromMs !== undefined)
    terminal.say(
      `The record goes back to ${new Date(recordFromMs).toISOString()}: older decisions are not counted.\n`,
    );
}
