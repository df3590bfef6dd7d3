import type { z } from 'zod';
import { networkMeant } from '../network/address-range.js';
import { shortened } from '../text/visible-text.js';

type Issue = z.core.$ZodIssue;

/**
 * One line about a value that the service can't use: the variable, what was expected, and the value.
 *
 * @param value - undefined where it may be a secret, or have one in it
 */
export function settingProblem(issue: Issue, value: string | undefined): string {
  const line = `HEARTHKEY_${issue.path.join('.')}: ${expectation(issue)}`;
  const isShown = value === undefined || value.includes('@') || line.includes(', got ');
  return isShown ? line : `${line}, got ${shortened(value)}`;
}

/** In our words: those of the schema library are about its own terms. */
function expectation(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_value':
      return `expected ${issue.values.map(String).join(' or ')}`;
    case 'invalid_type':
      return 'expected a whole number';
    case 'too_small':
      return `expected a whole number of at least ${String(issue.minimum)}`;
    case 'too_big':
      return `expected a whole number of at most ${String(issue.maximum)}`;
    default:
      return issue.message;
  }
}

/** Ranges with host bits are larger than their writer may think: a line for each. */
export function hostBitWarnings(given: Readonly<Record<string, string>>): string[] {
  return ['TRUSTED_PROXIES', 'METRICS_FROM', 'SESSIONS_FROM'].flatMap((name) =>
    (given[name] ?? '').split(/[\s,]+/).flatMap((item) => {
      const network = networkMeant(item);
      return network === undefined ? [] : [`HEARTHKEY_${name}: ${item} is taken for the network ${network}`];
    }),
  );
}
