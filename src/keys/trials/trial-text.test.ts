import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatHeld } from '../../catalogue/held-arguments.js';
import { parseAddressRange } from '../../network/address-range.js';
import { describeTried, type Trial } from './trial.js';
import { parseTrial, trialFromText, writeTrial } from './trial-text.js';

const range = fc
  .constantFrom('203.0.113.9', '10.0.0.0/8', '2001:db8::/32')
  .map((text) => parseAddressRange(text)!);
const trial: fc.Arbitrary<Trial> = fc
  .record(
    {
      permissions: fc.array(fc.constantFrom('mail', 'dns', 'read-only'), { maxLength: 3 }),
      allowedAddresses: fc.option(fc.array(range, { minLength: 1, maxLength: 3 })),
      rateLimit: fc.option(
        fc.record({ count: fc.integer({ min: 1, max: 99 }), windowSeconds: fc.constantFrom(1, 60) }),
      ),
      only: fc.option(fc.constant(new Map([['DOMAIN', ['example.com', '*.example.org']]]))),
    },
    { requiredKeys: [] },
  )
  .filter((parts) => Object.keys(parts).length > 0)
  .map((parts) => ({ sinceMs: 1_700_000_000_000, by: 'operator', ...parts }));

it('what is kept of a trial is what it was', () => {
  fc.assert(
    fc.property(trial, (wanted) => {
      const read = parseTrial(writeTrial(wanted));
      expect({ ...read, only: read?.only && formatHeld(read.only) }).toEqual({
        ...wanted,
        only: wanted.only && formatHeld(wanted.only),
      });
    }),
  );
});

it.each([
  '',
  '{}',
  'null',
  '[]',
  '{"since":1,"by":"a"}',
  '{"since":9000000000000000,"by":"a","rateLimit":""}',
  '{"since":"1","by":"a","rateLimit":""}',
  '{"since":1,"by":"a","rateLimit":"many"}',
  '{"since":1,"by":"a","permissions":"../x"}',
  '{"since":1,"by":"a","permissions":7}',
  '{"since":1,"by":"a","allowedAddresses":"10.0.0.0/8,nowhere"}',
  '{"since":1,"by":"a","only":"PASSWORD=x"}',
])('%s tries nothing, and says that it can not be read', (text) => {
  const read = trialFromText(text);
  expect(read).toEqual({ sinceMs: 0, by: '', isUnreadable: true });
  expect(describeTried(read)).toBe('unreadable');
});
