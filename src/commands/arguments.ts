import { AppError, ReturnCode } from '../errors.js';
import { didYouMean } from '../text/nearest-name.js';
import type { BuiltinCommand } from './builtin-command.js';
import { isFormat } from './output-formats.js';

export interface ParsedArguments {
  args: string[];
  options: Map<string, string[]>;
}

/**
 * Parts the words of a command line into arguments and the command's long options (`--name value`, `--name=value`).
 * What comes after `--` is an argument whatever it looks like. A command that has no options has no `--` either.
 *
 * @throws AppError 1 for an option that the command doesn't have, or without its value
 */
export function parseCommandLine(command: BuiltinCommand, words: readonly string[]): ParsedArguments {
  const parsed: ParsedArguments = { args: [], options: new Map() };
  // A command without options takes its words as they are, as Hestia's do.
  if (command.longOptions === undefined) return { ...parsed, args: [...words] };
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    if (word === '--') {
      parsed.args.push(...words.slice(index + 1));
      break;
    }
    if (!word.startsWith('--')) {
      parsed.args.push(word);
      continue;
    }
    const [name = '', ...rest] = word.slice(2).split('=');
    const option = command.longOptions.find((known) => known.name === name);
    if (option === undefined) {
      const meant = didYouMean(
        name,
        command.longOptions.map((known) => known.name),
      ).replace('mean ', 'mean --');
      throw badUsage(command, `there is no option --${name} (an argument like that goes after --)${meant}`);
    }
    let value = rest.length > 0 ? rest.join('=') : undefined;
    if (option.value === undefined && value !== undefined)
      throw badUsage(command, `--${name} takes no value`);
    if (option.value !== undefined && value === undefined) value = words[++index];
    if (option.value !== undefined && value === undefined) throw badUsage(command, `--${name} needs a value`);
    parsed.options.set(name, [...(parsed.options.get(name) ?? []), value ?? '']);
  }
  return parsed;
}

/** What stands in the usage line for its arguments: `USER`, `[FORMAT]`. */
export function wordsOf({ options }: BuiltinCommand): string[] {
  return options.split(/\s+/).filter((word) => word !== '');
}

/** How many arguments can't be left out. */
export function requiredCount(command: BuiltinCommand): number {
  return wordsOf(command).filter((word) => !word.startsWith('[')).length;
}

/**
 * The arguments of a command whose output goes nowhere: where it only reads, an unknown FORMAT is left empty, for it
 * can mislead nobody. Billing modules test their access with `v-list-users ACCESS_KEY_ID` and `returncode=yes`.
 */
export function withKnownFormat(command: BuiltinCommand, args: readonly string[]): readonly string[] {
  const place = command.options.split(/\s+/).findIndex((word) => /^\[?FORMAT\]?$/.test(word));
  const format = args[place];
  const isHearthkeys = command.changes === false && command.runsAtPanel !== true;
  if (!isHearthkeys || format === undefined || isFormat(format)) return args;
  return args.with(place, '');
}

export function usageLine(command: BuiltinCommand): string {
  const required = (command.longOptions ?? [])
    .filter((option) => option.isRequired)
    .map(({ name, value = '' }) => `--${name} ${value}`.trim());
  return ['Usage:', programName(command), ...required, command.options].join(' ').trim();
}

/** What is typed to run it: only `v-…` commands have a program of their own. */
export function programName({ name }: BuiltinCommand): string {
  return name.startsWith('v-') ? name : `hearthkey ${name}`;
}

function badUsage(command: BuiltinCommand, problem: string): AppError {
  return new AppError(ReturnCode.ARGS, problem, { usage: usageLine(command) });
}
