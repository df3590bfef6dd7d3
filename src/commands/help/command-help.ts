import { ReturnCode } from '../../errors.js';
import { programName, requiredCount, usageLine, wordsOf } from '../arguments.js';
import type { BuiltinCommand } from '../builtin-command.js';
import { commonArguments, type ArgumentHelp } from './argument-help.js';
import { codeMeanings } from './exit-codes.js';

/** All that the help, the manual page and the completion of a command are made of. */
export interface CommandHelp {
  name: string;
  /** What is typed to run it. */
  program: string;
  info: string;
  usage: string;
  arguments: readonly (ArgumentHelp & { name: string; isRequired: boolean })[];
  /** `value` is what the value is called; an option without one is a switch. */
  options: readonly { name: string; value?: string; info: string; isRequired: boolean }[];
  exitCodes: readonly { code: number; meaning: string }[];
  examples: readonly string[];
  /** Sentences that belong to no argument. */
  notes: readonly string[];
}

export function commandHelp(command: BuiltinCommand): CommandHelp {
  return {
    name: command.name,
    program: programName(command),
    info: command.info,
    usage: usageLine(command).replace(/^Usage: /, ''),
    arguments: wordsOf(command).map((word) => argumentHelp(command, word)),
    options: (command.longOptions ?? []).map(({ name, value, info, isRequired }) => ({
      name,
      ...(value !== undefined && { value }),
      info,
      isRequired: isRequired === true,
    })),
    exitCodes: codesOf(command).map((code) => ({ code, meaning: codeMeanings[code] })),
    examples: command.examples,
    notes: command.notes ?? [],
  };
}

function argumentHelp(command: BuiltinCommand, word: string) {
  const name = word.replace(/[[\]]/g, '');
  const help = command.argumentHelp?.[name] ?? commonArguments[name];
  if (help === undefined) throw new Error(`${command.name}: no help says what ${name} means`);
  return { name, isRequired: !word.startsWith('['), ...help };
}

/** Those that every command of its kind has, and those that it names itself. */
function codesOf(command: BuiltinCommand): ReturnCode[] {
  const hasOptions = command.longOptions !== undefined;
  const codes: ReturnCode[] = [ReturnCode.OK, ReturnCode.CONNECT, ReturnCode.DATABASE];
  const usageCode = command.usageCode ?? ReturnCode.ARGS;
  if (requiredCount(command) > 0 || hasOptions || command.changes !== false) codes.push(usageCode);
  if (wordsOf(command).length > 0 || hasOptions) codes.push(ReturnCode.INVALID);
  return [...new Set([...codes, ...(command.exitCodes ?? [])])].sort((one, other) => one - other);
}
