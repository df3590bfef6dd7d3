import { beforeEach, expect, it } from '@jest/globals';
import { openStore, describeStores } from '../support/store.js';
import { parseAddress } from '../../src/network/address-range.js';
import { AllowList } from '../../src/allowlist/allow-list.js';
import { WeakKeyStore } from '../../src/keys/legacy/weak-key-store.js';
import type { Database } from '../../src/storage/database.js';
import {
  WeakKeyGuard,
  weakKeyAttemptLimit,
  type GuardedRequest,
} from '../../src/authorization/limits/weak-key-guard.js';

let db: Database;
let guard: WeakKeyGuard;
let guesses = 0;

beforeEach(async () => {
  db = await openStore();
  guard = new WeakKeyGuard(new WeakKeyStore(db));
});

function request(from: string, wanted: Partial<GuardedRequest> = {}): GuardedRequest {
  return {
    guardedId: 'InNqgp01kO3v0W22eg6Z',
    client: { address: parseAddress(from), text: from },
    isAddressClaimed: false,
    secret: `guess ${String(guesses++)}`,
    allowList: new AllowList(['198.51.100.0/24', '192.0.2.1', 'allow-all', '0.0.0.0']),
    ...wanted,
  };
}

/** @returns whether the attempt got as far as the comparison */
async function fail(one: GuardedRequest): Promise<boolean> {
  if (guard.isExempt(one)) return true;
  const attempt = await guard.admit(one);
  await attempt?.end(false);
  return attempt !== undefined;
}

async function succeed(one: GuardedRequest): Promise<void> {
  await (await guard.admit(one))?.end(true);
}

async function flood(count: number): Promise<number> {
  const places = Array.from({ length: count }, (_, index) => `198.51.100.${String(index % 250)}`);
  const compared = await Promise.all(places.map((place) => fail(request(place))));
  return compared.filter(Boolean).length;
}

describeStores('a key whose secret can be guessed', () => {
  it('is compared with at most ten wrong secrets, however many come at once and from wherever', async () => {
    expect(await flood(100)).toBe(weakKeyAttemptLimit);
    expect(await flood(100)).toBe(0);
  });

  it('stays closed after the service was started anew', async () => {
    await flood(20);
    guard = new WeakKeyGuard(new WeakKeyStore(db));
    expect(await fail(request('203.0.113.7'))).toBe(false);
  });

  it('goes on serving an address that sent the right secret before', async () => {
    await succeed(request('203.0.113.5'));
    await flood(20);
    expect(await fail(request('203.0.113.5'))).toBe(true);
    guard = new WeakKeyGuard(new WeakKeyStore(db));
    expect(await fail(request('203.0.113.5'))).toBe(true);
    expect(await fail(request('203.0.113.6'))).toBe(false);
  });

  it('goes on serving an address that the allow list names singly, not one of a range or of everybody', async () => {
    await flood(20);
    expect(await fail(request('192.0.2.1'))).toBe(true);
    expect(await fail(request('198.51.100.7'))).toBe(false);
    expect(await fail(request('203.0.113.7'))).toBe(false);
    expect(await fail(request('0.0.0.0'))).toBe(false);
  });

  it('is not opened by an address that is only claimed', async () => {
    await succeed(request('203.0.113.5'));
    await flood(20);
    expect(await fail(request('203.0.113.5', { isAddressClaimed: true }))).toBe(false);
    expect(await fail(request('192.0.2.1', { isAddressClaimed: true }))).toBe(false);
  });

  it('does not remember a claimed address', async () => {
    await succeed(request('203.0.113.5', { isAddressClaimed: true }));
    await flood(20);
    expect(await fail(request('203.0.113.5'))).toBe(false);
  });

  it('is not closed by right secrets, however often and from however many addresses they come', async () => {
    for (let index = 1; index <= 50; index++) await succeed(request(`203.0.113.${String(index)}`));
    expect(await flood(100)).toBe(weakKeyAttemptLimit);
  });

  it('serves a client that begins with fifty requests at once', async () => {
    const one = request('203.0.113.5');
    const attempts = await Promise.all(Array.from({ length: 50 }, () => guard.admit(one)));
    expect(attempts.every((attempt) => attempt !== undefined)).toBe(true);
    for (const attempt of attempts) await attempt?.end(true);
    expect(await flood(100)).toBe(weakKeyAttemptLimit);
  });

  it('has its own count: the guesses on one key close no other', async () => {
    await flood(20);
    expect(await fail(request('203.0.113.7', { guardedId: '9q5c6T2vY0kWmB3xHs8J' }))).toBe(true);
  });

  it('counts an attempt once more when the same guess is made again', async () => {
    const one = request('203.0.113.7');
    for (let index = 0; index < weakKeyAttemptLimit; index++) expect(await fail(one)).toBe(true);
    expect(await fail(one)).toBe(false);
  });
});
