import { nearestName } from '../text/nearest-name.js';
import type { Catalogue } from './catalogue.js';

/** Names that are no command here, each with the one that was probably meant. */
export function unknownCommands(
  names: readonly string[],
  catalogue: Catalogue,
): { name: string; meant: string | undefined }[] {
  const unknown = names.filter((name) => catalogue.find(name) === undefined);
  if (unknown.length === 0) return [];
  const known = catalogue.list().map((command) => command.name);
  return unknown.map((name) => ({ name, meant: nearestName(name, known) }));
}
