import type { DenyReason } from '../../../errors.js';

/** The name of a reason, what it means, and what an operator does about it. */
export type ReasonText = readonly [name: string, meaning: string, advice: string];

/** A reason that a language lacks is an error of the compiler. */
export type ReasonTexts = Readonly<Record<DenyReason, ReasonText>>;

/** Undefined for what this version doesn't know: a record outlives it. */
export function reasonText(texts: ReasonTexts, reason: string | null): ReasonText | undefined {
  return reason !== null && Object.hasOwn(texts, reason) ? texts[reason as DenyReason] : undefined;
}

/** The same in a word or two; of what this version doesn't know the word of the record. */
export function reasonName(texts: ReasonTexts, reason: string): string {
  return reasonText(texts, reason)?.[0] ?? reason;
}
