/** One answer against the recorded one: which parts differ. */
import type { Case, Part, RecordedResponse } from './corpus.js';
import { type Bindings, fits, writeOutRepeats } from './placeholders.js';

export interface CliAnswer {
  readonly adapter: 'cli';
  /** null: ended by a signal. */
  readonly exitCode: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export interface HttpAnswer {
  readonly adapter: 'http';
  readonly status: number;
  /** The `Hestia-Exit-Code` header as a number; null where none is sent. */
  readonly code: number | null;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
}

export type Answer = CliAnswer | HttpAnswer;

/** One part that differs, in words that can be shown. */
export interface Difference {
  readonly part: string;
  readonly expected: string;
  readonly seen: string;
}

export function partsOf(adapter: 'cli' | 'http'): readonly Part[] {
  return adapter === 'cli' ? ['exit_code', 'stdout'] : ['status', 'code', 'body'];
}

/** The parts of an answer that differ from the recorded ones; what was bound on the way is kept in `bindings`. */
export function differences(
  one: Case,
  answer: Answer,
  parts: readonly Part[],
  bindings: Bindings,
): Difference[] {
  const found: Difference[] = [];
  const compare = (part: Part | 'content-type', same: boolean, expected: unknown, seen: unknown) => {
    if (!same) found.push({ part, expected: shown(expected), seen: shown(seen) });
  };
  if (one.adapter === 'cli' && answer.adapter === 'cli') {
    if (parts.includes('exit_code'))
      compare('exit_code', answer.exitCode === one.exit_code, one.exit_code, answer.exitCode);
    if (parts.includes('stdout'))
      compare('stdout', textFits(one.stdout, answer.stdout, bindings), one.stdout, answer.stdout);
  }
  if (one.adapter === 'http' && answer.adapter === 'http') {
    const { response } = one;
    const code = recordedCode(response);
    if (parts.includes('status'))
      compare('status', answer.status === response.status, response.status, answer.status);
    if (parts.includes('code')) compare('code', answer.code === code, code, answer.code);
    if (parts.includes('body')) {
      const recorded = response.body ?? `(base64) ${response.body_base64 ?? ''}`;
      compare('body', bodyFits(response, answer.body, bindings), recorded, answer.body);
      const type = answer.headers.get('content-type');
      compare('content-type', contentTypeFits(response, type), 'application/json', type ?? null);
    }
  }
  return found;
}

/** Whether a text is the expected one: placeholders stand for values, blanks at line ends don't count. */
export function textFits(expected: string, seen: Buffer, bindings: Bindings): boolean {
  const text = decoded(seen);
  return (
    text !== undefined && fits(withoutEndBlanks(writeOutRepeats(expected)), withoutEndBlanks(text), bindings)
  );
}

/** Blanks at line ends and line ends at the end of a text don't count. */
export function withoutEndBlanks(text: string): string {
  return text.replace(/[ \t]+(?=\n|$)/g, '').replace(/\n+$/, '');
}

export function recordedCode(response: RecordedResponse): number | null {
  return codeOf(headerOf(response.headers, 'hestia-exit-code') ?? undefined);
}

/** The number in a `Hestia-Exit-Code` header. A text that is no number is NaN, which equals nothing. */
export function codeOf(header: string | undefined): number | null {
  if (header === undefined) return null;
  return /^-?\d+$/.test(header.trim()) ? Number(header) : Number.NaN;
}

export function decoded(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function bodyFits(response: RecordedResponse, body: Buffer, bindings: Bindings): boolean {
  if (response.body_base64 !== undefined) return body.equals(Buffer.from(response.body_base64, 'base64'));
  return textFits(response.body ?? '', body, bindings);
}

/** A recorded `application/json` has to be that again, with any parameters; other recorded types are free. */
export function contentTypeFits(response: RecordedResponse, type: string | undefined): boolean {
  const recorded = mediaType(headerOf(response.headers, 'content-type') ?? '');
  return recorded !== 'application/json' || mediaType(type ?? '') === 'application/json';
}

function mediaType(header: string): string {
  return (header.split(';')[0] ?? '').trim().toLowerCase();
}

function headerOf(headers: Readonly<Record<string, string | null>>, name: string): string | null | undefined {
  return Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
}

function shown(value: unknown): string {
  if (Buffer.isBuffer(value)) return decoded(value) ?? `(base64) ${value.toString('base64')}`;
  return typeof value === 'string' ? value : String(value);
}
