import type { Operator } from '../audit/audit-event.js';
import type { OperatorRequest } from './operator-request.js';

/** Who runs a command at the admin socket, as his command line says. */
export function operatorOf({ uid, unixUser, sudoUser, loginUser, tty }: OperatorRequest): Operator {
  return {
    kind: 'operator',
    ...(uid !== undefined && { uid: String(uid) }),
    ...(isSaid(unixUser) && { unixUser }),
    ...(isSaid(sudoUser) && { sudoUser }),
    ...(isSaid(loginUser) && { loginUser }),
    ...(isSaid(tty) && { terminal: tty }),
  };
}

function isSaid(text: string | undefined): text is string {
  return text !== undefined && text !== '';
}
