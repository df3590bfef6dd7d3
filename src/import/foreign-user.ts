import {
  ConfError,
  creationTimeMs,
  readConfLines,
  readSuspension,
  valuesOf,
  yesOrNo,
  type ConfLines,
} from '../text/conf-file.js';
import { parseEmail, parsePackage, parsePersonName } from '../users/user.js';
import type { ForeignUser } from '../users/take-over-users.js';
import type { Foreign } from './foreign-key.js';

/**
 * Reads a user.conf of Hestia. Details of the wrong form, or with two values, are left out with a remark; whether the
 * user is suspended and may log in has to be in order.
 *
 * @throws ConfError
 */
export function readForeignUser(
  name: string,
  text: string,
  { rootUser, nowMs }: { rootUser: string; nowMs: number },
): Foreign<ForeignUser> {
  const lines = readConfLines(text);
  const [other] = lines.others;
  if (other !== undefined) throw new ConfError(`line ${String(other)}: expected NAME='VALUE'`);
  const remarks: string[] = [];
  const values = readDetails(lines, remarks);
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
  const isAdministrator = values.get('ROLE') === 'admin' && name !== rootUser;
  if (isAdministrator) remarks.push('an administrator, there and here');
  const value: ForeignUser = {
    name,
    email: detail('CONTACT', parseEmail, ''),
    package: detail('PACKAGE', parsePackage, 'default'),
    firstName,
    lastName,
    isSuspended: isSuspended(text, lines),
    isLoginDisabled: isLoginDisabled(lines),
    createdAtMs: createdAtMs ?? nowMs,
    role: isAdministrator ? 'admin' : 'user',
  };
  return { value, remarks };
}

const details = ['NAME', 'CONTACT', 'PACKAGE', 'ROLE', 'DATE', 'TIME'];

function readDetails(lines: ConfLines, remarks: string[]): Map<string, string> {
  const read = new Map<string, string>();
  for (const name of details) {
    const values = valuesOf(lines, name);
    const [value] = values;
    if (values.length > 1) remarks.push(`its ${name} stands there twice, with two values: left out`);
    else if (value !== undefined) read.set(name, value);
    else if (values.length > 0) remarks.push(`its ${name} can't be read: left out`);
  }
  return read;
}

/** Without a line about it the user is active, as in Hestia. */
function isSuspended(text: string, lines: ConfLines): boolean {
  const says = readSuspension(text);
  if (says === 'unclear' && valuesOf(lines, 'SUSPENDED').length > 0)
    throw new ConfError("SUSPENDED is neither 'yes' nor 'no'");
  return says === 'yes';
}

function isLoginDisabled(lines: ConfLines): boolean {
  const [value = 'no', ...more] = valuesOf(lines, 'LOGIN_DISABLED');
  if (more.length > 0) throw new ConfError('LOGIN_DISABLED stands there twice, with two values');
  return yesOrNo(new Map([['LOGIN_DISABLED', value]]), 'LOGIN_DISABLED');
}

/** Hestia keeps one NAME: its first word is the first name here, the rest the last name. */
function parsePersonParts(text: string): [string, string] {
  const [first = '', ...rest] = text.split(/\s+/).filter((word) => word !== '');
  return [parsePersonName('first name', first), parsePersonName('last name', rest.join(' '))];
}
