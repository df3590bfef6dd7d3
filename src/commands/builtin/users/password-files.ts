import { invalid } from '../../../errors.js';
import type { BuiltinCommand, Caller } from '../../builtin-command.js';
import type { TemporaryFiles } from '../../temporary-files.js';

/** A password that begins so is meant as the path of a file; one that only begins with a slash may be drawn at random. */
export const pathPattern =
  /^\/(?:bin|boot|dev|etc|home|lib|lib64|media|mnt|opt|proc|root|run|sbin|srv|sys|tmp|usr|var)\//;

/**
 * The command, with each PASSWORD that names a file of `v-make-tmp-file` read from that file, as Hestia's commands do:
 * so its clients keep passwords out of arguments. The file is removed. Any other path is refused with 2: the path would
 * become the password.
 *
 * @param files - undefined: these files are made elsewhere, so that no path can be read
 */
export function readingPasswordFiles(
  command: BuiltinCommand,
  files: TemporaryFiles | undefined,
): BuiltinCommand {
  const place = passwordPlace(command);
  if (place === -1) return command;
  return {
    ...command,
    async run(invocation) {
      const { args, caller } = invocation;
      const given = args[place];
      if (given === undefined || !isPath(given, files)) return command.run(invocation);
      const password = await files?.readSecret(given, caller, 'remove');
      if (password === undefined)
        throw invalid(
          'invalid password: it is a path, and v-make-tmp-file made no such file for this caller',
        );
      return command.run({ ...invocation, args: args.with(place, password) });
    },
  };
}

/**
 * The password that a panel's command is about to use: it reads the file by itself.
 *
 * @returns undefined where only the panel can know it
 */
export async function passwordAtPanel(
  given: string | undefined,
  files: TemporaryFiles | undefined,
  caller: Caller,
): Promise<string | undefined> {
  if (given === undefined || !isPath(given, files)) return given;
  return files?.readSecret(given, caller, 'keep');
}

function passwordPlace({ options }: BuiltinCommand): number {
  return options.split(' ').findIndex((word) => /^\[?PASSWORD\]?$/.test(word));
}

function isPath(text: string, files: TemporaryFiles | undefined): boolean {
  return pathPattern.test(text) || files?.isPlace(text) === true;
}
