import { userInfo } from 'node:os';
import type { Actor } from '../audit/audit-event.js';
import { AppError, ReturnCode } from '../errors.js';

export interface PersonRules {
  /** A panel supplies the users: who can change passwords there could be anybody here, so only operators count. */
  hasPanel: boolean;
}

/**
 * The person who asks for a change or approves one, by name. A panel's users are users of its machine, so somebody who
 * became root with `sudo` is the panel's user of that name. A key is nobody: several persons may have its secret.
 *
 * @throws AppError 10 where nobody knows who it is
 */
export function personOf(actor: Actor, { hasPanel }: PersonRules): string {
  if (actor.kind === 'operator') {
    const { loginUser, sudoUser } = actor;
    const name = [loginUser, sudoUser].find((each) => each !== undefined && !isNobody(each));
    if (name !== undefined) return name;
    throw forbidden('with HEARTHKEY_APPROVALS=2 it counts who does this: use sudo, not the login of root');
  }
  if (actor.kind === 'session' || actor.kind === 'password') {
    if (hasPanel)
      throw forbidden(
        'with HEARTHKEY_APPROVALS=2 beside a panel, which has the passwords, this is done at the command line',
      );
    if (actor.user !== undefined) return actor.user;
  }
  throw forbidden(
    'with HEARTHKEY_APPROVALS=2 a person does this: in a session or at the command line, not with a key',
  );
}

/** Several persons may be root, or the account that the service runs as. */
function isNobody(name: string): boolean {
  return name === 'root' || name === ownAccount();
}

function ownAccount(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}

export function forbidden(message: string): AppError {
  return new AppError(ReturnCode.FORBIDDEN, message);
}
