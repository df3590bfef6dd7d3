/** Who asks, as far as the header says it; both are empty where it does not. */
export interface BearerCredentials {
  accessKeyId: string;
  secretAccessKey: string;
}

/** Far more than the scheme, an ID and a secret, with some blanks. */
const maxLength = 512;
const pattern = /^(?:bearer\s+)?([^\s:]+)\s*:\s*([^\s:]+)$/i;

/**
 * `Authorization: Bearer ID:SECRET`. Clients differ in what they make of that line, so the scheme may be missing or
 * in any case, and blanks don't count. Whether it is an ID and a secret at all is asked later, with everything else.
 */
export function readBearer(header: string | undefined): BearerCredentials {
  const text = (header ?? '').length > maxLength ? '' : (header ?? '').trim();
  const match = pattern.exec(text);
  return { accessKeyId: match?.[1] ?? '', secretAccessKey: match?.[2] ?? '' };
}
