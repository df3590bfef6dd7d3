import type { AccessKeyDto } from '../../administration/access-keys/access-key.dto.js';
import type { NewAccessKeyInput } from '../../administration/access-keys/access-key-input.dto.js';
import { ApiProblem } from '../api/api-problem.js';
import type { FormFields } from '../form-fields.js';

export const endChoices = ['never', '30d', '90d', '365d', 'date'] as const;

/** What the form of a key has in it, as it was entered. */
export interface KeyFields {
  user: string;
  permissions: readonly string[];
  /** Every command: for a key of the root user, and said on purpose. */
  isEverything: boolean;
  comment: string;
  end: string;
  /** A day, where `end` is `date`. */
  endDay: string;
  allowedAddresses: readonly string[];
  rateLimit: string;
  quota: string;
  only: readonly string[];
  /** For the root user, of a new key. */
  isCanary: boolean;
}

export function emptyFields(user: string): KeyFields {
  return {
    ...{ user, permissions: [], isEverything: false, comment: '', end: '90d', endDay: '' },
    ...{ allowedAddresses: [], rateLimit: '', quota: '', only: [], isCanary: false },
  };
}

export function readKeyFields(form: FormFields): KeyFields {
  return {
    user: form.text('user'),
    permissions: form.all('permissions'),
    isEverything: form.has('everything'),
    comment: form.text('comment'),
    end: form.text('end'),
    endDay: form.text('expiresAt'),
    allowedAddresses: form.list('allowedAddresses'),
    rateLimit: form.text('rateLimit'),
    quota: form.text('quota'),
    only: form.lines('only'),
    isCanary: form.has('canary'),
  };
}

/** Of a key that is there, for the form that changes it. */
export function fieldsOfKey(key: AccessKeyDto, isRootUser: boolean): KeyFields {
  const { user, permissions, comment, expiresAt } = key;
  return {
    ...{ user, permissions, comment, isEverything: isRootUser && permissions.length === 0 },
    end: expiresAt === null ? 'never' : 'keep',
    endDay: '',
    allowedAddresses: key.allowedAddresses ?? [],
    rateLimit: key.rateLimit ?? '',
    quota: key.quota ?? '',
    only: key.only ?? [],
    isCanary: false,
  };
}

type Limits = Omit<NewAccessKeyInput, 'user'>;

export interface KeyWords {
  chooseRoles: string;
  everythingOrRoles: string;
  chooseDay: string;
}

/**
 * As REST v1 takes it.
 *
 * @throws ApiProblem where it is not said what the key may do: no roles would be everything, for the root user's key
 */
export function keyInput(fields: KeyFields, words: KeyWords): Limits {
  const { permissions, isEverything, comment, end, endDay, allowedAddresses, rateLimit, quota, only } =
    fields;
  if (isEverything && permissions.length > 0)
    throw ApiProblem.ofField('permissions', words.everythingOrRoles);
  if (!isEverything && permissions.length === 0) throw ApiProblem.ofField('permissions', words.chooseRoles);
  if (end === 'date' && endDay === '') throw ApiProblem.ofField('expiresAt', words.chooseDay);
  return {
    ...{ permissions: [...permissions], comment },
    ...endInput(end, endDay),
    allowedAddresses: allowedAddresses.length === 0 ? null : [...allowedAddresses],
    rateLimit: rateLimit === '' ? null : rateLimit,
    quota: quota === '' ? null : quota,
    only: only.length === 0 ? null : [...only],
  };
}

function endInput(end: string, endDay: string): Pick<Limits, 'expiresAt' | 'expiresIn'> {
  if (end === 'keep') return {};
  if (end === 'never' || end === '') return { expiresAt: null };
  // A day counts to its end.
  return end === 'date' ? { expiresAt: `${endDay}T23:59:59Z` } : { expiresIn: end };
}
