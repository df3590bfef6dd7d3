import { normaliseEntry } from '../../../allowlist/allow-list.js';
import { invalid } from '../../../errors.js';

/**
 * The one spelling of an entry of API_ALLOWED_IP.
 *
 * @throws AppError 2
 */
export function requireEntry(text: string): string {
  const entry = normaliseEntry(text);
  if (entry === undefined) throw invalid('expected an address, a range such as 203.0.113.0/24, or allow-all');
  return entry;
}
