import { ConfError, creationTimeMs, parseConf } from '../text/conf-file.js';
import { parseComment, type NewAccessKey } from '../keys/access-key.js';
import { apiNamePattern, secretAccessKeyPattern, userNamePattern } from '../text/names.js';

/** A thing of the tree as it is to be taken over, and what an operator should know about it. */
export interface Foreign<T> {
  value: T;
  remarks: string[];
}

const used = new Set(['SECRET_ACCESS_KEY', 'USER', 'PERMISSIONS', 'COMMENT', 'TIME', 'DATE']);

/**
 * Reads an access key file of Hestia. What decides what the key may do has to be there and in order: a file that
 * lacks its USER or PERMISSIONS is refused, because an empty list means everything to the root user.
 *
 * @throws ConfError
 */
export function readForeignKey(
  id: string,
  text: string,
  { nowMs, sourceTree }: { nowMs: number; sourceTree: string },
): Foreign<NewAccessKey> {
  const values = parseConf(text, used);
  const secret = values.get('SECRET_ACCESS_KEY') ?? '';
  if (!secretAccessKeyPattern.test(secret)) throw new ConfError('has no SECRET_ACCESS_KEY of 40 characters');
  const user = values.get('USER') ?? '';
  if (!userNamePattern.test(user)) throw new ConfError('has no USER');
  const remarks: string[] = [];
  const createdAtMs = creationTimeMs(values);
  if (createdAtMs === undefined) remarks.push('has no creation time: now is taken');
  for (const [name, value] of values) {
    if (!used.has(name) && value !== '') remarks.push(`${name} never counted in Hestia: left out`);
  }
  return {
    value: {
      id,
      secret,
      user,
      permissions: readPermissions(values.get('PERMISSIONS')),
      comment: readComment(values.get('COMMENT') ?? '', remarks),
      isSuspended: false,
      createdAtMs: createdAtMs ?? nowMs,
      sourceTree,
    },
    remarks,
  };
}

/** Names between commas. Nothing is dropped from the list: one that became empty would grant everything. */
function readPermissions(text: string | undefined): string[] {
  if (text === undefined) throw new ConfError('has no PERMISSIONS');
  if (text === '') return [];
  const names = text.split(',').map((name) => name.trim());
  if (!names.every((name) => apiNamePattern.test(name))) {
    throw new ConfError("PERMISSIONS names something that can't be an API");
  }
  return [...new Set(names)];
}

/** A comment decides nothing, so one of another form than allowed here does not cost the key. */
function readComment(text: string, remarks: string[]): string {
  const comment = text.replaceAll('\t', ' ').trim();
  try {
    return parseComment(comment);
  } catch {
    remarks.push('its COMMENT has a form that is not allowed here: left empty');
    return '';
  }
}
