import type { Answer, Operation, Paths, PlacedOperation, Schema } from './document.js';

const problemSchema: Schema = { $ref: '#/components/schemas/Problem' };
const retryAfter = { 'Retry-After': { $ref: '#/components/headers/RetryAfter' } };
const rateLimit = {
  'RateLimit-Limit': { $ref: '#/components/headers/RateLimitLimit' },
  'RateLimit-Remaining': { $ref: '#/components/headers/RateLimitRemaining' },
  'RateLimit-Reset': { $ref: '#/components/headers/RateLimitReset' },
};

function problem(description: string, headers?: Answer['headers']): Answer {
  const content = { 'application/problem+json': { schema: problemSchema } };
  return { description, ...(headers !== undefined && { headers }), content };
}

/** Every problem of REST v1, by its status. */
const problems: Readonly<Record<string, Answer>> = {
  400: problem('The input is not as described: `errors` has one entry for each wrong field.'),
  401: problem('No access key or session, or one that does not count.', {
    'WWW-Authenticate': { description: 'The scheme: `Bearer`.', required: true, schema: { type: 'string' } },
  }),
  403: problem('The caller may not do this: permissions, user, address, switches, read-only mode.'),
  404: problem('It does not exist, or something that the input names does not.'),
  409: problem('It exists already, was created already, or is not in a state for this: see `reason`.'),
  412: problem('The resource was changed after the `ETag` in `If-Match` was read.'),
  413: problem('The body is too long.'),
  415: problem('The body is of another type.'),
  429: problem('Too many requests.', { ...rateLimit, ...retryAfter }),
  500: problem('The service could not do it; its log says why.'),
  501: problem('The panel behind the service has no such command, or has disabled it.'),
  502: problem('The panel behind the service does not answer.'),
  503: problem('Too busy, or no decision is possible now.', retryAfter),
  504: problem('A command reached its time limit. It may have taken effect.'),
};

/** `components.responses`: those that operations refer to. */
export function usedAnswers(paths: Paths): Record<string, Answer> {
  const text = JSON.stringify(paths);
  const all = Object.entries(problems).map(([status, answer]) => [`Problem${status}`, answer] as const);
  return Object.fromEntries(all.filter(([name]) => text.includes(`#/components/responses/${name}"`)));
}

/** Headers of every success. */
export const successHeaders: Answer['headers'] = rateLimit;

/** Commands that a panel can have instead of this service (HEARTHKEY_HESTIA_ROOT, an upstream). */
const panelCommands = /^v-(?:\w+-)+(?:user|users)(?:-|$)/;

/** Which problems an operation can answer with: it follows from its inputs. */
export function problemStatuses({ path, method, operation }: PlacedOperation): string[] {
  const { parameters = [] } = operation;
  const isFor = (place: string): boolean => parameters.some((parameter) => parameter.in === place);
  const changes = method !== 'get';
  const isPanels = panelCommands.test(operation['x-hearthkey-command'] ?? '');
  return [
    // Each refuses what it does not know.
    '400',
    ...(isGuarded(operation) || path.startsWith('/v1/sessions') ? ['401', '403', '429'] : []),
    ...(isFor('path') || changes ? ['404'] : []),
    ...(changes ? ['409'] : []),
    ...(parameters.some(({ name }) => name === 'If-Match') ? ['412'] : []),
    // Whether it is read or not: a body of another type, or one that is too long, is refused.
    ...(changes ? ['413', '415'] : []),
    ...['500', '503'],
    ...(isPanels ? ['501', '502', '504'] : []),
  ].sort();
}

export function isGuarded({ security }: Operation): boolean {
  return security !== undefined && security.length > 0;
}
