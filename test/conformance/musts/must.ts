/** Sentences that have to hold besides the answer, each with the check that it stands for. */
import type { Answer, CliAnswer } from '../compare.js';
import { decoded } from '../compare.js';
import type { Case, Label } from '../corpus.js';
import type { EffectKind } from '../effects.js';
import type { Bindings } from '../placeholders.js';
import type { Service } from '../service.js';
import type { Snapshot, Want } from '../snapshot.js';

/** All that a check may look at. */
export interface MustContext {
  readonly one: Case;
  readonly label: Label;
  readonly answer: Answer;
  readonly bindings: Bindings;
  readonly before: Snapshot;
  readonly after: Snapshot;
  readonly service: Pick<Service, 'folder' | 'log' | 'ask'>;
  /** The commands that were run first, and what they answered. */
  readonly setUp: readonly { readonly argv: readonly string[]; readonly answer: CliAnswer }[];
}

/** What is amiss, in words; undefined when the sentence holds. */
export type Problem = string | undefined;

export interface Must {
  /** The sentence, or the pattern of sentences that differ in a name only. */
  readonly sentence: string | RegExp;
  readonly wants?: readonly Want[];
  /** The kind of recorded effects whose place it takes. */
  readonly replaces?: EffectKind;
  readonly check: (context: MustContext, words: readonly string[]) => Problem | Promise<Problem>;
}

/** The text that was answered: standard output, or the body. */
export function textOf(answer: Answer): string {
  const bytes = answer.adapter === 'cli' ? answer.stdout : answer.body;
  return decoded(bytes) ?? bytes.toString('latin1');
}

/** The return code that was answered; undefined where there is none. */
export function codeOf(answer: Answer): number | undefined {
  return (answer.adapter === 'cli' ? answer.exitCode : answer.code) ?? undefined;
}

/** An argument of the case, by its place after the command; '' where it is missing. */
export function argumentOf(one: Case, place: number): string {
  if (one.adapter === 'cli') return one.argv[place] ?? '';
  return requestFields(one).get(`arg${place}`) ?? '';
}

/** The fields of a form or JSON request; what can't be read as either has none. */
export function requestFields(one: Case & { adapter: 'http' }): ReadonlyMap<string, string> {
  const { body, content_type: type } = one.request;
  if (body === null) return new Map();
  if (!/json/i.test(type ?? '')) return new Map(new URLSearchParams(body));
  try {
    const fields = Object.entries(JSON.parse(body) as Record<string, unknown>);
    return new Map(fields.filter((field): field is [string, string] => typeof field[1] === 'string'));
  } catch {
    return new Map();
  }
}

export function parsedJson(answer: Answer): Record<string, Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(textOf(answer));
    return typeof parsed === 'object' && parsed !== null
      ? (parsed as Record<string, Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}

export function problem(holds: boolean, otherwise: string): Problem {
  return holds ? undefined : otherwise;
}
