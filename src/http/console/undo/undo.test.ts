import { expect, it } from '@jest/globals';
import { ApiProblem } from '../api/api-problem.js';
import { readUndo, runUndo, signUndo, undoOfPatch, undoOfTaggedPatch, type Undo } from './undo.js';

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
  // Some 3,500 characters: with the rest of the head more than nginx takes.
  const permissions = Array.from({ length: 300 }, () => Math.random().toString(36).slice(2));
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
  const patch = { comment: 'b', expiresIn: '90d' };
  expect(undoOfTaggedPatch({ path: '/v1/access-keys/x', before, patch, ifMatch: '"tag"' })).toEqual({
    ...{ method: 'PATCH', path: '/v1/access-keys/x', ifMatch: '"tag"' },
    body: { comment: 'a', expiresAt: null },
  });
});

it('is none where the key had expired before its end was changed', () => {
  const before = { comment: 'a', expiresAt: '2026-01-01T00:00:00.000Z' };
  const endMs = Date.parse(before.expiresAt);
  const undoOf = (patch: object, nowMs: number) =>
    undoOfTaggedPatch({ path: '/v1/access-keys/x', before, patch, ifMatch: '"tag"' }, nowMs);
  const extended = { expiresIn: '90d', comment: 'b' };
  expect(undoOf(extended, endMs)).toBeUndefined();
  expect(undoOf(extended, endMs - 1)?.body).toEqual(before);
  expect(undoOf({ comment: 'b' }, endMs)?.body).toEqual({ comment: 'a' });
});

it('leaves alone what a patch did not change, and is none where it changed nothing', () => {
  const before = { accessKeyApi: 'off', isLegacyApiOn: false };
  expect(undoOfPatch('/v1/settings', before, { accessKeyApi: 'all_users', isLegacyApiOn: false })).toEqual({
    ...{ method: 'PATCH', path: '/v1/settings' },
    ...{ body: { accessKeyApi: 'off' }, expects: { accessKeyApi: 'all_users' } },
  });
  expect(undoOfPatch('/v1/settings', before, { ...before })).toBeUndefined();
});

/** Answers as REST v1 does where there are only these resources. */
function apiOf(resources: Record<string, object>): Parameters<typeof runUndo>[0] & { sent: string[] } {
  const sent: string[] = [];
  const find = (path: string): object => {
    const found = resources[path];
    if (found !== undefined) return found;
    throw new ApiProblem(404, JSON.stringify({ reason: 'not_found' }));
  };
  return {
    sent,
    get: <T>(path: string) => Promise.resolve(find(path) as T),
    send: async <T>(_: string, path: string) => {
      sent.push(path);
      return { value: (await Promise.resolve(find(path))) as T, headers: {} };
    },
  };
}

it('is done where the change is still there, and refused where somebody changed it since', async () => {
  const back = undoOfPatch('/v1/settings', { accessKeyApi: 'off' }, { accessKeyApi: 'all_users' });
  const settings: Undo = { requests: back ? [back] : [], goTo: '/console/callers' };
  const kept = apiOf({ '/v1/settings': { accessKeyApi: 'all_users', isReadOnly: true } });
  await runUndo(kept, settings, 'en');
  expect(kept.sent).toEqual(['/v1/settings']);
  const changed = apiOf({ '/v1/settings': { accessKeyApi: 'root_user' } });
  await expect(runUndo(changed, settings, 'en')).rejects.toMatchObject({ reason: 'changed_meanwhile' });
  expect(changed.sent).toEqual([]);
});

it('of several goes on behind what is gone, and says of one that it is', async () => {
  const requests = ['/one', '/two', '/three'].map((path) => ({ method: 'POST', path }) as const);
  const api = apiOf({ '/one': {}, '/three': {} });
  const done = await runUndo(api, { requests, goTo: '/console/keys' }, 'en');
  expect(done).toEqual({ done: 2, leftOut: 1 });
  expect(api.sent).toEqual(['/one', '/two', '/three']);
  const [, gone] = requests;
  const one = { requests: gone ? [gone] : [], goTo: '/console/keys' };
  await expect(runUndo(api, one, 'en')).rejects.toMatchObject({ reason: 'not_found' });
  const none = await runUndo(apiOf({}), { requests, goTo: '/console/keys' }, 'en');
  expect(none).toEqual({ done: 0, leftOut: 3 });
});
