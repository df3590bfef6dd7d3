/** The path of a route below `/api`, in parts: a literal, or what a part is called. */
export type PathPart = { literal: string } | { input: string };

const literalPattern = /^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/;
export const inputNamePattern = /^[a-z][a-z0-9_]{0,31}$/;
const maxParts = 8;
/** Longer than any value that an input takes. */
const maxPartLength = 300;

/** @throws Error that says what is wrong */
export function parsePathPattern(path: string): PathPart[] {
  const [empty, ...texts] = path.split('/');
  if (empty !== '' || texts.length === 0 || texts.length > maxParts)
    throw new Error(`the path has to begin with / and have ${maxParts} parts at most`);
  const parts = texts.map((text): PathPart => {
    const input = /^\{(.*)\}$/.exec(text)?.[1];
    if (input !== undefined && inputNamePattern.test(input)) return { input };
    if (literalPattern.test(text)) return { literal: text };
    throw new Error(
      `"${text}" can't be a part of a path: expected small letters, digits and . _ -, or {name}`,
    );
  });
  if (texts.length === 1 && texts[0] === 'index.php') throw new Error('/index.php is the other dialect');
  const inputs = parts.flatMap((part) => ('input' in part ? [part.input] : []));
  if (new Set(inputs).size < inputs.length) throw new Error('a name stands twice in the path');
  return parts;
}

/** The same for all paths that the same requests fit. */
export function pathForm(parts: readonly PathPart[]): string {
  return parts.map((part) => ('literal' in part ? `/${part.literal}` : '/{}')).join('');
}

/** Splits what was asked for; undefined where it can't be the path of a route. */
export function splitPath(path: string): string[] | undefined {
  const texts = path.replace(/\/$/, '').split('/').slice(1);
  if (texts.length > maxParts) return undefined;
  try {
    const parts = texts.map((text) => decodeURIComponent(text));
    return parts.every((part) => part.length <= maxPartLength) ? parts : undefined;
  } catch {
    return undefined; // what is encoded is no UTF-8
  }
}

/** The inputs in a path; undefined where it does not fit. */
export function matchPath(
  parts: readonly PathPart[],
  texts: readonly string[],
): Map<string, string> | undefined {
  if (parts.length !== texts.length) return undefined;
  const inputs = new Map<string, string>();
  for (const [index, part] of parts.entries()) {
    const text = texts[index] ?? '';
    if ('literal' in part ? part.literal !== text : text === '') return undefined;
    if ('input' in part) inputs.set(part.input, text);
  }
  return inputs;
}
