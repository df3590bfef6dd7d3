import { invalid } from '../../errors.js';
import { legacyKeyPattern, parseAccessKeyPair, secretAccessKeyPattern } from '../../text/names.js';

/** A secret that somebody has found where it should not be; the ID that stood beside it, where one did. */
export interface LeakedSecret {
  accessKeyId?: string;
  secret: string;
  /** Of the text that it was read from, counted from 1. */
  line?: number;
}

/** So many are answered at once. */
export const mostLeakedSecrets = 1000;

/**
 * Reads secrets, one on each line: `SECRET`, `ID:SECRET` or a legacy key. Empty lines are left out.
 *
 * @throws AppError 2 that names the line and repeats nothing of it
 */
export function parseLeakedSecrets(text: string): LeakedSecret[] {
  const leaked: LeakedSecret[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const word = line.trim();
    if (word === '') continue;
    const one = parseLeakedSecret(word);
    if (one === undefined)
      throw invalid(
        `line ${String(index + 1)} is no secret: expected 40 characters, ID:SECRET, or a legacy key of 32 characters`,
      );
    leaked.push({ ...one, line: index + 1 });
  }
  if (leaked.length > mostLeakedSecrets)
    throw invalid(`expected at most ${String(mostLeakedSecrets)} secrets at once`);
  return leaked;
}

/** @returns undefined for a text of another form */
export function parseLeakedSecret(text: string): LeakedSecret | undefined {
  if (secretAccessKeyPattern.test(text) || legacyKeyPattern.test(text)) return { secret: text };
  const pair = parseAccessKeyPair(text);
  return pair && { accessKeyId: pair.accessKeyId, secret: pair.secretAccessKey };
}
