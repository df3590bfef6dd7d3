import { z } from 'zod';
import { commandNamePattern } from '../../../text/names.js';
import { inputTypes, type Input } from './rest-inputs.js';
import { inputNamePattern, parsePathPattern, type PathPart } from './rest-path.js';
import { entryNames, parseShape, rootsOf, type Shape } from './rest-shape.js';
import { Template, type Names } from './rest-template.js';

export const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

export interface Route {
  method: (typeof methods)[number];
  path: readonly PathPart[];
  inputs: readonly Input[];
  steps: readonly Step[];
  status: number;
  answer: Shape;
}

/** A command to run. */
export interface Step {
  run: CommandLine;
  /** Takes it back, where a later step fails. */
  undo: CommandLine | undefined;
  /** Only where this input was given. */
  when: string | undefined;
  /** Once for each entry of this result. */
  forEach: string | undefined;
  /** What its result is called in templates. */
  as: string | undefined;
  /** How its output is read: as JSON, or by the named groups of a pattern. */
  read: 'json' | RegExp | undefined;
  /** Entries of its result that don't count: those that have one of these values. */
  without: Readonly<Record<string, string>>;
  /** The codes that are a success. */
  done: readonly number[];
}

export interface CommandLine {
  command: Template;
  args: readonly Template[];
  /** Places of arguments with a secret in them, counted from 1. */
  secretArgs: readonly number[];
}

/** As many as a panel's API takes. */
const maxArgs = 13;
const panelUrl = 'panel_url';

const name = z.string().regex(inputNamePattern, 'expected small letters, digits and _');
const commandLine = z
  .array(z.string())
  .min(1)
  .max(maxArgs + 1);

const inputSchema = z.strictObject({
  type: z.enum(inputTypes),
  required: z.boolean().optional(),
  default: z.union([z.string(), z.number().int().min(0)]).optional(),
  names: z.string().optional(),
});

const stepSchema = z.strictObject({
  run: commandLine,
  undo: commandLine.optional(),
  when: name.optional(),
  for_each: name.optional(),
  as: name.optional(),
  read: z.union([z.literal('json'), z.strictObject({ pattern: z.string().max(500) })]).optional(),
  without: z.record(z.string(), z.string()).default({}),
  done: z.array(z.number().int().min(0).max(255)).min(1).default([0]),
});

const routeSchema = z.strictObject({
  route: z.string(),
  inputs: z.record(name, inputSchema).default({}),
  steps: z.array(stepSchema).min(1).max(20),
  status: z.union([z.literal(200), z.literal(201), z.literal(202)]).default(200),
  answer: z.json(),
});

type StepJson = z.output<typeof stepSchema>;

/** `GET /accounts` in two. */
export function parseRouteName(text: string): Pick<Route, 'method' | 'path'> {
  const [first = '', path = '', ...others] = text.split(' ');
  const method = methods.find((known) => known === first);
  if (method === undefined || others.length > 0) {
    throw new Error(`expected "METHOD /path" with one of ${methods.join(', ')}`);
  }
  return { method, path: parsePathPattern(path) };
}

/** @throws Error or ZodError that says what is wrong; nothing that a request could still stumble over is let through */
export function parseRoute(json: unknown, names: Names): Route {
  const parsed = routeSchema.parse(json);
  const { method, path } = parseRouteName(parsed.route);
  const inPath = new Set(path.flatMap((part) => ('input' in part ? [part.input] : [])));
  const inputs = Object.entries(parsed.inputs).map(([inputName, input]) =>
    parseInput(inputName, input, inPath.has(inputName), names),
  );
  for (const part of inPath) {
    if (parsed.inputs[part] === undefined)
      throw new Error(`"inputs" has no ${part}, which stands in the path`);
  }
  const secrets = new Set(inputs.filter(({ type }) => type === 'password').map((input) => input.name));
  const scope = new Set([...inputs.map((input) => input.name), panelUrl]);
  for (const { byDefault } of inputs) {
    if (byDefault instanceof Template) checkRoots(byDefault.roots, scope, secrets);
  }
  const steps = parsed.steps.map((step) => parseStep(step, { names, inputs, scope, secrets }));
  const answer = parseShape(parsed.answer, names);
  checkRoots(rootsOf(answer), scope, secrets);
  return { method, path, inputs, steps, status: parsed.status, answer };
}

