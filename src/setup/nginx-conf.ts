import { AppError, ReturnCode } from '../errors.js';

/** A directive of an nginx configuration, and its block where it has one. */
export interface Directive {
  words: string[];
  /** From 1. */
  line: number;
  block?: Directive[];
  /** Where its block begins: behind the `{`. */
  bodyAt?: number;
}

/** The server that answers the panel's API, and how Hearthkey's location has to look to take precedence there. */
export interface ApiServer {
  /** Where the include line goes: behind the `{` of the block. */
  insertAt: number;
  line: number;
  location: string;
  listen: ListenAddress;
}

export interface ListenAddress {
  host: string;
  port: number;
  /** The certificate file where it serves TLS. */
  certificate: string | undefined;
}

interface Token {
  text: string;
  isQuoted: boolean;
  line: number;
  end: number;
}

const tokenPattern =
  /#[^\n]*|"(?:\\[\s\S]|[^"\\])*"|'(?:\\[\s\S]|[^'\\])*'|[{};]|(?:\\[\s\S]|\$\{[^}\n]*\}|[^\s{};"'#\\$]|[$#"'](?<=\S[$#"'])|\$)+/g;

/**
 * Reads the directives of an nginx configuration file: nested blocks, quotes and comments, but no included files.
 *
 * @throws AppError 12 where blocks and semicolons don't match
 */
export function parseNginx(text: string): Directive[] {
  const root: Directive[] = [];
  const open: Directive[][] = [root];
  let words: Token[] = [];
  for (const token of tokensOf(text)) {
    const level = open.at(-1) ?? root;
    if (token.isQuoted || !/^[{};]$/.test(token.text)) {
      words.push(token);
      continue;
    }
    if (token.text === '}') {
      if (words.length > 0 || open.length === 1) throw malformed(token.line);
      open.pop();
      continue;
    }
    if (words.length === 0) throw malformed(token.line);
    const directive: Directive = { words: words.map((word) => word.text), line: words[0]?.line ?? 1 };
    words = [];
    level.push(directive);
    if (token.text === ';') continue;
    directive.block = [];
    directive.bodyAt = token.end;
    open.push(directive.block);
  }
  if (open.length > 1 || words.length > 0) throw malformed(text.split('\n').length);
  return root;
}

