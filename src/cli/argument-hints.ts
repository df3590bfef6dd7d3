import { usageLine } from '../commands/arguments.js';
import type { BuiltinCommand } from '../commands/builtin-command.js';
import { commandHelp } from '../commands/help/command-help.js';
import { AppError, ReturnCode } from '../errors.js';
import { shortened } from '../text/visible-text.js';

/**
 * What is missing among the arguments, or too much: Hestia's answer, which clients read, doesn't say it.
 *
 * @param takesSecret - then no word is repeated: it may be a part of a password without quotes, or a path to it
 */
export function argumentHints(
  command: BuiltinCommand,
  args: readonly string[],
  takesSecret: boolean,
): string[] {
  const { arguments: known } = commandHelp(command);
  const missing = known.slice(args.length).filter(({ isRequired }) => isRequired);
  if (missing.length > 0) return missing.map(({ name, info }) => `Error: ${name} is missing: ${info}`);
  const takesAny = known.at(-1)?.name.endsWith('...') === true;
  const extra = takesAny ? [] : args.slice(known.length);
  if (extra.length === 0) return [];
  const options = takesSecret ? [] : extra.flatMap(optionName);
  const what = options.length > 0 ? options.join(' ') : 'what stands after the last argument';
  return [`Warning: ${what} is ignored. ${usageLine(command)}`];
}

/** Without its value. */
function optionName(word: string): string[] {
  const [name] = /^--[^=]*/.exec(word) ?? [];
  return name === undefined ? [] : [shortened(name)];
}

const likeSecretOption = /^--(?:pas|sec)[a-z-]*(?:=|$)/i;

/**
 * The command line takes `--password-file FILE` and `--secret-file FILE` away. What looks like them and is still there
 * would become the password itself, and the command would succeed.
 *
 * @param secretPlaces - from 1, those of the arguments that are secrets
 * @throws AppError 1
 */
export function refuseMistypedSecretOption(args: readonly string[], secretPlaces: readonly number[]): void {
  if (!secretPlaces.some((place) => likeSecretOption.test(args[place - 1] ?? ''))) return;
  throw new AppError(
    ReturnCode.ARGS,
    'an option is in the place of a secret: did you mean --password-file FILE or --secret-file FILE? A secret that begins like an option can be sent on standard input, with - in its place',
  );
}
