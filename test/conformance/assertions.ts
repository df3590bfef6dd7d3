/** What a case left behind, against its label: the sentences that have to hold, and the recorded effects. */
import type { Answer } from './compare.js';
import { type Effects, type Label, mustSentences } from './corpus.js';
import { EFFECT_WANTS, type EffectKind, effectProblem, isEffectKind } from './effects.js';
import type { Judgement } from './labels.js';
import { mustFor } from './musts/all.js';
import { codeOf, type MustContext } from './musts/must.js';
import type { MustResult } from './results.js';
import type { Want } from './snapshot.js';

/** What has to be asked before and after the case. */
export function wantsOf(label: Label): Set<Want> {
  const wants = new Set<Want>();
  for (const kind of comparedEffects(label)) wants.add(EFFECT_WANTS[kind]);
  for (const sentence of mustSentences(label))
    for (const want of mustFor(sentence)?.must.wants ?? []) wants.add(want);
  return wants;
}

/** A sentence takes the place of recorded effects of its kind; of a sentence that nobody has coded, the kind isn't known. */
function comparedEffects(label: Label): EffectKind[] {
  const musts = mustSentences(label).map(mustFor);
  if (musts.includes(undefined)) return [];
  const replaced = new Set(musts.map((found) => found?.must.replaces));
  return (label.effects ?? []).filter(isEffectKind).filter((kind) => !replaced.has(kind));
}

/** Checks every sentence of the label; one that nobody has coded is `unchecked`. */
export async function checkMusts(context: MustContext): Promise<MustResult[]> {
  const results: MustResult[] = [];
  for (const sentence of mustSentences(context.label)) {
    const found = mustFor(sentence);
    if (found === undefined) {
      results.push({ sentence, outcome: 'unchecked' });
      continue;
    }
    const problem = await found.must.check(context, found.words);
    results.push(
      problem === undefined ? { sentence, outcome: 'held' } : { sentence, outcome: 'failed', problem },
    );
  }
  return results;
}

/** What is amiss with the recorded effects that matter, unless the case is wrong anyway. */
export function checkEffects(
  context: MustContext,
  judgement: Judgement,
  musts: readonly MustResult[],
): string[] {
  const { one, label, before, after, bindings, answer } = context;
  if (judgement.verdict === 'wrong' || musts.some((must) => must.outcome === 'failed')) return [];
  const effects = judgement.asRecorded ? one.effects : effectsOf(one.effects, answer);
  const problems = comparedEffects(label).map((kind) =>
    effectProblem(kind, effects, before, after, bindings),
  );
  return problems.filter((problem) => problem !== undefined);
}

/** What an answer that differs on purpose leaves behind: a refusal changes nothing and is recorded as one. */
function effectsOf(recorded: Effects, answer: Answer): Effects {
  const code = codeOf(answer);
  const refused = code === undefined ? answer.adapter === 'http' && answer.status >= 400 : code !== 0;
  const log = recorded['log/auth.log'] as { appended?: readonly string[] } | undefined;
  const reworded = log?.appended?.map((line) =>
    refused
      ? line.replace(/successfully launched|logged in/, 'failed to login')
      : line.replace('failed to login', 'successfully launched'),
  );
  return {
    ...(refused ? {} : recorded),
    ...(log === undefined ? {} : { 'log/auth.log': { appended: reworded } }),
  };
}
