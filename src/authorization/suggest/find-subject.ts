import type { RoleDirectory } from '../../apis/role-directory.js';
import { AppError, invalid, notFound, ReturnCode } from '../../errors.js';
import type { AccessKeyList } from '../../keys/listing/access-key-list.js';
import { maySeeKey, maySeeOf, type Authority } from '../../keys/makers/authority.js';
import { accessKeyIdPattern } from '../../text/names.js';
import type { Users } from '../../users/users.js';
import { subjectKinds, type Subject, type SubjectKind } from './suggestion.js';

export interface SubjectParts {
  keys: Pick<AccessKeyList, 'find'>;
  users: Pick<Users, 'find'>;
  roles: Pick<RoleDirectory, 'find'>;
}

/**
 * What a suggestion is to be about, if that authority may see it.
 *
 * @param kind - undefined: whatever has that name
 * @throws AppError 3 where there is none, 2 where several have the name, 10 for an API role where it may not
 */
export async function findSubject(
  parts: SubjectParts,
  name: string,
  kind: SubjectKind | undefined,
  authority: Authority,
): Promise<Subject> {
  const kinds = kind === undefined ? subjectKinds : [kind];
  const found: Subject[] = [];
  for (const each of kinds)
    if (await isThere(parts, { kind: each, name }, authority)) found.push({ kind: each, name });
  const [subject, other] = found;
  if (subject === undefined) throw notFound(`${kinds.map((each) => words[each]).join(' or ')} ${name}`);
  if (other !== undefined)
    throw invalid(
      `${name} is the name of a ${found.map((each) => words[each.kind]).join(' and of a ')}: say --kind`,
    );
  if (subject.kind === 'api' && !maySeeAll(authority))
    throw new AppError(ReturnCode.FORBIDDEN, 'what all keys with an API use is for the root user');
  return subject;
}

const words: Record<SubjectKind, string> = { key: 'key', user: 'user', api: 'API' };

async function isThere(
  { keys, users, roles }: SubjectParts,
  { kind, name }: Subject,
  authority: Authority,
): Promise<boolean> {
  if (kind === 'api') return roles.find(name) !== undefined;
  if (kind === 'user') return maySeeOf(authority, name) && (await users.find(name)) !== undefined;
  const key = accessKeyIdPattern.test(name) ? await keys.find(name) : undefined;
  return key !== undefined && maySeeKey(authority, key);
}

function maySeeAll(authority: Authority): boolean {
  return authority === 'everything' || authority.isRootUser;
}
