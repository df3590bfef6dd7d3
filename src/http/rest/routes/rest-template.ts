import { pipes, property, textOf } from './rest-pipes.js';

/** The lists of names of a route table. */
export type Names = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** What placeholders can stand for: inputs, what commands printed, and within a list `key` and `item`. */
export type Scope = ReadonlyMap<string, unknown>;

type Part = string | Placeholder;

interface Placeholder {
  path: readonly string[];
  pipes: readonly { name: string; words: readonly string[] }[];
}

const pathPattern = /^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*$/;

/** A text with placeholders: `{username}`, `{info.sysinfo.UPTIME|minutes}`. */
export class Template {
  private constructor(private readonly parts: readonly Part[]) {}

  /** @throws Error that says what is wrong with the text */
  static parse(text: string, names: Names): Template {
    const parts: Part[] = [];
    for (const [index, piece] of text.split(/\{([^{}]*)\}/).entries()) {
      if (index % 2 === 1) parts.push(parsePlaceholder(piece, names));
      else if (/[{}]/.test(piece)) throw new Error(`"${text}" has a brace without its other`);
      else if (piece !== '') parts.push(piece);
    }
    return new Template(parts);
  }

  /** The names that have to be in scope. */
  get roots(): string[] {
    return this.parts.flatMap((part) => {
      if (typeof part === 'string') return [];
      const paths = part.pipes.flatMap(({ name, words }) => words.filter((_, at) => isPath(name, at)));
      return [part.path[0] ?? '', ...paths.map((path) => path.split('.')[0] ?? '')];
    });
  }

  /** A lone placeholder keeps the kind of its value; in the middle of a text it becomes a text. */
  value(scope: Scope, names: Names): unknown {
    const [only] = this.parts;
    if (this.parts.length === 1 && only !== undefined) return resolve(only, scope, names);
    return this.parts.map((part) => textOf(resolve(part, scope, names))).join('');
  }

  text(scope: Scope, names: Names): string {
    return textOf(this.value(scope, names));
  }
}

function parsePlaceholder(text: string, names: Names): Placeholder {
  const [path = '', ...rest] = text.split('|');
  if (!pathPattern.test(path)) throw new Error(`{${text}} does not begin with a name`);
  const used = rest.map((word) => {
    const [name = '', ...words] = word.split(':');
    const pipe = Object.hasOwn(pipes, name) ? pipes[name] : undefined;
    if (pipe === undefined) throw new Error(`{${text}}: there is no pipe called "${name}"`);
    if (words.length !== pipe.words) {
      throw new Error(`{${text}}: ${name} takes ${pipe.words} words after a colon`);
    }
    const unknown = words.find(
      (list, at) => pipe.names?.includes(at) === true && !Object.hasOwn(names, list),
    );
    if (unknown !== undefined) throw new Error(`{${text}}: there are no names called "${unknown}"`);
    const badPath = words.find((word, at) => isPath(name, at) && !pathPattern.test(word));
    if (badPath !== undefined) throw new Error(`{${text}}: "${badPath}" is no name`);
    return { name, words };
  });
  return { path: path.split('.'), pipes: used };
}

function isPath(pipe: string, at: number): boolean {
  return pipes[pipe]?.paths?.includes(at) === true;
}

function resolve(part: Part, scope: Scope, names: Names): unknown {
  if (typeof part === 'string') return part;
  let value = lookUp(part.path, scope);
  for (const { name, words } of part.pipes) {
    const pipe = pipes[name];
    const found = words.map((word, at) => {
      if (isPath(name, at)) return lookUp(word.split('.'), scope);
      return pipe?.names?.includes(at) === true ? names[word] : word;
    });
    value = pipe?.apply(value ?? null, found);
  }
  return value ?? null;
}

function lookUp(path: readonly string[], scope: Scope): unknown {
  const whole = path.join('.'); // the halves of an address are in scope under such a name
  if (scope.has(whole)) return scope.get(whole);
  const [root = '', ...rest] = path;
  return rest.reduce(property, scope.get(root));
}
