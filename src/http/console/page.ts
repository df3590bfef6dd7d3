import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { ComponentChild } from 'preact';
import type { CurrentSessionDto } from '../administration/sessions/session.dto.js';
import type { ApiCalls } from './api/console-api.js';
import type { Language, Translations } from './languages.js';
import type { Theme } from './themes.js';

/** What every component of a page may read. */
export interface PageView {
  /** The path and the query, as the browser sent them. */
  url: URL;
  language: Language;
  theme: Theme;
  /** Undefined: nobody is logged in, on the page where one logs in. */
  session: CurrentSessionDto | undefined;
  /** The texts of one part in the reader's language. */
  t: <T>(texts: Translations<T>) => T;
}

/** A page that somebody who has logged in asked for. */
export interface Page extends PageView {
  session: CurrentSessionDto;
  api: ApiCalls;
}

/** What a controller renders between header and footer. */
export interface PageContent {
  title: string;
  body: ComponentChild;
  /** 200, unless it says otherwise. */
  status?: number;
}

const PageContext = createContext<PageView | undefined>(undefined);

export const PageProvider = PageContext.Provider;

/** @throws Error outside a page */
export function usePage(): PageView {
  const page = useContext(PageContext);
  if (page === undefined) throw new Error('a component was rendered outside a page');
  return page;
}
