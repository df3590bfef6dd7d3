import { z } from 'zod';
import { accessKeyIdPattern, secretAccessKeyPattern } from '../text/names.js';

/** Another panel's API, with Hearthkey's own credential there. */
export interface UpstreamSettings {
  url: URL;
  accessKeyId: string;
  secretAccessKey: string;
  /** A PEM file with certificates to trust besides those that Node.js trusts. */
  caFile: string | undefined;
}

const upstreamUrl = z.string().transform((text, context) => {
  const parsed = parseUpstreamUrl(text);
  if ('url' in parsed) return parsed.url;
  context.addIssue({ code: 'custom', message: parsed.problem });
  return z.NEVER;
});

/** No message has the value in it. */
export const upstreamSchema = {
  UPSTREAM_URL: upstreamUrl.optional(),
  UPSTREAM_ACCESS_KEY: z
    .string()
    .regex(accessKeyIdPattern, 'expected an access key ID: 20 letters and digits')
    .optional(),
  UPSTREAM_SECRET_KEY: z
    .string()
    .regex(secretAccessKeyPattern, 'expected a secret access key: 40 letters, digits and _ = - . + / ^ ~ %')
    .optional(),
};

interface UpstreamValues {
  UPSTREAM_URL?: URL | undefined;
  UPSTREAM_ACCESS_KEY?: string | undefined;
  UPSTREAM_SECRET_KEY?: string | undefined;
  UPSTREAM_CA?: string | undefined;
}

export function resolveUpstream(values: UpstreamValues): UpstreamSettings | undefined {
  const {
    UPSTREAM_URL: url,
    UPSTREAM_ACCESS_KEY: accessKeyId,
    UPSTREAM_SECRET_KEY: secretAccessKey,
  } = values;
  if (url === undefined || accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  return { url, accessKeyId, secretAccessKey, caFile: values.UPSTREAM_CA };
}

/**
 * Whether what belongs together is there together.
 *
 * @param named - the settings that are set, without `HEARTHKEY_`
 */
export function upstreamProblems(named: Readonly<Record<string, string>>): string[] {
  const isGiven = (name: string): boolean => (named[name] ?? named[`${name}_FILE`]) !== undefined;
  const names = ['UPSTREAM_URL', 'UPSTREAM_ACCESS_KEY', 'UPSTREAM_SECRET_KEY'];
  const missing = names.filter((name) => !isGiven(name));
  const problems: string[] = [];
  if (missing.length > 0 && (missing.length < names.length || isGiven('UPSTREAM_CA'))) {
    for (const name of missing)
      problems.push(`HEARTHKEY_${name}: the other HEARTHKEY_UPSTREAM_ settings need it`);
  }
  for (const other of ['COMMANDS_DIR', 'HESTIA_ROOT'].filter(isGiven)) {
    if (isGiven('UPSTREAM_URL'))
      problems.push(
        `HEARTHKEY_UPSTREAM_URL and HEARTHKEY_${other}: commands run in one place, set one of them`,
      );
  }
  return problems;
}

/** Addresses of this machine itself: what is sent there is on no wire. */
const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * Where another panel's API is. The credential goes there with every command, so it goes unencrypted (`http`) to this
 * machine alone.
 *
 * @returns the address, with the path `/api/` where it has none; or what is wrong, without the address in it
 */
export function parseUpstreamUrl(text: string): { url: URL } | { problem: string } {
  if (!URL.canParse(text)) return { problem: 'expected an address such as https://panel.example.com:8083' };
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return { problem: 'expected an address that begins with https:// or http://' };
  }
  if (url.username !== '' || url.password !== '') {
    return { problem: 'there may be no user name or password in it; the access key has settings of its own' };
  }
  // An empty query or fragment leaves no trace in a URL.
  if (/[?#]/.test(text)) return { problem: 'there may be no ? or # in it' };
  if (url.protocol === 'http:' && !loopback.test(url.hostname)) {
    return { problem: 'http:// would show the secret on the way; use https:// (http only to this machine)' };
  }
  if (url.pathname === '/') url.pathname = '/api/';
  return { url };
}
