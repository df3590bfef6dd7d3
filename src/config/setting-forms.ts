import { z } from 'zod';
import { parseAddressRange } from '../network/address-range.js';
import { shortened } from '../text/visible-text.js';
import { parseDurationMs } from './duration.js';

export const yesNo = z.enum(['yes', 'no']).transform((text) => text === 'yes');

export const duration = z.string().transform((text, context) => {
  const ms = parseDurationMs(text);
  if (ms !== undefined) return ms;
  context.addIssue({
    code: 'custom',
    message: 'expected a number with a unit (ms, s, m, h, d or w), such as 500ms, 30s or 12h',
  });
  return z.NEVER;
});

/**
 * What secrets begin with: 7 characters leave 162 bits to chance. A first `-` would make an option of a secret in some
 * client's command line.
 */
export const secretPrefix = z
  .string()
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_-]{0,6}$|^$/, 'expected 1 to 7 of A-Z, a-z, 0-9, _ and -, no - first');

/** Addresses and CIDR ranges, with commas, blanks or line ends between. */
export const addressRanges = z.string().transform((text, context) => {
  const ranges = [];
  for (const item of text.split(/[\s,]+/).filter((part) => part !== '')) {
    const range = parseAddressRange(item);
    if (range === undefined) {
      context.addIssue({
        code: 'custom',
        message: `expected addresses or CIDR ranges, got ${shownItem(item)}`,
      });
      return z.NEVER;
    }
    ranges.push(range);
  }
  return ranges;
});

/** An address of a database or a server that stands at the wrong name may have a password in it. */
function shownItem(item: string): string {
  return item.includes('@') ? 'another text' : shortened(item);
}

/** What stands between commas and blanks. */
export function itemsOf(text: string): string[] {
  return text.split(/[\s,]+/).filter((item) => item !== '');
}

/** Makes a value a wrong one; nothing of it stands in the message. */
export function refuse(context: z.RefinementCtx, message: string): never {
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
}
