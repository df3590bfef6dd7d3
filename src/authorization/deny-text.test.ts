import { expect, it } from '@jest/globals';
import { denyReasons, type DenyReason } from '../errors.js';
import { denyText, shownReason } from './deny-text.js';

it('says by the reason no more of the credentials than the text does', () => {
  const reasons = Object.keys(denyReasons) as DenyReason[];
  const request = { accessKeyId: 'ID', command: 'v-x' };
  const text = (reason: DenyReason): string =>
    denyText({ outcome: 'deny', reason, code: denyReasons[reason] }, request);
  const hidden = reasons.filter((reason) => shownReason(reason) === 'credentials_refused');
  expect(hidden.sort()).toEqual([
    'credentials_malformed',
    'key_unknown',
    'secret_mismatch',
    'secret_replaced',
    'too_many_attempts',
  ]);
  expect(new Set(hidden.map(text)).size).toBe(1);
  for (const reason of reasons) if (!hidden.includes(reason)) expect(shownReason(reason)).toBe(reason);
});
