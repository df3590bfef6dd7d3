/** Who may call a path; others are refused there. */
export type Callers =
  'anybody' | 'HEARTHKEY_METRICS_FROM' | 'API_ALLOWED_IP' | 'HEARTHKEY_SESSIONS_FROM' | 'gateways';

export interface HttpRoute {
  /** As the router knows them; `*`: whatever stands there. */
  paths: readonly string[];
  /** `all`: a method that has no meaning there is refused by the adapter, with its own answer. */
  methods: readonly string[] | 'all';
  /** The folder that answers it. */
  adapter: 'hestia' | 'rest' | 'decisions' | 'administration' | 'operations' | 'openapi' | 'console';
  callers: Callers;
  /** The longest body that is read; 0: none is. */
  bodyLimitBytes: number;
  /** Whether a plain request is answered without the framework (HEARTHKEY_FAST_PATH). */
  hasFastPath: boolean;
}

export const kib = 1024;
