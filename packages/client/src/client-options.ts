export interface AccessKeyCredentials {
  accessKeyId: string;
  secretAccessKey: string;
}

type MaybePromise<T> = T | Promise<T>;

/** Who calls: a program with an access key, or a page in the browser of somebody who has logged in. */
export type CallerOptions =
  | AccessKeyCredentials
  | {
      /** Asked before each call, for keys that are rotated. */
      credentials: () => MaybePromise<AccessKeyCredentials>;
    }
  | {
      /** The `csrfToken` of the session, as it is now; undefined before the login. The cookie is the browser's. */
      csrfToken: () => string | undefined;
    };

export type ClientOptions = CallerOptions & {
  /** Where the service is: `https://panel.example.com:8183`, with a path where a proxy puts it below one. */
  url: string;
  /** Instead of the global one: for a proxy, an own authority, tests. */
  fetch?: typeof globalThis.fetch | undefined;
  /** For a whole call, its retries included; for a stream, until it begins and for each wait for more. Default 30,000. */
  timeoutMs?: number | undefined;
  /** How often a request is sent again at most, where that is safe. Default 2. */
  retries?: number | undefined;
};

export interface CheckedOptions {
  caller: CallerOptions;
  /** Without a slash at its end. */
  url: string;
  fetch: typeof globalThis.fetch;
  timeoutMs: number;
  retries: number;
}

/** The longest that a timer takes. */
const longestMs = 2 ** 31 - 1;

/** Throws on what only the program can have got wrong. */
export function checkOptions(options: ClientOptions): CheckedOptions {
  const { timeoutMs = 30_000, retries = 2, fetch = (...args) => globalThis.fetch(...args) } = options;
  if (!(timeoutMs > 0 && timeoutMs <= longestMs)) throw new RangeError('timeoutMs must be a positive number');
  if (!Number.isInteger(retries) || retries < 0)
    throw new RangeError('retries must be a whole number of at least 0');
  if (typeof fetch !== 'function') throw new TypeError('fetch must be a function');
  return { caller: checkCaller(options), url: checkUrl(options.url), fetch, timeoutMs, retries };
}

function checkCaller(options: ClientOptions): CallerOptions {
  const ways = ['secretAccessKey', 'credentials', 'csrfToken'].filter((name) => name in options);
  if (ways.length !== 1)
    throw new TypeError(
      'createClient needs one of: accessKeyId and secretAccessKey, credentials, or csrfToken',
    );
  if ('secretAccessKey' in options) {
    const { accessKeyId, secretAccessKey } = options;
    bearer({ accessKeyId, secretAccessKey });
    return { accessKeyId, secretAccessKey };
  }
  const given = 'credentials' in options ? options.credentials : options.csrfToken;
  if (typeof given !== 'function') throw new TypeError('credentials or csrfToken must be a function');
  return 'credentials' in options ? { credentials: options.credentials } : { csrfToken: options.csrfToken };
}

function checkUrl(url: string): string {
  if (typeof url !== 'string' || !URL.canParse(url) || !/^https?:/i.test(url))
    throw new TypeError('url must be http: or https:');
  const { username, password, search, hash, href } = new URL(url);
  if (username + password + search + hash !== '')
    throw new TypeError('url must have a host, a port and a path, and nothing else');
  return href.replace(/\/+$/, '');
}

/** Checked here, because `fetch` repeats in its error what it can't send. */
export function bearer({ accessKeyId, secretAccessKey }: AccessKeyCredentials): string {
  const areTexts = typeof accessKeyId === 'string' && typeof secretAccessKey === 'string';
  const pair = `${accessKeyId}:${secretAccessKey}`;
  // A setting that is missing would be sent as the word "undefined".
  if (!areTexts || !/^[A-Za-z0-9]+:[!-~]+$/.test(pair))
    throw new TypeError('accessKeyId and secretAccessKey must be an access key');
  return `Bearer ${pair}`;
}
