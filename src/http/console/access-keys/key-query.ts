import type { Query } from '../api/console-api.js';

const dayMs = 86_400_000;
const soonMs = 14 * dayMs;
const unusedMs = 90 * dayMs;
const pageSize = 50;

/** The filters of the page as REST v1 takes them. */
export function keyQuery(filters: URLSearchParams, nowMs: number): Query {
  const value = (name: string): string | undefined => filters.get(name) ?? undefined;
  const moment = (ms: number): string => new Date(ms).toISOString();
  return {
    ...{ text: value('text'), user: value('user'), permission: value('permission') },
    ...{ state: value('state'), sort: value('sort'), cursor: value('cursor'), limit: pageSize },
    // A derived key is known to end.
    ...(value('end') === 'soon' && { expiresBefore: moment(nowMs + soonMs), isDerived: 'false' }),
    ...(value('end') === 'never' && { neverExpires: 'true' }),
    ...(value('secret') === 'weak' && { isWeak: 'true' }),
    ...(value('secret') === 'old' && { oldSecretValid: 'true' }),
    ...(value('use') === 'unused' && { unusedSince: moment(nowMs - unusedMs) }),
    ...(value('use') === 'never' && { unusedSince: moment(0) }),
  };
}
