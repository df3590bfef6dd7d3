import type { AccessKeyDto } from '../../administration/access-keys/access-key.dto.js';
import type { ApiDto } from '../../administration/apis/api.dto.js';
import type { Language } from '../languages.js';
import { sentenceTexts } from './key-sentence.texts.js';

export interface KeyFacts {
  /** Undefined: every command. */
  commandCount: number | undefined;
  /** Empty: nobody was chosen yet. */
  user: string;
  isRootUser: boolean;
  addressCount: number;
  /** ISO 8601; undefined: it has no end. */
  end: string | undefined;
  rateLimit: string;
  quota: string;
  only: readonly string[];
}

/** What a key may do, in one sentence. */
export function keySentence(language: Language, facts: KeyFacts): string {
  const texts = sentenceTexts[language];
  const { commandCount, user, isRootUser, addressCount, end, rateLimit, quota, only } = facts;
  const parts = [
    commandCount === undefined
      ? texts.everything
      : ([texts.nothing, texts.oneCommand][commandCount] ?? fill(texts.commands, String(commandCount))),
    isRootUser ? texts.allUsers : user === '' ? '' : fill(texts.user, user),
    [texts.anywhere, texts.oneAddress][addressCount] ?? fill(texts.addresses, String(addressCount)),
    end === undefined ? texts.forever : fill(texts.until, dayText(language, end)),
    rateLimit === '' ? '' : fill(texts.rate, rateLimit),
    quota === '' ? '' : fill(texts.quota, quota),
    only.length === 0 ? '' : fill(texts.only, only.join(' ')),
  ];
  return `${parts.filter((part) => part !== '').join(', ')}.`;
}

/** The same for a key that is there. */
export function sentenceOfKey(
  language: Language,
  key: AccessKeyDto,
  isRootUser: boolean,
  apis: readonly ApiDto[],
): string {
  return keySentence(language, {
    commandCount:
      isRootUser && key.permissions.length === 0 ? undefined : grantedCommands(key, isRootUser, apis).size,
    ...{ user: key.user, isRootUser, addressCount: key.allowedAddresses?.length ?? 0 },
    ...{ end: key.expiresAt ?? undefined, rateLimit: key.rateLimit ?? '', quota: key.quota ?? '' },
    only: key.only ?? [],
  });
}

/** The commands that its roles give it. A role of the root user's keys gives those of others nothing. */
export function grantedCommands(
  { permissions }: { permissions: readonly string[] },
  isRootUser: boolean,
  apis: readonly ApiDto[],
): Set<string> {
  const granting = apis.filter(
    ({ name, role, problem }) =>
      permissions.includes(name) && problem === null && (isRootUser || role === 'user'),
  );
  return new Set(granting.flatMap(({ commands }) => commands));
}

function fill(text: string, value: string): string {
  return text.replace('#', () => value);
}

function dayText(language: Language, at: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(at));
}
