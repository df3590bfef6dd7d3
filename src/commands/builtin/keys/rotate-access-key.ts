import { durationForm, parseDurationMs } from '../../../config/duration.js';
import { ApprovalRequired } from '../../../approvals/approval.js';
import { AppError, invalid, ReturnCode } from '../../../errors.js';
import { parseAccessKeyId } from '../../../keys/access-key.js';
import type { AccessKeys } from '../../../keys/access-keys.js';
import { longestOverlapMs } from '../../../keys/secrets/rotate-secret.js';
import { formatMoment } from '../../../text/moments.js';
import { usageLine } from '../../arguments.js';
import {
  ok,
  type BuiltinCommand,
  type CommandResult,
  type Invocation,
  type Terminal,
} from '../../builtin-command.js';
import { parseFormat, type OutputFormat } from '../../output-formats.js';
import { formatKey } from './access-key-output.js';

/** A new secret for a key, or for every key whose secret is weak. */
export function rotateAccessKeyCommand(keys: AccessKeys): BuiltinCommand {
  const command: BuiltinCommand = {
    name: 'v-rotate-access-key',
    info: 'replace the secret of an access key; the new one is shown once, the old one ends now or after an overlap',
    options: '[ACCESS_KEY_ID] [FORMAT]',
    longOptions: [
      { name: 'overlap', value: 'TIME', info: `how long the old secret stays valid: ${durationForm}` },
      { name: 'weak', info: 'instead of an ID: all keys whose secret can be guessed' },
    ],
    exitCodes: [ReturnCode.NOT_EXIST, ReturnCode.FORBIDDEN],
    examples: [
      'v-rotate-access-key InNqgp01kO3v0W22eg6Z',
      'v-rotate-access-key InNqgp01kO3v0W22eg6Z json --overlap 24h',
      'v-rotate-access-key --weak plain   # ID:SECRET, a line for each',
    ],
    changes: true,
    async run(invocation) {
      const { args, options, caller, origin } = invocation;
      if (options.has('weak')) return rotateWeak(keys, invocation);
      if (args.length === 0) return { code: ReturnCode.ARGS, output: `${usageLine(command)}\n` };
      const [id = '', format] = args;
      const outputFormat = parseFormat(format);
      const overlapMs = parseOverlap(options);
      const key = await keys.rotate(parseAccessKeyId(id), caller.authority, origin, overlapMs);
      sayOverlap(overlapMs, invocation.terminal);
      const usage = overlapMs > 0 ? await keys.usage([key.id]) : undefined;
      return ok(formatKey(key, key.secret, outputFormat, { usage }));
    },
  };
  return command;
}

/**
 * One key after the other, each printed as soon as its old secret is dead, and no further once nobody listens: what
 * ends this half-way leaves at most one key with a secret that nobody has seen.
 */
async function rotateWeak(keys: AccessKeys, invocation: Invocation): Promise<CommandResult> {
  const { args, options, caller, origin, terminal } = invocation;
  if (args.length > 1) throw new AppError(ReturnCode.ARGS, '--weak stands in place of the ID of a key');
  const format = parseFormat(args[0]);
  const overlapMs = parseOverlap(options);
  const weak = await keys.listWeak();
  const waiting: string[] = [];
  let rotated = 0;
  if (format === 'json') await terminal.print('[');
  for (const { id } of weak) {
    if (terminal.signal.aborted) break;
    const key = await keys.rotate(id, caller.authority, origin, overlapMs).catch((error: unknown) => {
      if (!(error instanceof ApprovalRequired)) return unlessGone(error);
      waiting.push(`${id}: ${error.message}\n`);
      return undefined;
    });
    if (key === undefined) continue;
    await terminal.print(`${rotated++ === 0 ? '' : separators[format]}${formatKey(key, key.secret, format)}`);
  }
  if (format === 'json') await terminal.print(']\n');
  if (rotated > 0) sayOverlap(overlapMs, terminal);
  terminal.say(`rotated ${rotated} of ${weak.length} weak access keys\n`);
  for (const line of waiting) terminal.say(line);
  return { code: waiting.length === 0 ? ReturnCode.OK : ReturnCode.FORBIDDEN, output: '' };
}

function parseOverlap(options: Invocation['options']): number {
  const text = options.get('overlap')?.at(-1);
  if (text === undefined) return 0;
  const overlapMs = parseDurationMs(text);
  if (overlapMs !== undefined && overlapMs <= longestOverlapMs) return overlapMs;
  throw invalid(
    `expected ${durationForm}, of at most ${String(longestOverlapMs / 86_400_000)}d, got ${text}`,
  );
}

function sayOverlap(overlapMs: number, terminal: Terminal): void {
  const end =
    overlapMs > 0 ? `is valid until ${formatMoment(Date.now() + overlapMs)}` : 'is not valid any more';
  terminal.say(`The old secret ${end}.\n`);
}

const separators: Record<OutputFormat, string> = { json: ',\n', plain: '', shell: '\n' };

/** A key that was deleted meanwhile needs no new secret. */
function unlessGone(error: unknown): undefined {
  if (error instanceof AppError && error.code === ReturnCode.NOT_EXIST) return undefined;
  throw error;
}
