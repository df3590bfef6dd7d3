import { readFileSync } from 'node:fs';
import { withoutByteOrderMark } from '../../../text/conf-file.js';
import { z } from 'zod';
import { matchPath, pathForm, splitPath } from './rest-path.js';
import { parseRoute, parseRouteName, type Route } from './rest-route.js';
import type { Names } from './rest-template.js';
import { systemReason } from '../../../text/system-reason.js';

/** What a request is for: a route with the inputs in its path; or the methods that there are at that path, if any. */
export type Match = { route: Route; inputs: ReadonlyMap<string, string> } | { allowed: readonly string[] };

const namesSchema = z.record(
  z.string().regex(/^[a-z][a-z0-9_]{0,31}$/),
  z.record(
    z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/),
    z.string().regex(/^[A-Za-z0-9][A-Za-z0-9@._-]{0,99}$/),
  ),
);

const fileSchema = z.strictObject({
  names: namesSchema.default({}),
  remove: z.array(z.string()).default([]),
  routes: z.array(z.looseObject({ route: z.string() })).default([]),
});

/** The routes of the REST dialect: those that Hearthkey brings, and over them the operator's. */
export class RouteTable {
  private readonly routes = new Map<string, Route>();

  private constructor(readonly names: Names) {}

  /**
   * @param operatorsFile - adds routes, replaces those of the same method and path, and removes others
   * @throws Error whose message names the file and the line or the route
   */
  static read(operatorsFile: string | undefined): RouteTable {
    const own = readTableFile(new URL('./rest-routes.json', import.meta.url), 'rest-routes.json');
    const operators = operatorsFile === undefined ? undefined : readTableFile(operatorsFile, operatorsFile);
    const table = new RouteTable({ ...own.names, ...operators?.names });
    table.add(own);
    if (operators !== undefined) {
      for (const name of operators.remove) table.remove(name, operators.file);
      table.add(operators);
    }
    return table;
  }

  /** The most literal of the routes that fit. */
  find(method: string, path: string): Match {
    const texts = splitPath(path);
    if (texts === undefined) return { allowed: [] };
    const fitting = [...this.routes.values()].flatMap((route) => {
      const inputs = matchPath(route.path, texts);
      return inputs === undefined ? [] : [{ route, inputs }];
    });
    const least = Math.min(...fitting.map(({ inputs }) => inputs.size));
    const best = fitting.find(({ route, inputs }) => route.method === method && inputs.size === least);
    const other = best ?? fitting.find(({ route }) => route.method === method);
    return other ?? { allowed: [...new Set(fitting.map(({ route }) => route.method))].sort() };
  }

  list(): Route[] {
    return [...this.routes.values()];
  }

  private add({ file, routes }: TableFile): void {
    const added = new Set<string>();
    for (const [index, json] of routes.entries()) {
      try {
        const route = parseRoute(json, this.names);
        const key = `${route.method} ${pathForm(route.path)}`;
        if (added.has(key)) throw new Error('there is another route of that method and path in this file');
        added.add(key);
        this.routes.set(key, route);
      } catch (error) {
        throw new Error(`${file}, route ${String(index + 1)} (${json.route}): ${problemOf(error)}`, {
          cause: error,
        });
      }
    }
  }

  private remove(name: string, file: string): void {
    try {
      const { method, path } = parseRouteName(name);
      if (this.routes.delete(`${method} ${pathForm(path)}`)) return;
    } catch (error) {
      throw new Error(`${file}, remove (${name}): ${problemOf(error)}`, { cause: error });
    }
    throw new Error(`${file}, remove (${name}): there is no such route`);
  }
}

type TableFile = z.output<typeof fileSchema> & { file: string };

function readTableFile(place: string | URL, file: string): TableFile {
  let text: string;
  try {
    text = withoutByteOrderMark(readFileSync(place, 'utf8'));
  } catch (error) {
    const setting = place instanceof URL ? '' : 'HEARTHKEY_REST_ROUTES: ';
    throw new Error(`${setting}${file} can't be read: ${systemReason(error)}`, { cause: error });
  }
  try {
    return { ...fileSchema.parse(JSON.parse(text)), file };
  } catch (error) {
    const line = error instanceof SyntaxError ? `, line ${String(lineOf(text))}` : '';
    throw new Error(`${file}${line}: ${problemOf(error)}`, { cause: error });
  }
}

/**
 * The line of a mistake in JSON. Node.js does not always tell the place, but the beginning of a good text is wrong at
 * its end alone: the first line with which that is no longer so has the mistake.
 */
function lineOf(text: string): number {
  const lines = text.split('\n');
  for (let count = 1; count < lines.length; count++) {
    if (isWrongBefore(lines.slice(0, count).join('\n'))) return count;
  }
  return lines.length;
}

function isWrongBefore(beginning: string): boolean {
  try {
    JSON.parse(beginning);
    return false;
  } catch (error) {
    const { message } = error as SyntaxError;
    if (/end of JSON input|Unterminated string/.test(message)) return false;
    return Number(/position (\d+)/.exec(message)?.[1] ?? 0) < beginning.length;
  }
}

function problemOf(error: unknown): string {
  if (!(error instanceof z.ZodError)) return (error as Error).message;
  const [issue] = error.issues;
  const place = (issue?.path ?? []).map(String).join('.');
  return `${place === '' ? '' : `${place}: `}${issue?.message ?? ''}`;
}
