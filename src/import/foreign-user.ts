import { parseEmail, parsePackage, parsePersonName } from '../users/user.js';
import type { ForeignUser } from '../users/take-over-users.js';
import type { Foreign } from './foreign-key.js';
import { creationTimeMs, parseConf, yesOrNo } from './parse-conf.js';

/**
 * Reads a user.conf of Hestia. Details of the wrong form are left out with a remark; whether the user is suspended
 * has to be in order.
 *
 * @throws ConfError
 */
export function readForeignUser(
  name: string,
  text: string,
  { rootUser, nowMs }: { rootUser: string; nowMs: number },
): Foreign<ForeignUser> {
  const values = parseConf(text);
  const remarks: string[] = [];
  const detail = (what: string, parse: (text: string) => string, otherwise: string): string => {
    const given = values.get(what) ?? '';
    if (given === '') return otherwise;
    try {
      return parse(given);
    } catch {
      remarks.push(`its ${what} has a form that is not allowed here: ${otherwise || 'left empty'}`);
      return otherwise;
    }
  };
  const personName = detail('NAME', (given) => parsePersonParts(given).join(' '), '');
  const [firstName, lastName] = parsePersonParts(personName);
  const createdAtMs = creationTimeMs(values);
  if (createdAtMs === undefined) remarks.push('has no creation time: now is taken');
  if (values.get('ROLE') === 'admin' && name !== rootUser) {
    remarks.push(`an administrator there; here only ${rootUser} is`);
  }
  const value = {
    name,
    email: detail('CONTACT', parseEmail, ''),
    package: detail('PACKAGE', parsePackage, 'default'),
    firstName,
    lastName,
    isSuspended: yesOrNo(values, 'SUSPENDED'),
    isLoginDisabled: yesOrNo(values, 'LOGIN_DISABLED'),
    createdAtMs: createdAtMs ?? nowMs,
  };
  return { value, remarks };
}

/** Hestia keeps one NAME: its first word is the first name here, the rest the last name. */
function parsePersonParts(text: string): [string, string] {
  const [first = '', ...rest] = text.split(/\s+/).filter((word) => word !== '');
  return [parsePersonName('first name', first), parsePersonName('last name', rest.join(' '))];
}