function* tokensOf(text: string): Generator<Token> {
  let line = 1;
  let at = 0;
  for (const match of text.matchAll(tokenPattern)) {
    line += text.slice(at, match.index).split('\n').length - 1;
    const [whole] = match;
    at = match.index;
    if (whole.startsWith('#')) continue;
    const isQuoted = /^["']/.test(whole);
    yield { text: isQuoted ? whole.slice(1, -1) : whole, isQuoted, line, end: match.index + whole.length };
  }
}

function malformed(line: number): AppError {
  return new AppError(
    ReturnCode.PARSING,
    `the nginx configuration can't be understood at line ${String(line)}`,
  );
}

/**
 * Finds the one server that answers the panel's API: it has a location for `/api`, or hands requests to PHP.
 *
 * @throws AppError 3 where there is none or several, 4 where one of its locations would win over any that is added
 */
export function findApiServer(conf: readonly Directive[]): ApiServer {
  const http = conf.flatMap(({ words, block }) => (words[0] === 'http' ? (block ?? []) : []));
  const servers = [...conf, ...http].filter(
    ({ words, block }) => words[0] === 'server' && block !== undefined,
  );
  const found = servers.filter(answersApi);
  const [server] = found;
  if (server?.block === undefined || server.bodyAt === undefined || found.length > 1) {
    const lines = found.map(({ line }) => `line ${String(line)}`).join(', ');
    throw new AppError(
      ReturnCode.NOT_EXIST,
      found.length > 1
        ? `several servers of the nginx configuration may answer the API (${lines}): set up nginx by hand`
        : 'no server of the nginx configuration answers the API: name the file that has it with --nginx-conf',
    );
  }
  const outer = [...http, ...conf];
  return {
    insertAt: server.bodyAt,
    line: server.line,
    location: locationFor(server.block),
    listen: listenOf(server.block, outer),
  };
}

function answersApi({ block = [] }: Directive): boolean {
  const all = allBelow(block);
  return (
    locationsOf(block).some(({ path }) => /^\^?\/api(?:\/|$|\b)/.test(path)) ||
    all.some(({ words }) => words[0] === 'fastcgi_pass')
  );
}

function allBelow(block: readonly Directive[]): Directive[] {
  return block.flatMap((one) => [one, ...allBelow(one.block ?? [])]);
}

function locationsOf(block: readonly Directive[]): { modifier: string; path: string; line: number }[] {
  return block
    .filter(({ words }) => words[0] === 'location')
    .map(({ words, line }) => ({
      modifier: words.length > 2 ? (words[1] ?? '') : '',
      path: words.at(-1) ?? '',
      line,
    }));
}

/**
 * A prefix location with `^~` wins over all regular expressions. Where the server has one of the same name already,
 * which nginx would refuse, a regular expression before all others wins over it.
 */
function locationFor(block: readonly Directive[]): string {
  const prefixes = locationsOf(block).filter(
    ({ modifier, path }) => !modifier.startsWith('~') && path.startsWith('/api/'),
  );
  const winner = prefixes.find(({ modifier }) => modifier !== '');
  if (winner !== undefined) {
    throw new AppError(
      ReturnCode.EXISTS,
      `line ${String(winner.line)} has location ${winner.modifier} ${winner.path}, which would win over Hearthkey's: remove it first`,
    );
  }
  return prefixes.length === 0 ? '^~ /api/' : '~ ^/api/';
}

function listenOf(block: readonly Directive[], outer: readonly Directive[]): ListenAddress {
  const words = block.find((one) => one.words[0] === 'listen')?.words ?? ['listen', '80'];
  const [, place = '80', ...flags] = words;
  const match = /^(?:(\[[^\]]+\]|[^:[\]]+):)?(\d+)$/.exec(place) ?? /^(\[[^\]]+\]|[^:[\]]+)$/.exec(place);
  if (match === null || place.startsWith('unix:')) {
    throw new AppError(
      ReturnCode.INVALID,
      `the panel's nginx listens at ${place}, which is no address with a port`,
    );
  }
  const host = (match[1] ?? '*').replace(/^\[|\]$/g, '');
  const certificate = [...block, ...outer].find((one) => one.words[0] === 'ssl_certificate')?.words[1];
  const local: Record<string, string> = { '*': '127.0.0.1', '0.0.0.0': '127.0.0.1', '::': '::1' };
  return {
    host: local[host] ?? host,
    port: Number(match[2] ?? 80),
    certificate: flags.includes('ssl') ? certificate : undefined,
  };
}

/** The system user whose processes answer requests; undefined: nginx' own default. */
export function workerUser(
  conf: readonly Directive[],
): { user: string; group: string | undefined } | undefined {
  const [, user, group] = conf.find(({ words }) => words[0] === 'user')?.words ?? [];
  return user === undefined ? undefined : { user, group };
}

/** What stands in the included file. */
export function snippet(location: string, socket: string): string {
  return `# Made by hearthkey setup; hearthkey setup --undo removes it.
location ${location} {
    proxy_pass http://unix:${socket};
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_set_header Host $host;
    # The address that nginx itself sees. What the client says of its address is written over.
    proxy_set_header X-Forwarded-For $remote_addr;
    proxy_intercept_errors off;
    proxy_read_timeout 310s;
    client_max_body_size 2m;
}
`;
}

/** The configuration with the line that includes the file; the same text where it has the line already. */
export function withInclude(text: string, { insertAt }: ApiServer, file: string): string {
  if (includes(text, file)) return text;
  const rest = text.slice(insertAt);
  const lineEnd = /^[ \t]*\r?\n/.test(rest) ? '' : '\n';
  const line = `\n    include "${file}"; # Hearthkey answers the API; hearthkey setup --undo removes this line${lineEnd}`;
  return text.slice(0, insertAt) + line + rest;
}

/** Whether the configuration names the file outside of comments. */
export function includes(text: string, file: string): boolean {
  return text.split('\n').some((line) => (line.split('#')[0] ?? '').includes(file));
}
