import type { DecisionEvent } from './decision-event.js';

export interface GateOptions {
  /** The gate socket (`HEARTHKEY_GATE_SOCKET`). Either this or `url`. */
  socketPath?: string | undefined;
  /** `http://127.0.0.1:8183`; `https:` where it leaves this machine. */
  url?: string | undefined;
  /** For a whole call: waiting, connecting, asking and reading. Default 1000. */
  timeoutMs?: number | undefined;
  /** Requests at a time; calls beyond that wait and are bundled. Default 4. */
  connections?: number | undefined;
  /** Calls that may wait; beyond that they are denied at once. Default 1000. */
  maxWaiting?: number | undefined;
  /** Told of each decision, for metrics. What it throws is ignored. */
  onDecision?: ((event: DecisionEvent) => unknown) | undefined;
}

export type GateAddress = { socketPath: string } | { url: URL };

export interface CheckedGateOptions {
  address: GateAddress;
  timeoutMs: number;
  connections: number;
  maxWaiting: number;
  onDecision: ((event: DecisionEvent) => unknown) | undefined;
}

/** The longest that a timer of Node.js takes. */
const longestMs = 2 ** 31 - 1;

/** Throws on what only the program can have got wrong. */
export function checkOptions(options: GateOptions): CheckedGateOptions {
  const { timeoutMs = 1000, connections = 4, maxWaiting = 1000, onDecision } = options;
  if (!(timeoutMs > 0 && timeoutMs <= longestMs)) throw new RangeError('timeoutMs must be a positive number');
  if (!Number.isInteger(connections) || connections < 1)
    throw new RangeError('connections must be a whole number of at least 1');
  if (!Number.isInteger(maxWaiting) || maxWaiting < 0)
    throw new RangeError('maxWaiting must be a whole number of at least 0');
  if (onDecision !== undefined && typeof onDecision !== 'function')
    throw new TypeError('onDecision must be a function');
  return { address: addressOf(options), timeoutMs, connections, maxWaiting, onDecision };
}

function addressOf({ socketPath, url }: GateOptions): GateAddress {
  if ((socketPath === undefined) === (url === undefined))
    throw new TypeError('createGate needs either socketPath or url');
  if (socketPath !== undefined) {
    if (typeof socketPath !== 'string' || socketPath === '') throw new TypeError('socketPath must be a path');
    return { socketPath };
  }
  if (typeof url !== 'string' || !URL.canParse(url) || !/^https?:/i.test(url))
    throw new TypeError('url must be http: or https:');
  const parsed = new URL(url);
  const { username, password, pathname, search, hash } = parsed;
  if (username + password + search + hash !== '' || pathname !== '/')
    throw new TypeError('url must have a host and a port, and nothing else');
  return { url: parsed };
}
