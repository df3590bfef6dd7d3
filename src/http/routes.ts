/** Who may call a path; others are refused there. */
export type Callers = 'anybody' | 'HEARTHKEY_METRICS_FROM' | 'API_ALLOWED_IP' | 'gateways';

export interface HttpRoute {
  /** As the router knows them; `*`: whatever stands there. */
  paths: readonly string[];
  /** `all`: a method that has no meaning there is refused by the adapter, with its own answer. */
  methods: readonly string[] | 'all';
  /** The folder that answers it. */
  adapter: 'hestia' | 'rest' | 'decisions' | 'operations';
  callers: Callers;
  /** The longest body that is read; 0: none is. */
  bodyLimitBytes: number;
  /** Whether a plain request is answered without the framework (HEARTHKEY_FAST_PATH). */
  hasFastPath: boolean;
}

const kib = 1024;

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
