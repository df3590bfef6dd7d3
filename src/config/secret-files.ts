import { readFileSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { withoutByteOrderMark } from '../text/conf-file.js';
import { systemReason } from '../text/system-reason.js';

/** Settings without `HEARTHKEY_`, by name. */
type Given = Readonly<Record<string, string>>;

/**
 * Puts the content of a secret's file in the place of the secret: `X_FILE` names a file whose one line is the value
 * of `X`. A secret in a file is not in the environment, which processes and their dumps show more freely.
 *
 * @param secrets - settings that hold a secret
 * @param absolute - makes a path absolute
 * @param lists - those of them whose file may have several lines, each a value
 * @returns the settings with those values, and a line for each that is no good; none has a value in it
 */
export function withSecretFiles(
  given: Given,
  secrets: readonly string[],
  absolute: (path: string) => string,
  lists: readonly string[] = [],
): { given: Given; problems: string[] } {
  const values: Record<string, string> = { ...given };
  const problems: string[] = [];
  for (const secret of secrets) {
    const file = given[`${secret}_FILE`];
    if (file === undefined) continue;
    if (given[secret] !== undefined) {
      problems.push(`HEARTHKEY_${secret} and HEARTHKEY_${secret}_FILE: set one of them, not both`);
      continue;
    }
    const read = readSecret(absolute(file), lists.includes(secret));
    if ('problem' in read) problems.push(`HEARTHKEY_${secret}_FILE: ${shownPath(file)} ${read.problem}`);
    else values[secret] = read.value;
  }
  return { given: values, problems };
}

/** What is no absolute path may be the secret itself, given in the wrong place. */
function shownPath(file: string): string {
  return isAbsolute(file) ? file : 'the file';
}

function readSecret(file: string, isList: boolean): { value: string } | { problem: string } {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return { problem: `can't be read: ${systemReason(error)}` };
  }
  const value = withoutByteOrderMark(text).replace(/[\r\n]+$/, '');
  if (value === '') return { problem: 'is empty' };
  if (isList) return { value: value.replace(/[\r\n]+/g, ' ') };
  return /[\r\n]/.test(value) ? { problem: 'has more than one line' } : { value };
}
