import { asciiControlPattern, commandNamePattern } from '../../text/names.js';

/** One line of the route table: requests of this method to this path run this command. */
export interface GateRoute {
  /** `*`: any. */
  method: string;
  segments: readonly Segment[];
  command: string;
  /** In the place of a variable stands what the path has there. */
  args: readonly Part[];
}

type Segment = Part;
type Part = { literal: string } | { variable: string };

export interface RoutedCommand {
  command: string;
  args: string[];
}

/** A route table that isn't one; `message` names the line and what was expected. */
export class GateRoutesError extends Error {}

const maxLength = 262_144;
const methodPattern = /^(?:\*|[A-Z]{1,20})$/;
const literalPattern = /^[A-Za-z0-9_.~@:,=-]+$/;
const variablePattern = /^\{([a-z][a-z0-9_]{0,30})\}$/;

/**
 * Reads a route table: lines of `METHOD PATH COMMAND [ARGUMENT…]` with blanks between; blank lines and those that
 * start with `#` are skipped. `{name}` as a whole segment of the path stands for any one segment, and as an argument
 * for what stood there. Anything else is an error, and such a table has no routes.
 */
export function parseGateRoutes(text: string): GateRoute[] {
  if (text.length > maxLength) throw new GateRoutesError(`longer than ${String(maxLength)} characters`);
  return text.split('\n').flatMap((line, index) => {
    const content = line.trim();
    if (content === '' || content.startsWith('#')) return [];
    try {
      return [parseRoute(content.split(/[ \t]+/))];
    } catch (error) {
      if (!(error instanceof GateRoutesError)) throw error;
      throw new GateRoutesError(`line ${String(index + 1)}: ${error.message}`);
    }
  });
}

function parseRoute([method = '', path = '', command = '', ...args]: string[]): GateRoute {
  if (!methodPattern.test(method)) throw new GateRoutesError('expected a method in capitals, or *');
  if (!path.startsWith('/')) throw new GateRoutesError('expected a path that starts with /');
  if (!commandNamePattern.test(command)) throw new GateRoutesError('expected a command (v-…)');
  // "/" has no segments; a last segment that is empty is a slash at the end, and then has to be there.
  const segments = path === '/' ? [] : path.slice(1).split('/').map(parseSegment);
  const names = segments.flatMap((segment) => ('variable' in segment ? segment.variable : []));
  if (new Set(names).size < names.length) throw new GateRoutesError('a variable stands in the path twice');
  const parts = args.map(parsePart);
  for (const part of parts) {
    if ('variable' in part && !names.includes(part.variable)) {
      throw new GateRoutesError(`{${part.variable}} is not in the path`);
    }
  }
  return { method, segments, command, args: parts };
}

function parseSegment(text: string, index: number, all: readonly string[]): Segment {
  if (text === '' && index === all.length - 1) return { literal: '' };
  if (text === '.' || text === '..') throw new GateRoutesError('a path has no . or .. in it');
  return parsePart(text);
}

function parsePart(text: string): Part {
  const variable = variablePattern.exec(text)?.[1];
  if (variable !== undefined) return { variable };
  if (literalPattern.test(text)) return { literal: text };
  throw new GateRoutesError('expected words of letters, digits and _.~@:,=- or a {variable}');
}

/**
 * The command of the first route that fits, with its arguments. The query doesn't count. Paths that a server behind
 * the gateway could read in another way (`//`, `..`, encoded slashes and the like) fit no route.
 *
 * @param target - the path as the client sent it, with its query
 */
export function findGateRoute(
  routes: readonly GateRoute[],
  method: string,
  target: string,
): RoutedCommand | undefined {
  const path = target.split('?', 1)[0] ?? '';
  if (!path.startsWith('/')) return undefined;
  const raw = path === '/' ? [] : path.slice(1).split('/');
  for (const route of routes) {
    if (route.method !== '*' && route.method !== method) continue;
    const variables = matchSegments(route.segments, raw);
    if (variables === undefined) continue;
    const args = route.args.map((part) =>
      'literal' in part ? part.literal : (variables.get(part.variable) ?? ''),
    );
    return { command: route.command, args };
  }
  return undefined;
}

function matchSegments(
  segments: readonly Segment[],
  raw: readonly string[],
): Map<string, string> | undefined {
  if (segments.length !== raw.length) return undefined;
  const variables = new Map<string, string>();
  for (const [index, segment] of segments.entries()) {
    const text = raw[index] ?? '';
    if ('literal' in segment) {
      if (segment.literal !== text) return undefined;
    } else {
      const value = readSegment(text);
      if (value === undefined) return undefined;
      variables.set(segment.variable, value);
    }
  }
  return variables;
}

/** Characters that need no escape: where one has it, a server that compares paths as texts takes it for another. */
const needlessEscape = /%(?:2[de]|3\d|[46][1-9a-f]|[57][0-9a]|5f|7e)/i;

/** @returns undefined for what could mean another path to somebody else */
function readSegment(raw: string): string | undefined {
  if (!/^[\x21-\x7e]+$/.test(raw) || needlessEscape.test(raw)) return undefined;
  let value: string;
  try {
    value = decodeURIComponent(raw);
  } catch {
    return undefined;
  }
  if (value === '' || value === '.' || value === '..') return undefined;
  if (/[ /\\%?#;]/.test(value) || asciiControlPattern.test(value)) return undefined;
  return value;
}
