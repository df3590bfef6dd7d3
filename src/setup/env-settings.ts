import { parseEnvFile } from '../config/env-file.js';
import { AppError, ReturnCode } from '../errors.js';

const begin = '# Written by hearthkey setup; hearthkey setup --undo brings the file back.';
const end = '# End of what hearthkey setup wrote.';

/**
 * The text of a settings file with more settings, in a block of their own at its end. What the file sets already to the
 * same value stays where it is.
 *
 * @param file - its name, for messages
 * @throws AppError 4 where the file sets one of them to another value, 12 where it has a line that is none
 */
export function withSettings(text: string, wanted: Readonly<Record<string, string>>, file: string): string {
  const { values, problems } = parseEnvFile(text, file);
  const [problem] = problems;
  if (problem !== undefined) throw new AppError(ReturnCode.PARSING, problem);
  const missing: string[] = [];
  for (const [name, value] of Object.entries(wanted)) {
    const present = values[name];
    if (present === undefined) missing.push(`${name}=${quoted(value)}`);
    else if (present !== value) {
      throw new AppError(
        ReturnCode.EXISTS,
        `${file} sets ${name} already, to another value: remove that line, or set it to ${value}`,
      );
    }
  }
  if (missing.length === 0) return text;
  const before = text === '' || text.endsWith('\n') ? text : `${text}\n`;
  return `${before}${[begin, ...missing, end].join('\n')}\n`;
}

/** The values of a settings file. */
export function settingsIn(text: string, file: string): Record<string, string> {
  return parseEnvFile(text, file).values;
}

function quoted(value: string): string {
  if (!/[\s#"'`]/.test(value)) return value;
  if (!value.includes("'")) return `'${value}'`;
  if (!/["\\]/.test(value)) return `"${value}"`;
  throw new AppError(
    ReturnCode.INVALID,
    'a path or an address with quotes in it can not be written to the settings',
  );
}
