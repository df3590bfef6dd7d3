/** Methods of controllers that are called otherwise than what a client does with them. */
const lists: ReadonlySet<string> = new Set(['readPage', 'list', 'readAll']);

/**
 * `operationId`: the name of a client's method. `AccessKeysController.readPage` is `listAccessKeys`, `.create` is
 * `createAccessKey`. An operation with another name of its own says so in `@ApiOperation`.
 */
export function operationName(controller: string, method: string): string {
  const things = controller.replace(/Controller$/, '');
  if (lists.has(method)) return `list${things}`;
  return `${method}${things.endsWith('s') ? things.slice(0, -1) : things}`;
}