function parseInput(
  inputName: string,
  { type, required, default: byDefault, names: list }: z.output<typeof inputSchema>,
  isInPath: boolean,
  names: Names,
): Input {
  if ((type === 'choice') !== (list !== undefined))
    throw new Error(`${inputName}: "choice" and "names" go together`);
  if (list !== undefined && !Object.hasOwn(names, list))
    throw new Error(`there are no names called "${list}"`);
  const reserved = [...entryNames, panelUrl];
  if (reserved.includes(inputName)) throw new Error(`an input can't be called ${inputName}`);
  if ((isInPath || type === 'password') && byDefault !== undefined) {
    throw new Error(`${inputName} can't have a default`);
  }
  return {
    name: inputName,
    type,
    isInPath,
    isRequired: isInPath || required === true,
    byDefault: typeof byDefault === 'string' ? Template.parse(byDefault, names) : byDefault,
    names: list,
  };
}

interface Around {
  names: Names;
  inputs: readonly Input[];
  /** What is known so far; a step's result comes to it. */
  scope: Set<string>;
  secrets: ReadonlySet<string>;
}

function parseStep(step: StepJson, around: Around): Step {
  const { scope, inputs } = around;
  if (step.when !== undefined && !inputs.some((input) => input.name === step.when)) {
    throw new Error(`"when" names ${step.when}, which is no input`);
  }
  if (step.for_each !== undefined && !scope.has(step.for_each)) {
    throw new Error(`"for_each" names ${step.for_each}, which no step before has read`);
  }
  if ((step.as === undefined) !== (step.read === undefined)) throw new Error('"as" and "read" go together');
  if (step.when !== undefined && step.as !== undefined) throw new Error('a step with "when" has no result');
  if (step.for_each !== undefined && step.undo !== undefined)
    throw new Error('a step with "for_each" has no "undo"');
  const inner = step.for_each === undefined ? scope : new Set([...scope, ...entryNames]);
  const parsed: Step = {
    run: parseCommandLine(step.run, around, inner),
    undo: step.undo && parseCommandLine(step.undo, around, scope),
    when: step.when,
    forEach: step.for_each,
    as: step.as,
    read: typeof step.read === 'object' ? new RegExp(step.read.pattern, 'mu') : step.read,
    without: step.without,
    done: step.done,
  };
  if (step.as !== undefined) {
    if (scope.has(step.as) || entryNames.includes(step.as))
      throw new Error(`there are two of the name ${step.as}`);
    scope.add(step.as);
  }
  return parsed;
}

function parseCommandLine(
  [first = '', ...rest]: string[],
  around: Around,
  scope: ReadonlySet<string>,
): CommandLine {
  const { names, secrets, inputs } = around;
  const command = Template.parse(first, names);
  for (const possible of possibleCommands(first, command, inputs, names)) {
    if (!commandNamePattern.test(possible)) throw new Error(`"${possible}" is no name of a command`);
  }
  const args = rest.map((text) => Template.parse(text, names));
  for (const { roots } of args) checkRoots(roots, scope, new Set());
  const secretArgs = args.flatMap(({ roots }, index) =>
    roots.some((root) => secrets.has(root)) ? [index + 1] : [],
  );
  return { command, args, secretArgs };
}

/** A command's name may hang on a choice, so that every name that it can have is known before any request. */
function possibleCommands(text: string, command: Template, inputs: readonly Input[], names: Names): string[] {
  const [root, ...others] = command.roots;
  if (root === undefined) return [text];
  const input = inputs.find(
    (one) => one.name === root && one.type === 'choice' && (one.isInPath || one.isRequired),
  );
  if (input === undefined || others.length > 0) {
    throw new Error(
      `"${text}": only a choice that is always there can stand in a command's name, and only one`,
    );
  }
  const choices = Object.values(names[input.names ?? ''] ?? {});
  return choices.map((choice) => command.text(new Map([[root, choice]]), names));
}

function checkRoots(
  roots: readonly string[],
  scope: ReadonlySet<string>,
  secrets: ReadonlySet<string>,
): void {
  for (const root of roots) {
    if (!scope.has(root)) throw new Error(`{${root}} is neither an input nor the result of a step before`);
    if (secrets.has(root)) throw new Error(`{${root}} is a secret: it can only be an argument`);
  }
}
