import type { AccessKeyDto } from '../../administration/access-keys/access-key.dto.js';
import type { ApiDto } from '../../administration/apis/api.dto.js';
import type { Language } from '../languages.js';
import type { KeyOwner } from './key-owner.js';
import { sentenceTexts } from './key-sentence.texts.js';

export interface KeyFacts {
  /** Undefined: every command. */
  granted: GrantedCommands | undefined;
  /** Empty: nobody was chosen yet. */
  user: string;
  owner: KeyOwner;
  addressCount: number;
  /** ISO 8601; undefined: it has no end. */
  end: string | undefined;
  rateLimit: string;
  quota: string;
  only: readonly string[];
}

/** What the roles of a key give it. */
export interface GrantedCommands {
  all: ReadonlySet<string>;
  /** Those of them with which the key of an administrator may name any user but the root user. */
  forOthers: ReadonlySet<string>;
}

/** What a key may do, in one sentence. */
export function keySentence(language: Language, facts: KeyFacts): string {
  const texts = sentenceTexts[language];
  const { granted, addressCount, end, rateLimit, quota, only } = facts;
  const parts = [
    granted === undefined
      ? texts.everything
      : ([texts.nothing, texts.oneCommand][granted.all.size] ??
        fill(texts.commands, String(granted.all.size))),
    ...reachOf(facts, texts),
    [texts.anywhere, texts.oneAddress][addressCount] ?? fill(texts.addresses, String(addressCount)),
    end === undefined ? texts.forever : fill(texts.until, dayText(language, end)),
    rateLimit === '' ? '' : fill(texts.rate, rateLimit),
    quota === '' ? '' : fill(texts.quota, quota),
    only.length === 0 ? '' : fill(texts.only, only.join(' ')),
  ];
  return `${parts.filter((part) => part !== '').join(', ')}.`;
}

/** For whom it may do that. */
function reachOf({ granted, user, owner }: KeyFacts, texts: (typeof sentenceTexts)[Language]): string[] {
  if (owner === 'root_user') return [texts.allUsers];
  if (user === '') return [];
  const forOthers = granted?.forOthers.size ?? 0;
  if (forOthers === 0) return [fill(texts.user, user)];
  if (forOthers === granted?.all.size) return [texts.allButRoot];
  return [fill(texts.someButRoot, String(forOthers)), fill(texts.othersFor, user)];
}

/** The same for a key that is there. */
export function sentenceOfKey(
  language: Language,
  key: AccessKeyDto,
  owner: KeyOwner,
  apis: readonly ApiDto[],
): string {
  return keySentence(language, {
    granted:
      owner === 'root_user' && key.permissions.length === 0 ? undefined : grantedCommands(key, owner, apis),
    ...{ user: key.user, owner, addressCount: key.allowedAddresses?.length ?? 0 },
    ...{ end: key.expiresAt ?? undefined, rateLimit: key.rateLimit ?? '', quota: key.quota ?? '' },
    only: key.only ?? [],
  });
}

/** The commands that its roles give it: `admin` roles those of administrators and of the root user alone. */
export function grantedCommands(
  { permissions }: { permissions: readonly string[] },
  owner: KeyOwner,
  apis: readonly ApiDto[],
): GrantedCommands {
  const granting = apis.filter(
    ({ name, role, problem }) =>
      permissions.includes(name) && problem === null && (owner === 'root_user' || isFor(role, owner)),
  );
  const ofAdmin = granting.filter(({ role }) => owner === 'administrator' && role === 'admin');
  return {
    all: new Set(granting.flatMap(({ commands }) => commands)),
    forOthers: new Set(ofAdmin.flatMap(({ commands }) => commands)),
  };
}

function isFor(role: ApiDto['role'], owner: KeyOwner): boolean {
  return role === 'user' || (owner === 'administrator' && role === 'admin');
}

function fill(text: string, value: string): string {
  return text.replace('#', () => value);
}

function dayText(language: Language, at: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(at));
}
