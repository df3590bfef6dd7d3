import { keysOf, property, textOf } from './rest-pipes.js';
import { Template, type Names, type Scope } from './rest-template.js';

/**
 * The form of an answer: JSON whose texts are templates. `{ "for_each": RESULT, "answer": … }` is a list with an
 * element for each entry of a result; with a `name` it is an object.
 */
export type Shape =
  | { kind: 'value'; template: Template }
  | { kind: 'constant'; value: number | boolean | null }
  | { kind: 'list'; items: readonly Shape[] }
  | { kind: 'object'; entries: readonly (readonly [string, Shape])[] }
  | { kind: 'for_each'; result: string; name: Template | undefined; answer: Shape };

/** Within a `for_each`: the name of the entry, and the entry. */
export const entryNames = ['key', 'item'];

/** @throws Error that says what is wrong */
export function parseShape(json: unknown, names: Names): Shape {
  if (typeof json === 'string') return { kind: 'value', template: Template.parse(json, names) };
  if (Array.isArray(json)) return { kind: 'list', items: json.map((item) => parseShape(item, names)) };
  if (typeof json !== 'object' || json === null) {
    return { kind: 'constant', value: json as number | boolean | null };
  }
  if (!Object.hasOwn(json, 'for_each')) {
    const entries = Object.entries(json).map(([name, item]) => [name, parseShape(item, names)] as const);
    return { kind: 'object', entries };
  }
  const { for_each: result, name, answer, ...others } = json as Record<string, unknown>;
  const [other] = Object.keys(others);
  if (other !== undefined) throw new Error(`"${other}" can't stand beside "for_each"`);
  if (typeof result !== 'string' || answer === undefined) {
    throw new Error('"for_each" needs the name of a result, and an "answer" beside it');
  }
  if (name !== undefined && typeof name !== 'string') throw new Error('"name" has to be a text');
  const nameTemplate = name === undefined ? undefined : Template.parse(name, names);
  return { kind: 'for_each', result, name: nameTemplate, answer: parseShape(answer, names) };
}

/** The names that have to be in scope for it. */
export function rootsOf(shape: Shape): string[] {
  switch (shape.kind) {
    case 'constant':
      return [];
    case 'value':
      return shape.template.roots;
    case 'list':
      return shape.items.flatMap(rootsOf);
    case 'object':
      return shape.entries.flatMap(([, item]) => rootsOf(item));
    case 'for_each': {
      const inner = [...(shape.name?.roots ?? []), ...rootsOf(shape.answer)];
      return [shape.result, ...inner.filter((root) => !entryNames.includes(root))];
    }
  }
}

export function fill(shape: Shape, scope: Scope, names: Names): unknown {
  switch (shape.kind) {
    case 'constant':
      return shape.value;
    case 'value':
      return shape.template.value(scope, names);
    case 'list':
      return shape.items.map((item) => fill(item, scope, names));
    case 'object':
      return Object.fromEntries(shape.entries.map(([name, item]) => [name, fill(item, scope, names)]));
    case 'for_each': {
      const { name, answer } = shape;
      const result = scope.get(shape.result);
      const inner = keysOf(result).map((key) => withEntry(scope, key, property(result, key)));
      if (name === undefined) return inner.map((each) => fill(answer, each, names));
      return Object.fromEntries(
        inner.map((each) => [textOf(name.value(each, names)), fill(answer, each, names)]),
      );
    }
  }
}

/** The scope within a list. */
export function withEntry(scope: Scope, key: string, item: unknown): Scope {
  return new Map([...scope, ['key', key], ['item', item]]);
}
