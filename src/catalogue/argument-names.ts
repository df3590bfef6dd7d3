import { invalid } from '../errors.js';
import { didYouMean } from '../text/nearest-name.js';
import type { CommandSpec } from './command-spec.js';
import { heldNamePattern, placesOf, type HeldArguments } from './held-arguments.js';

/**
 * A name that no command's options have is a typo: what is held to it could run nothing.
 *
 * @throws AppError 2
 */
export function requireArgumentNames(
  held: HeldArguments | null | undefined,
  catalogue: { list: () => readonly CommandSpec[] } | undefined,
): void {
  if (held === undefined || held === null || catalogue === undefined) return;
  const names = new Set(catalogue.list().flatMap(({ argumentNames }) => argumentNames));
  for (const name of held.keys()) {
    if (placesOf(name, [...names]).length > 0) continue;
    const possible = [...names].filter((each) => heldNamePattern.test(each));
    throw invalid(`no command has an argument ${name}${didYouMean(name, possible)}`);
  }
}
