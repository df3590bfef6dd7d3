import { createHmac, timingSafeEqual } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { ApiCalls } from '../api/console-api.js';

/** A request of REST v1 that puts back what another one changed. */
export interface UndoRequest {
  method: 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  path: string;
  body?: object;
  /** It is done only while nobody else has changed it since. */
  ifMatch?: string;
}

export interface Undo {
  requests: readonly UndoRequest[];
  /** The page that it leads to. */
  goTo: string;
}

const validMs = 15 * 60_000;
/** A longer one is not offered: it stands in the address of a page. */
const longest = 4000;
const mostInflated = 1_000_000;

/**
 * The undo of what a form just did, for the address of the page that follows. It is signed with the token of the
 * session: so it is a page of ours that offers it, to the same session, and no link that somebody else made up.
 *
 * @returns undefined where it would be too long for an address
 */
export function signUndo(undo: Undo, csrfToken: string, nowMs = Date.now()): string | undefined {
  const text = JSON.stringify({ ...undo, untilMs: nowMs + validMs });
  const payload = deflateRawSync(text).toString('base64url');
  const signed = `${payload}.${macOf(payload, csrfToken)}`;
  return signed.length <= longest ? signed : undefined;
}

/** @returns undefined for what this session was not offered, or no longer is */
export function readUndo(signed: string, csrfToken: string, nowMs = Date.now()): Undo | undefined {
  const [payload = '', mac = ''] = signed.split('.');
  const [sent, wanted] = [Buffer.from(mac), Buffer.from(macOf(payload, csrfToken))];
  if (csrfToken === '' || sent.length !== wanted.length || !timingSafeEqual(sent, wanted)) return undefined;
  const text = inflateRawSync(Buffer.from(payload, 'base64url'), { maxOutputLength: mostInflated });
  const { untilMs, ...undo } = JSON.parse(text.toString()) as Undo & { untilMs: number };
  return nowMs < untilMs ? undo : undefined;
}

function macOf(payload: string, csrfToken: string): string {
  return createHmac('sha256', csrfToken).update(`console undo ${payload}`).digest('base64url');
}

/** Does them in turn, as the reader: REST v1 refuses what he may not do. */
export async function runUndo(api: ApiCalls, { requests }: Undo): Promise<void> {
  for (const { method, path, body, ifMatch } of requests)
    await api.send(method, path, body, ifMatch === undefined ? {} : { 'If-Match': ifMatch });
}

/**
 * What a merge patch would have to be to put back what it changes.
 *
 * @param before - the resource before the patch
 */
export function reversePatch(before: object, patch: object): object {
  const values = before as Readonly<Record<string, unknown>>;
  const names = Object.keys(patch).map((name) => (name === 'expiresIn' ? 'expiresAt' : name));
  return Object.fromEntries(names.map((name) => [name, values[name]]));
}
