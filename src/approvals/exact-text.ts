/**
 * A value as one text: equal values have equal texts, and different values different ones. Members of objects are
 * sorted by name; those that are undefined don't count.
 */
export function exactText(value: unknown): string {
  return JSON.stringify(value, (_name, each: unknown) => {
    if (typeof each !== 'object' || each === null || Array.isArray(each)) return each;
    const entries = Object.entries(each).sort(([one], [other]) => (one < other ? -1 : 1));
    return Object.fromEntries(entries);
  });
}
