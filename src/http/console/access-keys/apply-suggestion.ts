import type { AccessKeyDto } from '../../administration/access-keys/access-key.dto.js';
import type { SuggestionDto } from '../../administration/suggestions/suggestion.dto.js';
import type { Page } from '../page.js';
import { signUndo, undoOfTaggedPatch } from '../undo/undo.js';
import { keyPath, keyResource } from './key-paths.js';

/** Whether the page can do it: what changes keys that made this one as well is left to the command line. */
export function canApply({ name, commandLines }: SuggestionDto): boolean {
  const lines = commandLines.filter((line) => !line.startsWith('v-add-api '));
  return lines.length === 1 && lines[0]?.startsWith(`v-change-access-key ${name} `) === true;
}

/**
 * Makes the role and changes the key.
 *
 * @param state - the entity tag of the key that the suggestion was shown for
 * @returns the signed undo of the change; the role stays
 */
export async function applySuggestion(
  { api, session }: Page,
  { name: id, api: role, role: kind, commands, commandLines, keys, notes }: SuggestionDto,
  state: string,
): Promise<string | undefined> {
  const before = await api.get<AccessKeyDto>(keyResource(id));
  const isNew = commandLines.some((line) => line.startsWith('v-add-api '));
  if (isNew && role !== null) {
    const safe = commands.filter(({ isSafe }) => isSafe).map(({ command }) => command);
    await api.post('/v1/apis', {
      name: role,
      role: kind,
      commands: commands.map(({ command }) => command),
      safe,
    });
  }
  const kept = notes.find(({ code }) => code === 'kept_for_made_keys')?.names ?? [];
  const { allowedAddresses = null, rateLimit = null } = keys[0] ?? {};
  const patch = {
    ...(role !== null && { permissions: [...new Set([role, ...kept])] }),
    ...(allowedAddresses !== null && { allowedAddresses }),
    ...(rateLimit !== null && { rateLimit }),
  };
  const { headers } = await api.send('PATCH', keyResource(id), patch, { 'If-Match': state });
  const back = undoOfTaggedPatch({ path: keyResource(id), before, patch, ifMatch: String(headers.etag) });
  return back && signUndo({ requests: [back], goTo: keyPath(id) }, session.csrfToken);
}
