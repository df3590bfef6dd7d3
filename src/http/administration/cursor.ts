import { Problem } from './problem.js';

/** Where the next page of a list begins, as one text that clients pass on as it is. */
export function writeCursor(values: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url');
}

/**
 * @param forms - of each value that the list needs
 * @throws Problem for a text that no page of this list has named
 */
export function readCursor(text: string, forms: readonly ('string' | 'number')[]): (string | number)[] {
  try {
    const values: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    const isRight =
      Array.isArray(values) &&
      values.length === forms.length &&
      values.every((value, index) => typeof value === forms[index]);
    if (isRight) return values as (string | number)[];
  } catch {
    // The same answer as to one of another list.
  }
  const errors = [
    { field: 'cursor', message: 'expected the `next` of a page of this list, with the same sort' },
  ];
  const detail = 'cursor: expected the `next` of a page of this list, with the same sort';
  throw new Problem({ status: 400, reason: 'invalid_input', detail, errors });
}
