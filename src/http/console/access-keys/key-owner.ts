import type { ApiDto } from '../../administration/apis/api.dto.js';
import type { UserDto } from '../../administration/users/user.dto.js';
import { ApiProblem } from '../api/api-problem.js';
import type { Page } from '../page.js';

/** Whose a key is, as far as it makes a difference to what the key reaches (docs/adr/0022). */
export type KeyOwner = 'root_user' | 'administrator' | 'user';

/**
 * @param apis - those that the reader is shown: of `admin` roles somebody else than the root user is shown his own, so
 *   he is an administrator where there is one
 */
export async function ownerOf(
  { api, session }: Pick<Page, 'api' | 'session'>,
  user: string,
  apis: readonly ApiDto[],
): Promise<KeyOwner> {
  if (!session.isRootUser) return apis.some(({ role }) => role === 'admin') ? 'administrator' : 'user';
  if (user === session.user) return 'root_user';
  try {
    const { role } = await api.get<UserDto>(`/v1/users/${encodeURIComponent(user)}`);
    return role === 'admin' ? 'administrator' : 'user';
  } catch (error) {
    // There is no such user, or the panel that has it does not answer.
    if (error instanceof ApiProblem && !error.needsLogin) return 'user';
    throw error;
  }
}
