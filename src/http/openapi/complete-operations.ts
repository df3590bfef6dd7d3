import { accessKeyIdPattern, apiNamePattern, userNamePattern } from '../../text/names.js';
import { isGuarded, problemStatuses, successHeaders } from './problem-answers.js';
import { operationsOf, type Answer, type Parameter, type Paths, type PlacedOperation } from './document.js';

const entityTag = { ETag: { $ref: '#/components/headers/ETag' } };
const location = { Location: { $ref: '#/components/headers/Location' } };

/**
 * Adds to the operations of REST v1 what follows from them: problems, headers of answers, and the command. Each rule is
 * here once, so that no controller has to repeat it.
 */
export function completeOperations(paths: Paths): void {
  for (const placed of operationsOf(paths)) {
    const { operation } = placed;
    const command = operation['x-hearthkey-command'];
    const needs = command === undefined ? [] : [`Needs the permission of \`${command}\`.`];
    operation.description = [operation.description ?? [], needs].flat().join(' ');
    // The controller takes either; this operation of it does not.
    if (operation['x-hearthkey-needs-session'] === true)
      operation.security = (operation.security ?? []).filter((scheme) => !('accessKey' in scheme));
    if (operation.description === '') delete operation.description;
    if (operation.parameters !== undefined) operation.parameters = operation.parameters.map(tidyParameter);
    completeAnswers(placed, paths);
    // Who logs in has no credentials yet: without this line it would be the document's `security` that counts.
    operation.security ??= [];
  }
}

function completeAnswers(placed: PlacedOperation, paths: Paths): void {
  const { operation } = placed;
  const answers: Record<string, Answer> = {};
  for (const [status, answer] of Object.entries(operation.responses)) {
    if (status === 'default') continue;
    const { description = '', headers, content } = answer;
    const added = Number(status) < 300 ? headersOfSuccess(placed, status, paths) : {};
    answers[status] = {
      description: description === '' ? (words[status] ?? 'Done.') : description,
      headers: { ...added, ...headers },
      ...(content !== undefined && { content }),
    };
    if (Object.keys(answers[status].headers ?? {}).length === 0) delete answers[status].headers;
  }
  for (const status of problemStatuses(placed))
    answers[status] ??= { $ref: `#/components/responses/Problem${status}` };
  operation.responses = answers;
}

const words: Readonly<Record<string, string>> = { 201: 'Created.', 202: 'Accepted.', 204: 'Done.' };

function headersOfSuccess({ path, method, operation }: PlacedOperation, status: string, paths: Paths) {
  const changes = (place: string): boolean =>
    operationsOf({ [place]: paths[place] ?? {} }).some(({ operation: { parameters = [] } }) =>
      parameters.some(({ name }) => name === 'If-Match'),
    );
  const isOne = method !== 'delete' && changes(path);
  const isNew =
    status === '201' && Object.keys(paths).some((other) => isItemOf(other, path) && changes(other));
  return {
    ...(isGuarded(operation) && successHeaders),
    ...((isOne || isNew) && entityTag),
    ...(status === '201' && location),
  };
}

/** `/v1/access-keys/{accessKeyId}` is one of `/v1/access-keys`. */
function isItemOf(path: string, collection: string): boolean {
  return path.startsWith(`${collection}/{`) && !path.slice(collection.length + 1).includes('/');
}

/** Swagger leaves out what has its usual value, and names no form of an ID. */
function tidyParameter(parameter: Parameter): Parameter {
  const { name, in: place, required = false, description, schema } = parameter;
  const known = { ...idForms[name], ...schema };
  return {
    ...{ name, in: place, required },
    ...(description !== undefined && { description }),
    schema: place === 'path' ? known : schema,
  };
}

const idForms: Readonly<Record<string, object>> = {
  accessKeyId: { pattern: accessKeyIdPattern.source, examples: ['InNqgp01kO3v0W22eg6Z'] },
  api: { pattern: apiNamePattern.source, examples: ['mail-accounts'] },
  user: { pattern: userNamePattern.source, examples: ['alice'] },
  legacyKeyId: { pattern: '^[0-9a-f]{8}$', examples: ['0a1b2c3d'] },
  address: { format: 'ip-or-range', examples: ['203.0.113.0/24'] },
};
