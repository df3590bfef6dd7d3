/** Who asks, as far as the header says it; both are empty where it does not. */
export interface BearerCredentials {
  accessKeyId: string;
  secretAccessKey: string;
}

/** Far more than the scheme, an ID and a secret, with some blanks. */
const maxLength = 512;
const pattern = /^(?:bearer\s+)?([^\s:]+):([^\s:]+)$/i;

/**
 * `Authorization: Bearer ID:SECRET`. Clients differ in what they make of that line, so the scheme may be missing or
 * in any case, and blanks round the pair don't count; in it they do, for no secret is trimmed. Whether it is an ID and a secret at all is asked later, with everything else.
 *
 * @param fields - each `Authorization` of the request; two are none, for somebody before us may have read the other one
 */
export function readBearer([header = '', ...more]: readonly string[] = []): BearerCredentials {
  const text = header.length > maxLength || more.length > 0 ? '' : header.trim();
  const match = pattern.exec(text);
  return { accessKeyId: match?.[1] ?? '', secretAccessKey: match?.[2] ?? '' };
}
