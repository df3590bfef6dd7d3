import { withoutByteOrderMark } from '../text/conf-file.js';
import { asciiControlPattern } from '../text/names.js';

export interface EnvFile {
  values: Record<string, string>;
  /** A line for each value that ends before its line does; none has a value in it. */
  warnings: string[];
  /** A line for each line that is no setting, or whose value can't be told; none has a value in it. */
  problems: string[];
}

const linePattern = /^(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_.]*)[ \t]*=[ \t]*(.*)$/s;
const quotedPattern = /^(["'`])((?:(?!\1).)*)\1[ \t]*(?:#.*)?$/s;

/**
 * Reads a `.env` file: lines `NAME=value`, in quotes or without, comments, blank lines. The values are those of
 * `parseEnv` of Node.js, which the command line uses; but nothing is cut off a value, and no line passed over, without a
 * word: a password with a # in it would be another one.
 *
 * @param file - its name, for the messages
 */
export function parseEnvFile(text: string, file: string): EnvFile {
  const read: EnvFile = { values: {}, warnings: [], problems: [] };
  withoutByteOrderMark(text)
    .split('\n')
    .forEach((line, index) => {
      const content = line.trim();
      if (content === '' || content.startsWith('#')) return;
      takeLine(read, content, `${file}, line ${String(index + 1)}`);
    });
  return read;
}

function takeLine({ values, warnings, problems }: EnvFile, content: string, place: string): void {
  const [, name, given = ''] = linePattern.exec(content) ?? [];
  if (name === undefined || hasControl(content)) {
    problems.push(`${place}: expected NAME=value`);
    return;
  }
  if (/^["'`]/.test(given)) {
    const [, quote, inside] = quotedPattern.exec(given) ?? [];
    if (inside === undefined) problems.push(`${place}: ${name}: the value doesn't end with its quote`);
    else values[name] = quote === '"' ? inside.replaceAll('\\n', '\n') : inside;
    return;
  }
  const comment = given.indexOf('#');
  if (comment > 0 && !/[ \t]/.test(given.charAt(comment - 1))) {
    problems.push(`${place}: ${name} has a # in its value: put the value in quotes`);
    return;
  }
  if (comment !== -1)
    warnings.push(`${place}: ${name} ends before the #: put the value in quotes if it is not a comment`);
  values[name] = (comment === -1 ? given : given.slice(0, comment)).trim();
}

/** A control character other than a tab: readers differ in what they make of it. */
function hasControl(text: string): boolean {
  return asciiControlPattern.test(text.replaceAll('\t', ' '));
}
