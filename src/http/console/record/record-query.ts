import type { Query } from '../api/console-api.js';

/** Filters of the page, by the names that REST v1 has for them. */
export const filterNames = [
  ...(['outcome', 'type', 'actor', 'reason', 'command', 'accessKeyId', 'user', 'clientAddress'] as const),
  ...(['since', 'until'] as const),
];

/** What a browser sends of a field for day and time; it is read as UTC. */
const localMoment = /^\d{4}-\d\d-\d\dT\d\d:\d\d$/;

/** The filters of the page as REST v1 takes them. */
export function recordQuery(filters: URLSearchParams): Query {
  return Object.fromEntries(
    filterNames.flatMap((name): [string, string][] => {
      const value = (filters.get(name) ?? '').trim();
      if (value === '') return [];
      return [[name, localMoment.test(value) ? `${value}:00Z` : value]];
    }),
  );
}

/** The filters alone, for a link to another view of the same events. */
export function withFilters(path: string, filters: URLSearchParams, more: Record<string, string> = {}): string {
  const given = Object.entries(recordQuery(filters)).map(([name, value]) => [name, String(value)]);
  const query = new URLSearchParams([...given, ...Object.entries(more)]).toString();
  return query === '' ? path : `${path}?${query}`;
}
