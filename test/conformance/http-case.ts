/** One recorded request, sent to the service's real socket. */
import type { HttpAnswer } from './compare.js';
import type { HttpCase, RecordedRequest } from './corpus.js';
import { type Bindings, fillIn } from './placeholders.js';
import { throughProxy } from './proxy.js';
import { exchange, requestBytes } from './raw-http.js';

/**
 * Sends the request directly for 127.0.0.1, and for every other client address through a proxy at the trusted address.
 */
export async function runHttpCase(one: HttpCase, port: number, bindings: Bindings): Promise<HttpAnswer> {
  const bytes = requestBytes(filledHead(one.request, bindings), requestBody(one.request, bindings));
  const send = (target: number) => exchange(target, bytes, one.request.method);
  const clientAddress = one.state.client_ip ?? '127.0.0.1';
  return clientAddress === '127.0.0.1' ? send(port) : throughProxy(port, clientAddress, send);
}

/** The bytes of the body, with values in the place of placeholders: percent-encoded where it is a form. */
export function requestBody(request: RecordedRequest, bindings: Bindings): Buffer {
  if (request.body_base64 !== undefined) return Buffer.from(request.body_base64, 'base64');
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(request.content_type ?? '');
  return Buffer.from(fillIn(request.body ?? '', bindings, isForm ? encodeURIComponent : undefined));
}

function filledHead(request: RecordedRequest, bindings: Bindings): RecordedRequest {
  const headers = Object.entries(request.headers).map(
    ([name, value]) => [name, fillIn(value, bindings)] as const,
  );
  return {
    ...request,
    path: fillIn(request.path, bindings, encodeURIComponent),
    headers: Object.fromEntries(headers),
  };
}
