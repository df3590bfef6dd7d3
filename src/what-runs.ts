/**
 * What an orderly stop waits for.
 *
 * @param begunMs - when each command that runs began
 * @returns undefined where none runs
 */
export function whatRuns(begunMs: readonly number[], nowMs: number): string | undefined {
  if (begunMs.length === 0) return undefined;
  const seconds = Math.floor((nowMs - Math.min(...begunMs)) / 1000);
  const [one] = begunMs.length === 1 ? ['1 command, which has run'] : [];
  const which = one ?? `${String(begunMs.length)} commands, the longest of which has run`;
  return `Waiting for ${which} for ${String(seconds)} s. Ctrl-C once more ends the service at once; commands of the panel then run on.`;
}
