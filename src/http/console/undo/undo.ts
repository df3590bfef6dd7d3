import { createHmac, timingSafeEqual } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { ApiProblem } from '../api/api-problem.js';
import type { ApiCalls } from '../api/console-api.js';
import type { Language } from '../languages.js';

/** A request of REST v1 that puts back what another one changed. */
export interface UndoRequest {
  method: 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  path: string;
  body?: object;
  /** It is done only while nobody else has changed it since. */
  ifMatch?: string;
  /** The same of a resource without an entity tag: what the change left in it. */
  expects?: object;
}

export interface Undo {
  requests: readonly UndoRequest[];
  /** The page that it leads to. */
  goTo: string;
}

const validMs = 15 * 60_000;
/** A longer one is not offered: it is part of the Location header, and nginx accepts 4 KiB of headers in an answer. */
const longest = 2000;
const mostInflated = 1_000_000;

/**
 * The undo of what a form just did, for the address of the page that follows. It is signed with the token of the
 * session. So only the service can offer it, and only to this session: a link that somebody else made up has no signature.
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

export interface UndoResult {
  done: number;
  /** There was nothing to undo any more, such as for a key that was deleted since. */
  leftOut: number;
}

/**
 * Sends the requests one after another, with the rights of the reader. Of several, those with nothing to undo any more
 * are left out. A single one of that kind is an error.
 *
 * @param language - of the reader
 */
export async function runUndo(
  api: Pick<ApiCalls, 'get' | 'send'>,
  { requests }: Undo,
  language: Language,
): Promise<UndoResult> {
  const result: UndoResult = { done: 0, leftOut: 0 };
  for (const request of requests) {
    try {
      await runRequest(api, request, language);
      result.done++;
    } catch (error) {
      if (requests.length === 1 || !isOver(error)) throw error;
      result.leftOut++;
    }
  }
  return result;
}

async function runRequest(
  api: Pick<ApiCalls, 'get' | 'send'>,
  { method, path, body, ifMatch, expects }: UndoRequest,
  language: Language,
): Promise<void> {
  if (expects !== undefined && !holds(await api.get<object>(path), expects)) {
    const detail = 'It was changed meanwhile, and is left as it is';
    throw new ApiProblem(412, JSON.stringify({ reason: 'changed_meanwhile', detail }), language);
  }
  await api.send(method, path, body, ifMatch === undefined ? {} : { 'If-Match': ifMatch });
}

function isOver(error: unknown): boolean {
  return error instanceof ApiProblem && ['not_found', 'not_suspended'].includes(error.reason);
}

function holds(state: object, expected: object): boolean {
  const values = state as Readonly<Record<string, unknown>>;
  return Object.entries(expected).every(([name, value]) => isDeepStrictEqual(values[name], value));
}

/**
 * Undoes a patch of a resource without an entity tag. Members that had the same value before are not part of it.
 *
 * @param before - the resource before the patch
 * @returns undefined where nothing was changed
 */
export function undoOfPatch(path: string, before: object, patch: object): UndoRequest | undefined {
  const changed = Object.entries(patch).filter(
    ([name, value]) => !holds(before, { [name]: value as unknown }),
  );
  if (changed.length === 0) return undefined;
  const expects = Object.fromEntries(changed);
  return { method: 'PATCH', path, body: reversePatch(before, expects), expects };
}

export interface DonePatch {
  path: string;
  /** The resource before the patch. */
  before: object;
  patch: object;
  /** Its entity tag after the patch. */
  ifMatch: string;
}

/**
 * Undoes a patch of a resource that has an entity tag.
 *
 * @returns undefined for a key that had expired before: REST v1 takes no end in the past
 */
export function undoOfTaggedPatch(
  { path, before, patch, ifMatch }: DonePatch,
  nowMs = Date.now(),
): UndoRequest | undefined {
  const body = reversePatch(before, patch);
  const { expiresAt } = body;
  if (typeof expiresAt === 'string' && Date.parse(expiresAt) <= nowMs) return undefined;
  return { method: 'PATCH', path, body, ifMatch };
}

/** The merge patch that puts back what another one changes. */
function reversePatch(before: object, patch: object): Readonly<Record<string, unknown>> {
  const values = before as Readonly<Record<string, unknown>>;
  const names = Object.keys(patch).map((name) => (name === 'expiresIn' ? 'expiresAt' : name));
  return Object.fromEntries(names.map((name) => [name, values[name]]));
}
