import { AppError, invalid, ReturnCode } from '../../errors.js';

/** What an installation asks of its keys. It counts when a key is made, or given another end. */
export interface KeyPolicy {
  /** From the moment at which the end is set. */
  maxLifeMs: number | undefined;
  mustExpire: boolean;
  maxKeysPerUser: number | undefined;
}

export const noPolicy: KeyPolicy = { maxLifeMs: undefined, mustExpire: false, maxKeysPerUser: undefined };

/** What is wrong with the end of a key; undefined: nothing. */
export function problemOfEnd(
  { maxLifeMs, mustExpire }: KeyPolicy,
  expiresAtMs: number | undefined,
  nowMs: number,
): string | undefined {
  if (expiresAtMs === undefined) {
    return mustExpire || maxLifeMs !== undefined
      ? `a key has to expire here, such as by --expires ${suggestedLife({ maxLifeMs })}`
      : undefined;
  }
  // Ends are on whole seconds, never before the wanted one.
  if (maxLifeMs === undefined || expiresAtMs <= nowMs + maxLifeMs + 999) return undefined;
  return `a key can live for ${formatSpan(maxLifeMs)} at most here`;
}

const usualLifeMs = 90 * 86_400_000;

/** A life that a key may have here, as `--expires` takes it. */
export function suggestedLife({ maxLifeMs = Infinity }: Pick<KeyPolicy, 'maxLifeMs'>): string {
  const lifeMs = Math.min(usualLifeMs, maxLifeMs);
  return formatSpan(lifeMs - (lifeMs % 1000));
}

/** @throws AppError 2 */
export function requireEnd(policy: KeyPolicy, expiresAtMs: number | undefined, nowMs: number): void {
  const problem = problemOfEnd(policy, expiresAtMs, nowMs);
  if (problem !== undefined) throw invalid(problem);
}

/** @throws AppError 8 */
export function requireRoom({ maxKeysPerUser }: KeyPolicy, user: string, count: number): void {
  if (maxKeysPerUser === undefined || count < maxKeysPerUser) return;
  throw new AppError(
    ReturnCode.LIMIT,
    `user ${user} has ${String(count)} keys, as many as a user can have here`,
  );
}

export function formatSpan(ms: number): string {
  const units = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['m', 60_000],
  ] as const;
  const [unit, unitMs] = units.find(([, size]) => ms >= size && ms % size === 0) ?? ['s', 1000];
  return `${String(ms / unitMs)}${unit}`;
}
