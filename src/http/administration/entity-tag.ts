import { createHash } from 'node:crypto';
import { Problem } from './problem.js';

/** A strong entity tag (RFC 9110) of what may be changed of a resource; the same state has the same tag. */
export function entityTagOf(state: unknown): string {
  return `"${createHash('sha256')
    .update(JSON.stringify(state ?? null))
    .digest('base64url')
    .slice(0, 22)}"`;
}

const listPattern = /^(?:\*|(?:W\/)?"[\x21\x23-\x7e]*"(?:\s*,\s*(?:W\/)?"[\x21\x23-\x7e]*")*)$/;

/**
 * What `If-Match` asks for: to be called with the state right before it is changed.
 *
 * @throws Problem 400 for a header of another form; the function throws 412 where the state is another one
 */
export function requireMatch(header: string | undefined): (state: unknown) => void {
  if (header === undefined) return () => undefined;
  if (header.length > 1000 || !listPattern.test(header)) {
    const detail = 'If-Match: expected the ETag of an answer, or *';
    throw new Problem({ status: 400, reason: 'invalid_input', detail });
  }
  // Strong comparison: a weak tag matches nothing.
  const tags = header.split(',').map((tag) => tag.trim());
  return (state) => {
    if (header === '*' || tags.includes(entityTagOf(state))) return;
    const detail = 'The resource was changed meanwhile: read it again';
    throw new Problem({ status: 412, reason: 'changed_meanwhile', detail });
  };
}
