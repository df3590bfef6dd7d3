import type { IncomingHttpHeaders } from 'node:http';
import { longestMs } from '../../../sessions/session.js';
import { cookieValues } from '../../cookies.js';
import type { Transport } from './own-page.js';

/** Over TLS browsers keep a `__Host-` cookie to this very host. Over plain HTTP they would not take it. */
const names = { https: '__Host-hearthkey', loopback: 'hearthkey' } as const;

/**
 * @returns the value; empty where there are two, for somebody else has set one of them; undefined: there is none, or
 * there can be none over that transport
 */
export function readSessionCookie(headers: IncomingHttpHeaders, transport: Transport): string | undefined {
  if (transport === 'open') return undefined;
  const values = cookieValues(headers, names[transport]);
  return values.length > 1 ? '' : values[0];
}

/** @param value - empty: the browser forgets it */
export function writeSessionCookie(value: string, transport: Exclude<Transport, 'open'>): string {
  const age = value === '' ? 0 : longestMs / 1000;
  const secure = transport === 'https' ? '; Secure' : '';
  return `${names[transport]}=${value}; Path=/; Max-Age=${String(age)}; HttpOnly; SameSite=Strict${secure}`;
}
