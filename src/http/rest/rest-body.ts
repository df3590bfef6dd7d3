import { isWithinBounds, usualBounds } from '../body/json-bounds.js';
import type { BadInput } from './routes/rest-inputs.js';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Whether a body of that type is read at all. */
export function isJsonType(contentType: string | undefined): boolean {
  const type = (contentType ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  return type === 'application/json' || /^application\/[a-z0-9.-]+\+json$/.test(type);
}

/** The fields of a JSON object; none where there is no body. */
export async function readJsonFields(body: Buffer): Promise<ReadonlyMap<string, unknown> | BadInput> {
  if (body.length === 0) return new Map();
  if (!(await isWithinBounds(body, usualBounds)))
    return { message: 'the body has too many fields, or is too deep' };
  let parsed: unknown;
  try {
    parsed = JSON.parse(utf8.decode(body));
  } catch {
    return { message: 'the body is not JSON' };
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    return { message: 'the body has to be a JSON object' };
  }
  return new Map(Object.entries(parsed));
}
