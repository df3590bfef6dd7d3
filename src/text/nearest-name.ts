/** Longer texts are no typo, and comparing them costs time. */
const longest = 100;

/**
 * The name that was probably meant by a mistyped one: at most two letters are missing, wrong, too many or swapped.
 *
 * @returns undefined where none is that near
 */
export function nearestName(typed: string, names: Iterable<string>): string | undefined {
  if (typed.length > longest) return undefined;
  const most = Math.min(2, Math.floor(typed.length / 3));
  let nearest: string | undefined;
  let least = most + 1;
  for (const name of names) {
    if (Math.abs(name.length - typed.length) >= least) continue;
    const distance = editDistance(typed.toLowerCase(), name.toLowerCase());
    if (distance < least) [nearest, least] = [name, distance];
  }
  return nearest;
}

/** `; did you mean NAME?`, or nothing. */
export function didYouMean(typed: string, names: Iterable<string>): string {
  return meantText(nearestName(typed, names));
}

/** @param name - undefined: none is near enough */
export function meantText(name: string | undefined): string {
  return name === undefined ? '' : `; did you mean ${name}?`;
}

/** Damerau and Levenshtein's: two neighbours that are swapped count as one. */
function editDistance(one: string, other: string): number {
  let before: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row++) {
    const current = [row];
    for (let at = 1; at <= other.length; at++) {
      const isSame = one[row - 1] === other[at - 1];
      const isSwapped = one[row - 1] === other[at - 2] && one[row - 2] === other[at - 1];
      current[at] = Math.min(
        (last[at] ?? 0) + 1,
        (current[at - 1] ?? 0) + 1,
        (last[at - 1] ?? 0) + (isSame ? 0 : 1),
        isSwapped && row > 1 ? (before[at - 2] ?? 0) + 1 : Infinity,
      );
    }
    [before, last] = [last, current];
  }
  return last[other.length] ?? Infinity;
}
