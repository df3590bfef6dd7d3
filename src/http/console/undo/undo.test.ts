import { expect, it } from '@jest/globals';
import { readUndo, reversePatch, signUndo, type Undo } from './undo.js';

const undo: Undo = {
  requests: [{ method: 'POST', path: '/v1/allowed-ips', body: { address: '203.0.113.9' } }],
  goTo: '/console/callers',
};
const token = 'csrf-token-of-a-session';

it('is read by the session that it was signed for, for a quarter of an hour', () => {
  const signed = signUndo(undo, token, 0) ?? '';
  expect(readUndo(signed, token, 899_999)).toEqual(undo);
  expect(readUndo(signed, token, 900_000)).toBeUndefined();
  expect(readUndo(signed, 'token of another session', 1)).toBeUndefined();
});

it('is nothing where one sign of it is another, or where somebody made it up', () => {
  const signed = signUndo(undo, token, 0) ?? '';
  for (let at = 0; at < signed.length; at++) {
    const changed = `${signed.slice(0, at)}${signed[at] === 'A' ? 'B' : 'A'}${signed.slice(at + 1)}`;
    expect(readUndo(changed, token, 1)).toBeUndefined();
  }
  for (const text of ['', '.', 'x', signed.split('.')[0] ?? '', `.${signed}`])
    expect(readUndo(text, token, 1)).toBeUndefined();
  // Nobody is logged in.
  expect(readUndo(signUndo(undo, '', 0) ?? '', '', 1)).toBeUndefined();
});

it('is not offered where it would be too long for an address', () => {
  const permissions = Array.from({ length: 1000 }, () => Math.random().toString(36).slice(2));
  const long: Undo = { ...undo, requests: [{ method: 'PATCH', path: '/v1/x', body: { permissions } }] };
  expect(signUndo(long, token)).toBeUndefined();
  const id = (): string => `${Math.random().toString(36)}${Math.random().toString(36)}`.slice(2, 22);
  const requests = Array.from({ length: 50 }, () => {
    return { method: 'POST', path: `/v1/access-keys/${id()}/unsuspend` } as const;
  });
  expect(signUndo({ ...undo, requests }, token)).toBeDefined();
});

it('puts back what a patch names, and nothing else', () => {
  const before = { comment: 'a', permissions: ['mail'], expiresAt: null, user: 'alice' };
  expect(reversePatch(before, { comment: 'b', expiresIn: '90d' })).toEqual({ comment: 'a', expiresAt: null });
});
