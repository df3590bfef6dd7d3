import { momentOrNull } from '../moment.js';
import type { UserDto } from './user.dto.js';

type Listed = Readonly<Record<string, Readonly<Record<string, unknown>> | null>>;

/**
 * Users as `v-list-user json` and `v-list-users json` print them, here as at a panel.
 *
 * @returns undefined for an output of another form
 */
export function readUsers(output: string, rootUser: string): UserDto[] | undefined {
  try {
    const listed: unknown = JSON.parse(output);
    if (typeof listed !== 'object' || listed === null || Array.isArray(listed)) return undefined;
    return Object.entries(listed as Listed).map(([name, fields]) => readUser(name, fields ?? {}, rootUser));
  } catch {
    return undefined;
  }
}

function readUser(name: string, fields: Readonly<Record<string, unknown>>, rootUser: string): UserDto {
  const text = (field: string): string => {
    const value = fields[field];
    return typeof value === 'string' ? value : '';
  };
  // Hestia's date and time are local ones of its server; there is no offset beside them.
  const createdAtMs = Date.parse(`${text('DATE')}T${text('TIME')}`);
  return {
    name,
    fullName: text('NAME'),
    email: text('CONTACT'),
    package: text('PACKAGE'),
    isRootUser: name === rootUser,
    role: name === rootUser || text('ROLE') === 'admin' ? 'admin' : 'user',
    isSuspended: text('SUSPENDED') === 'yes',
    createdAt: momentOrNull(Number.isNaN(createdAtMs) ? undefined : createdAtMs),
  };
}
