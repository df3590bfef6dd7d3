import { expect, it } from '@jest/globals';
import type { AccessKey } from '../keys/access-key.js';
import { keysWithoutOwner, keysWithUnknownApis, weakAccessKeys, weakLegacyKeys } from './key-checks.js';

const key: AccessKey = {
  ...{ id: 'A'.repeat(20), user: 'alice', permissions: ['mail', 'gone', 'lost'], comment: 'Mail' },
  ...{ isSuspended: false, createdAtMs: 0 },
};

it('a key without its owner, and one that names APIs which are not there, are reported; others are not', () => {
  expect(keysWithoutOwner([key], new Set(['alice']))).toEqual([]);
  expect(keysWithoutOwner([key], new Set(['admin']))[0]).toMatchObject({
    subject: `access key ${key.id} of alice ("Mail")`,
    problem: 'there is no user alice: it is refused',
  });
  expect(keysWithUnknownApis([key], new Set(['mail', 'gone', 'lost']))).toEqual([]);
  expect(keysWithUnknownApis([key], new Set(['mail'])).map(({ problem }) => problem)).toEqual([
    "it names APIs that don't exist: gone, lost",
  ]);
});

it('a weak key without a comment is named by its owner', () => {
  expect(weakAccessKeys([{ ...key, comment: '' }])[0]?.subject).toBe(`access key ${key.id} of alice`);
});

it('only weak legacy keys are reported', () => {
  const keys = [
    { id: 'aa', createdAtMs: 0, isWeak: true },
    { id: 'bb', createdAtMs: 0, isWeak: false },
  ];
  expect(weakLegacyKeys(keys).map(({ subject }) => subject)).toEqual(['legacy API key aa']);
});
