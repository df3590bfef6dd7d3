import type { Query } from '../api/console-api.js';

/** Filters of the page, by the names that REST v1 has for them. */
export const filterNames = [
  ...(['outcome', 'type', 'actor', 'reason', 'command', 'accessKeyId', 'user', 'clientAddress'] as const),
  ...(['since', 'until'] as const),
];

/** The page leaves out what people only looked at, this page for one, unless this is in its query. */
export const showsReads = 'reads';

/** What a browser sends of a field for day and time; it is read as UTC. */
const localMoment = /^\d{4}-\d\d-\d\dT\d\d:\d\d$/;

/** The filters of the page as REST v1 takes them. */
export function recordQuery(filters: URLSearchParams): Query {
  const given = Object.fromEntries(
    givenFilters(filters).map(([name, value]) => [name, localMoment.test(value) ? `${value}:00Z` : value]),
  );
  return { ...given, omit: filters.has(showsReads) ? undefined : 'reads' };
}

/** The filters alone, for a link to another view of the same events. */
export function withFilters(
  path: string,
  filters: URLSearchParams,
  more: Readonly<Record<string, string>> = {},
): string {
  const reads = filters.has(showsReads) ? [[showsReads, '1']] : [];
  const query = new URLSearchParams([...givenFilters(filters), ...reads, ...Object.entries(more)]).toString();
  return query === '' ? path : `${path}?${query}`;
}

function givenFilters(filters: URLSearchParams): [string, string][] {
  return filterNames
    .map((name): [string, string] => [name, (filters.get(name) ?? '').trim()])
    .filter(([, value]) => value !== '');
}
