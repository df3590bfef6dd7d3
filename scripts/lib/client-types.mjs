// packages/client/src/schema.ts: the types of REST v1, made from the OpenAPI document.
import { join } from 'node:path';
import openapiTypescript, { astToString } from 'openapi-typescript';
import { root } from './run.mjs';

export const typesFile = join(root, 'packages/client/src/schema.ts');

/** The adapters beside REST v1 have clients of their own; without them the file is half as long. */
const otherTags = ['Decisions', 'REST dialect', 'Hestia API', 'Operations'];

export async function clientTypes(document) {
  const { paths, ...rest } = document;
  const own = Object.entries(paths).filter(([, item]) =>
    Object.values(item).every(({ tags = [] }) => !tags.some((tag) => otherTags.includes(tag))),
  );
  // An input may leave out what has a default.
  const options = { defaultNonNullable: false };
  const types = await openapiTypescript({ ...rest, paths: Object.fromEntries(own) }, options);
  return `// Made by npm run openapi from docs/openapi.json.\n${astToString(types)}`;
}
