import { invalid, invalidFormat } from '../errors.js';
import { loneSurrogatePattern } from '../text/byte-text.js';
import { asciiControlPattern, userNamePattern } from '../text/names.js';

/** `admin`: an administrator, whose keys may use `admin` roles. The root user is one whatever is stored. */
export type UserRole = (typeof userRoles)[number];
export const userRoles = ['admin', 'user'] as const;

/** A panel user: owns access keys, and may log in with a password where the legacy API is on. */
export interface User {
  name: string;
  email: string;
  package: string;
  firstName: string;
  lastName: string;
  hasPassword: boolean;
  isSuspended: boolean;
  isLoginDisabled: boolean;
  createdAtMs: number;
  role: UserRole;
}

export interface NewUser {
  name: string;
  email: string;
  package: string;
  firstName: string;
  lastName: string;
  password: string | undefined;
  role: UserRole;
}

export const emailPattern =
  /^[A-Za-z0-9.!#$%&*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/;
export const packagePattern = /^[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,62}[A-Za-z0-9])?$/;
// The name of a person or a firm decides nothing. It is shown on one line, in files that have values in quotes and in
// pages: no control characters, also none that turn the direction of writing, no quotes and no < or >.
export const personNamePattern = /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}'"<>]{0,64}$/u;
export const passwordLength = { min: 6, max: 256 };

export function parseUserName(text: string): string {
  if (!userNamePattern.test(text)) throw invalidFormat('user', text);
  return text;
}

/** @throws AppError 2 */
export function parseRole(text: string): UserRole {
  const role = userRoles.find((each) => each === text);
  if (role === undefined) throw invalidFormat('role', text);
  return role;
}

export function parseEmail(text: string): string {
  if (text.length > 254 || !emailPattern.test(text)) throw invalidFormat('email', text);
  return text;
}

export function parsePackage(text: string): string {
  if (!packagePattern.test(text)) throw invalidFormat('package', text);
  return text;
}

export function parsePersonName(what: 'first name' | 'last name', text: string): string {
  if (!personNamePattern.test(text)) throw invalidFormat(what, text);
  return text;
}

/** What a panel says of a user: kept where it is one line of text, for no other could be in every store and copy. */
export function oneLineOrEmpty(text: string): string {
  return text.length <= 254 && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text) ? text : '';
}

/** @throws AppError 2; the message says what was expected and never repeats the password */
export function parsePassword(text: string): string {
  if (text.length < passwordLength.min || text.length > passwordLength.max) {
    throw invalid(
      `invalid password: expected ${String(passwordLength.min)} to ${String(passwordLength.max)} characters`,
    );
  }
  if (loneSurrogatePattern.test(text)) throw invalid('invalid password: it has to be UTF-8');
  if (asciiControlPattern.test(text)) throw invalid('invalid password: control characters are not allowed');
  return text;
}
