import type { AllowedIpDto, AllowedIpsDto } from '../../administration/allowed-ips/allowed-ips.dto.js';
import type { ApiCalls } from '../api/console-api.js';
import { undoOfPatch, undoOfTaggedPatch, type UndoRequest } from '../undo/undo.js';
import type { Remedy } from './remedies.js';

/**
 * Does what the explanation of a denial names.
 *
 * @returns the request that undoes it; undefined where there is none
 */
export async function doRemedy(
  api: Pick<ApiCalls, 'get' | 'send'>,
  { kind, method, path, body }: Remedy,
): Promise<UndoRequest | undefined> {
  if (kind === 'allowAddress') {
    const { items } = await api.get<AllowedIpsDto>(path);
    const { value: added } = await api.send<AllowedIpDto>(method, path, body);
    // What was there already is not taken away.
    if (items.includes(added.address)) return undefined;
    return { method: 'DELETE', path: `${path}/${encodeURIComponent(added.address)}` };
  }
  if (method === 'POST') {
    await api.send(method, path, body);
    return { method, path: path.replace(/unsuspend$/, 'suspend') };
  }
  return patch(api, path, body);
}

/** Only what was read is changed, so that the undo puts back what was there right before. */
async function patch(
  api: Pick<ApiCalls, 'get' | 'send'>,
  path: string,
  body: object,
): Promise<UndoRequest | undefined> {
  const { value: before, headers } = await api.send<object>('GET', path);
  const tag = headers.etag;
  // Settings have none.
  if (typeof tag !== 'string') {
    await api.send('PATCH', path, body);
    return undoOfPatch(path, before, body);
  }
  const { headers: after } = await api.send('PATCH', path, body, { 'If-Match': tag });
  return undoOfTaggedPatch({ path, before, patch: body, ifMatch: String(after.etag) });
}
