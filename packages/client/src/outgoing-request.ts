import { bearer, type CallerOptions } from './client-options.js';
import type { Method } from './operation-types.js';

export interface OutgoingRequest {
  method: Method;
  /** As in the document: `/v1/access-keys/{accessKeyId}` */
  path: string;
  parameters?: object | undefined;
  query?: object | undefined;
  body?: unknown;
  accept: string;
  ifMatch?: string | undefined;
  idempotencyKey?: string | undefined;
  lastEventId?: string | undefined;
}

/** @throws TypeError for a path that would be another one */
export function urlOf(base: string, { path, parameters = {}, query = {} }: OutgoingRequest): string {
  const filled = path.replace(/\{(\w+)\}/g, (_placeholder, name: string) => {
    const given = (parameters as Readonly<Record<string, unknown>>)[name];
    const value = Number.isSafeInteger(given) ? String(given) : given;
    // fetch would take away the dots, and the slash before nothing would be another resource.
    if (typeof value !== 'string' || ['', '.', '..'].includes(value))
      throw new TypeError(`${name} must be a text that can stand in a path`);
    return encodeURIComponent(value);
  });
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query) as [string, string | number | boolean | undefined][])
    if (value !== undefined) search.append(name, String(value));
  const text = search.toString();
  return text === '' ? `${base}${filled}` : `${base}${filled}?${text}`;
}

/** Without what says who calls. */
export function headersOf(request: OutgoingRequest, requestId: string): Record<string, string> {
  const { method, body, accept, ifMatch, idempotencyKey, lastEventId } = request;
  const type = method === 'patch' ? 'application/merge-patch+json' : 'application/json';
  return {
    Accept: accept,
    'X-Request-ID': requestId,
    ...(body !== undefined && { 'Content-Type': type }),
    ...(ifMatch !== undefined && { 'If-Match': ifMatch }),
    ...(lastEventId !== undefined && { 'Last-Event-ID': lastEventId }),
    ...(idempotencyKey !== undefined && { 'Idempotency-Key': idempotencyKey }),
  };
}

export async function callerHeaders(caller: CallerOptions, method: Method): Promise<Record<string, string>> {
  if ('secretAccessKey' in caller) return { Authorization: bearer(caller) };
  if ('credentials' in caller) return { Authorization: bearer(await caller.credentials()) };
  const token = method === 'get' ? undefined : caller.csrfToken();
  return token === undefined ? {} : { 'X-CSRF-Token': token };
}

/** 128 random bits. `crypto.randomUUID` is missing on pages that came over plain HTTP. */
export function randomId(): string {
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
