import { consoleRoutes } from './console/console-routes.js';
import { kib, type HttpRoute } from './http-route.js';

/** The description of all of this, for programs and for people. */
function description<const Path extends string>(path: Path) {
  const rest = { adapter: 'openapi', callers: 'anybody', bodyLimitBytes: 0, hasFastPath: false } as const;
  return { paths: [path], methods: ['GET'], ...rest } as const;
}

/**
 * Of REST v1: API_ALLOWED_IP is for keys; people are let in from HEARTHKEY_SESSIONS_FROM. A body is longest where a role
 * file with every command is in it.
 */
function administration<const Paths extends readonly string[], const Methods extends readonly string[]>(
  paths: Paths,
  methods: Methods,
) {
  const bodyLimitBytes = methods.some((method) => method !== 'GET' && method !== 'DELETE') ? 64 * kib : 0;
  const rest = { adapter: 'administration', callers: 'API_ALLOWED_IP', hasFastPath: false } as const;
  return { paths, methods, bodyLimitBytes, ...rest };
}

/**
 * Every path that the service answers over HTTP. Adapters take their paths and limits from here, and a test compares
 * the table with what is registered. `callers`: "gateways" are the gate socket, this machine and trusted proxies.
 */
export const routes = {
  hestia: {
    paths: ['/api', '/api/', '/api/index.php'],
    methods: 'all',
    adapter: 'hestia',
    callers: 'API_ALLOWED_IP',
    // Large enough for thirteen long arguments; the exec backend can't pass on more anyway.
    bodyLimitBytes: 2048 * kib,
    hasFastPath: true,
  },
  rest: {
    paths: ['/api/*'],
    methods: 'all',
    adapter: 'rest',
    callers: 'API_ALLOWED_IP',
    bodyLimitBytes: 64 * kib,
    hasFastPath: false,
  },
  authorize: {
    paths: ['/v1/authorize'],
    methods: ['POST'],
    adapter: 'decisions',
    callers: 'gateways',
    // Large enough for the longest arguments that a gateway would look at.
    bodyLimitBytes: 256 * kib,
    hasFastPath: true,
  },
  forwardAuth: {
    paths: ['/v1/forward-auth'],
    methods: 'all',
    adapter: 'decisions',
    callers: 'gateways',
    bodyLimitBytes: 0,
    hasFastPath: false,
  },
  evaluation: {
    paths: ['/access/v1/evaluation'],
    methods: ['POST'],
    adapter: 'decisions',
    callers: 'gateways',
    bodyLimitBytes: 1024 * kib,
    hasFastPath: false,
  },
  evaluations: {
    paths: ['/access/v1/evaluations'],
    methods: ['POST'],
    adapter: 'decisions',
    callers: 'gateways',
    bodyLimitBytes: 1024 * kib,
    hasFastPath: false,
  },
  accessKeys: administration(['/v1/access-keys'], ['GET', 'POST']),
  accessKey: administration(['/v1/access-keys/:accessKeyId'], ['GET', 'PATCH', 'DELETE']),
  accessKeyActions: administration(
    ['suspend', 'unsuspend', 'rotate', 'check', 'derive'].map(
      (verb) => `/v1/access-keys/:accessKeyId/${verb}`,
    ),
    ['POST'],
  ),
  accessKeyTrial: administration(['/v1/access-keys/:accessKeyId/trial'], ['GET', 'PUT', 'DELETE']),
  accessKeyTrialActions: administration(['/v1/access-keys/:accessKeyId/trial/enforce'], ['POST']),
  accessKeyUsage: administration(['/v1/access-keys/:accessKeyId/usage'], ['GET']),
  trials: administration(['/v1/trials'], ['GET']),
  approvals: administration(['/v1/approvals'], ['GET']),
  approval: administration(['/v1/approvals/:approvalId'], ['DELETE']),
  approvalActions: administration(['/v1/approvals/:approvalId/approve'], ['POST']),
  sessions: administration(['/v1/sessions'], ['GET', 'POST']),
  loginOptions: administration(['/v1/sessions/options'], ['POST']),
  passkeys: administration(['/v1/passkeys'], ['GET', 'POST']),
  passkeyOptions: administration(['/v1/passkeys/options'], ['POST']),
  passkey: administration(['/v1/passkeys/:passkeyId'], ['DELETE']),
  currentSession: administration(['/v1/sessions/current'], ['GET', 'DELETE']),
  session: administration(['/v1/sessions/:sessionId'], ['DELETE']),
  apis: administration(['/v1/apis'], ['GET', 'POST']),
  api: administration(['/v1/apis/:api'], ['GET', 'PUT', 'DELETE']),
  allowedIps: administration(['/v1/allowed-ips'], ['GET', 'POST']),
  refusedAddresses: administration(['/v1/allowed-ips/refused'], ['GET']),
  allowedIp: administration(['/v1/allowed-ips/:address'], ['DELETE']),
  users: administration(['/v1/users'], ['GET', 'POST']),
  user: administration(['/v1/users/:user'], ['GET', 'DELETE']),
  userActions: administration(['/v1/users/:user/suspend', '/v1/users/:user/unsuspend'], ['POST']),
  userLogin: administration(
    ['/v1/users/:user/password', '/v1/users/:user/role', '/v1/users/:user/login'],
    ['PUT'],
  ),
  legacyKeys: administration(['/v1/legacy-keys'], ['GET', 'POST']),
  legacyKey: administration(['/v1/legacy-keys/:legacyKeyId'], ['DELETE']),
  leakedSecrets: administration(['/v1/leaked-secrets'], ['POST']),
  settings: administration(['/v1/settings'], ['GET', 'PATCH']),
  auditEvents: administration(['/v1/audit-events', '/v1/audit-events/counts'], ['GET']),
  auditEvent: administration(['/v1/audit-events/:number', '/v1/audit-events/:number/proof'], ['GET']),
  auditVerifications: administration(['/v1/audit-verifications'], ['GET', 'POST']),
  explanations: administration(['/v1/explanations'], ['POST']),
  suggestions: administration(
    [
      ...(['/v1/access-keys/:accessKeyId/suggestion', '/v1/users/:user/suggestion'] as const),
      '/v1/apis/:api/suggestion',
    ],
    ['GET'],
  ),
  insight: administration(['/v1/commands', '/v1/nodes', '/v1/findings', '/v1/whoami'], ['GET']),
  alertReceivers: administration(['/v1/alert-receivers'], ['GET']),
  alertTests: administration(['/v1/alert-tests'], ['POST']),
  openapi: description('/openapi.json'),
  docs: description('/docs'),
  docsStyle: description('/docs/style.css'),
  docsPage: description('/docs/:page'),
  ...consoleRoutes,
  livez: {
    paths: ['/livez'],
    methods: ['GET'],
    adapter: 'operations',
    callers: 'anybody',
    bodyLimitBytes: 0,
    hasFastPath: false,
  },
  readyz: {
    paths: ['/readyz'],
    methods: ['GET'],
    adapter: 'operations',
    callers: 'anybody',
    bodyLimitBytes: 0,
    hasFastPath: false,
  },
  metrics: {
    paths: ['/metrics'],
    methods: ['GET'],
    adapter: 'operations',
    callers: 'HEARTHKEY_METRICS_FROM',
    bodyLimitBytes: 0,
    hasFastPath: false,
  },
} as const satisfies Record<string, HttpRoute>;

/** The methods of REST v1 at this path; none: no route has it. */
export function allowedMethods(path: string): string[] {
  const segments = path.split('/');
  const fits = (pattern: string): boolean => {
    const parts = pattern.split('/');
    return (
      parts.length === segments.length &&
      parts.every((part, index) => part.startsWith(':') || part === segments[index])
    );
  };
  const rows: readonly HttpRoute[] = Object.values(routes);
  const methods = rows
    .filter(({ adapter, paths }) => adapter === 'administration' && paths.some(fits))
    .flatMap(({ methods }) => (methods === 'all' ? [] : methods));
  return [...new Set(methods)];
}

/** The longest body that a route of REST v1 or of the console reads; undefined: it is another one's. */
export function frameworkBodyLimit(path: string): number | undefined {
  const rows: readonly HttpRoute[] = Object.values(routes);
  const adapters: readonly HttpRoute['adapter'][] = ['administration', 'console'];
  return rows.find(({ adapter, paths }) => adapters.includes(adapter) && paths.includes(path))
    ?.bodyLimitBytes;
}
