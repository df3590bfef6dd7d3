import type { FastifyRequest } from 'fastify';
import { routes } from '../routes.js';
import { findGateRoute, type GateRoute } from './gate-routes.js';
import { decodeBase64 } from '../../text/base64.js';

/** The credentials of a request: empty where there are none that can be read. */
export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
}

/** Which command a request stands for; empty: none. */
export interface NamedCommand {
  command: string;
  /** By place; undefined where one was left out. */
  args: (string | undefined)[];
  /** Something about it can't be meant. */
  isMalformed: boolean;
}

/** The path of the adapter; what stands behind it in a request's own path is the path that the client asked for. */
export const forwardAuthPath = routes.forwardAuth.paths[0];

const argNames = Array.from({ length: 13 }, (_, index) => `x-hearthkey-arg${String(index + 1)}`);
/** Headers of ours: what is asked, and what we answer, which a proxy may send on. */
const ownHeaders: ReadonlySet<string> = new Set([
  ...argNames,
  ...['command', 'user', 'access-key', 'root-user', 'reason'].map((name) => `x-hearthkey-${name}`),
]);
const none: Credentials = { accessKeyId: '', secretAccessKey: '' };

/** `Authorization: Bearer ID:SECRET`, or Basic with the ID as the name. Two such headers are none. */
export function readAuthorization({ raw }: FastifyRequest): Credentials {
  const [header = '', ...more] = raw.headersDistinct['authorization'] ?? [];
  const match = /^(bearer|basic) +([\x21-\x7e]{1,400})$/i.exec(header);
  if (match === null || more.length > 0) return none;
  const [, scheme = '', value = ''] = match;
  const pair = scheme.toLowerCase() === 'basic' ? decodeBase64(value)?.toString('latin1') : value;
  const colon = pair?.indexOf(':') ?? -1;
  if (pair === undefined || colon === -1) return none;
  return { accessKeyId: pair.slice(0, colon), secretAccessKey: pair.slice(colon + 1) };
}

/**
 * The command: by the route table where there is one, and then never by header, so that a client can't choose it at a
 * gateway that hands its headers on; else by `X-Hearthkey-Command` and `X-Hearthkey-Arg1` … `-Arg13`.
 */
export function readCommand(request: FastifyRequest, routes: readonly GateRoute[] | undefined): NamedCommand {
  if (routes !== undefined) {
    const { method, target } = originalRequest(request);
    const found = findGateRoute(routes, method, target);
    return { command: '', args: [], ...found, isMalformed: false };
  }
  const args = argNames.map((name) => header(request, name));
  while (args.length > 0 && args.at(-1) === undefined) args.pop();
  // The program that runs the command would read letters of other scripts differently.
  const isUnreadable = args.some((arg) => arg !== undefined && !/^[\x20-\x7e]*$/.test(arg));
  // A misspelt one, or one argument too many, would be passed over in silence.
  const isMisspelt = Object.keys(request.headers).some(
    (name) => name.replaceAll('_', '-').startsWith('x-hearthkey') && !ownHeaders.has(name),
  );
  const isMalformed = isUnreadable || isMisspelt;
  return { command: header(request, 'x-hearthkey-command') ?? '', args, isMalformed };
}

/** What the client asked the gateway for: Envoy adds its path to ours, the others tell in headers. */
function originalRequest(request: FastifyRequest): { method: string; target: string } {
  const own = request.originalUrl;
  if (own.startsWith(`${forwardAuthPath}/`)) {
    return { method: request.method, target: own.slice(forwardAuthPath.length) };
  }
  return {
    method: header(request, 'x-forwarded-method') ?? '',
    target: header(request, 'x-forwarded-uri') ?? '',
  };
}

/** @returns undefined where it is missing; two of a name become one text with a comma, which fits nothing */
function header({ headers }: FastifyRequest, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : value?.join(',');
}
