export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
}

/** Far more than the scheme, an ID and a secret, with some blanks. */
const maxLength = 512;
const pattern = /^(?:bearer\s+)?([^\s:]+):([^\s:]+)$/i;

/**
 * Reads `Authorization: Bearer ID:SECRET` as the service's REST dialect does: the scheme may be missing or in any case,
 * and blanks round the pair don't count. Both are empty where there is no pair, or more than one such header.
 */
export function readBearer([header = '', ...more]: readonly string[]): Credentials {
  const text = header.length > maxLength || more.length > 0 ? '' : header.trim();
  const match = pattern.exec(text);
  return { accessKeyId: match?.[1] ?? '', secretAccessKey: match?.[2] ?? '' };
}
