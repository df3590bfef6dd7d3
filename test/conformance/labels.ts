/** An answer against its label: same as recorded, different on purpose, or wrong. */
import type { Accept, Case, Label, Part } from './corpus.js';
import {
  type Answer,
  contentTypeFits,
  decoded,
  type Difference,
  differences,
  partsOf,
  recordedCode,
  textFits,
} from './compare.js';
import { type Bindings, writeOutRepeats } from './placeholders.js';

export type AnswerVerdict = 'same' | 'deviates' | 'wrong';

export interface Judgement {
  readonly verdict: AnswerVerdict;
  /** What was expected and seen, where it is wrong. */
  readonly differences: readonly Difference[];
  /** Whether the answer is the recorded one in every compared part, but for a secret. */
  readonly asRecorded: boolean;
}

/** The words that `judge` knows; `skip` and anything else isn't compared. */
export const EXPECTATIONS: ReadonlySet<string> = new Set(['same', 'masked', 'safer', 'either']);

/** Judges one answer; the values of placeholders in the text that fitted are put into `bindings`. */
export function judge(one: Case, label: Label, answer: Answer, bindings: Bindings): Judgement {
  const recorded = tryRecorded(one, answer, label.compare ?? partsOf(one.adapter), bindings);
  if (label.expect === 'same' || label.expect === 'either') {
    if (recorded.found.length === 0) {
      bindings.adopt(recorded.bound);
      return { verdict: 'same', differences: [], asRecorded: true };
    }
    if (label.expect === 'same') return wrong(recorded.found);
  }
  const accepted = tryAccepted(one, label, answer, bindings);
  if (accepted.found.length > 0)
    return wrong(label.expect === 'either' ? recorded.found.concat(accepted.found) : accepted.found);
  if (label.expect === 'safer' && isRecordedAnswer(one, answer, bindings)) {
    return wrong([{ part: 'answer', expected: 'another one than recorded', seen: 'the recorded one' }]);
  }
  bindings.adopt(accepted.bound);
  return { verdict: 'deviates', differences: [], asRecorded: label.expect === 'masked' };
}

/** Whether it is the recorded answer, whatever type it is sent as. */
function isRecordedAnswer(one: Case, answer: Answer, bindings: Bindings): boolean {
  const { found } = tryRecorded(one, answer, partsOf(one.adapter), bindings);
  return found.every((difference) => difference.part === 'content-type');
}

function wrong(found: readonly Difference[]): Judgement {
  return { verdict: 'wrong', differences: found, asRecorded: false };
}

function tryRecorded(one: Case, answer: Answer, parts: readonly Part[], bindings: Bindings) {
  const bound = bindings.copy();
  return { bound, found: differences(one, answer, parts, bound) };
}

function tryAccepted(one: Case, label: Label, answer: Answer, bindings: Bindings) {
  const bound = bindings.copy();
  const accept = label.accept ?? {};
  const found =
    answer.adapter === 'cli' ? cliAccepted(accept, answer, bound) : httpAccepted(accept, answer, bound);
  if (label.expect === 'masked') found.push(...besidesTheText(one, answer));
  return { bound, found };
}

/** Without the secret: the text is another one, the exit code, or status and code, are as recorded. */
function besidesTheText(one: Case, answer: Answer): Difference[] {
  const found: Difference[] = [];
  if (one.adapter === 'cli' && answer.adapter === 'cli')
    oneOf(found, 'exit_code', [one.exit_code], answer.exitCode);
  if (one.adapter === 'http' && answer.adapter === 'http') {
    oneOf(found, 'status', [one.response.status], answer.status);
    oneOf(found, 'code', [recordedCode(one.response)], answer.code);
    const type = answer.headers.get('content-type');
    if (!contentTypeFits(one.response, type)) {
      found.push({ part: 'content-type', expected: 'application/json', seen: type ?? 'none' });
    }
  }
  return found;
}

function cliAccepted(accept: Accept, answer: Answer & { adapter: 'cli' }, bound: Bindings): Difference[] {
  const found: Difference[] = [];
  oneOf(found, 'exit_code', accept.exit_code, answer.exitCode);
  oneText(found, 'stdout', accept.stdout, answer.stdout, bound);
  for (const text of accept.stdout_without ?? []) {
    if (answer.stdout.includes(writeOutRepeats(text))) {
      found.push({ part: 'stdout', expected: `nowhere: ${text}`, seen: answer.stdout.toString() });
    }
  }
  return found;
}

function httpAccepted(accept: Accept, answer: Answer & { adapter: 'http' }, bound: Bindings): Difference[] {
  const found: Difference[] = [];
  oneOf(found, 'status', accept.status, answer.status);
  oneOf(found, 'code', accept.code, answer.code);
  oneText(found, 'body', accept.body, answer.body, bound);
  if (answer.status === 200) oneText(found, 'body', accept.body_for_200, answer.body, bound);
  if (accept.body_prefix !== undefined) {
    const prefixes = [accept.body_prefix].flat();
    const text = decoded(answer.body) ?? '';
    if (!prefixes.some((prefix) => text.startsWith(writeOutRepeats(prefix)))) {
      found.push({ part: 'body', expected: `${prefixes.join(' | ')}…`, seen: text });
    }
  }
  return found;
}

function oneOf<T extends number | null>(
  found: Difference[],
  part: string,
  allowed: readonly T[] | undefined,
  seen: T,
): void {
  if (allowed === undefined || allowed.includes(seen)) return;
  found.push({ part, expected: `one of ${allowed.map(String).join(', ')}`, seen: String(seen) });
}

function oneText(
  found: Difference[],
  part: string,
  allowed: readonly string[] | undefined,
  seen: Buffer,
  bound: Bindings,
): void {
  if (allowed === undefined) return;
  for (const text of allowed) {
    const trial = bound.copy();
    if (!textFits(text, seen, trial)) continue;
    bound.adopt(trial);
    return;
  }
  found.push({ part, expected: allowed.join('\n| '), seen: decoded(seen) ?? seen.toString('base64') });
}
