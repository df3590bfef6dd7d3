import type { IncomingHttpHeaders } from 'node:http';
import { cookieValues } from '../../cookies.js';
import { isLanguage, preferredLanguage, type Language } from '../languages.js';
import { themes, type Theme } from '../themes.js';

/** What a reader has chosen; no secret, and of no use to anybody else. */
export interface Preferences {
  language: Language;
  theme: Theme;
}

const cookieName = 'hearthkey-console';
const yearSeconds = 31_536_000;

/** @returns what the browser prefers where nothing was chosen */
export function readPreferences(headers: IncomingHttpHeaders): Preferences {
  const [value = ''] = cookieValues(headers, cookieName);
  const [language = '', theme = ''] = value.split('.');
  return {
    language: isLanguage(language) ? language : preferredLanguage(headers['accept-language']),
    theme: isTheme(theme) ? theme : 'auto',
  };
}

export function writePreferences({ language, theme }: Preferences): string {
  return `${cookieName}=${language}.${theme}; Path=/console; Max-Age=${String(yearSeconds)}; SameSite=Lax; HttpOnly`;
}

export function isTheme(text: string): text is Theme {
  return (themes as readonly string[]).includes(text);
}
