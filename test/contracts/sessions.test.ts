/** Sessions and login links over both stores: when they end by themselves, and what ends them. */
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { endLoginsOf } from '../../src/sessions/ended-login-store.js';
import { LoginLinkStore } from '../../src/sessions/login-link-store.js';
import { PasskeyStore } from '../../src/sessions/passkeys/passkey-store.js';
import { LoginLinks } from '../../src/sessions/login-links.js';
import { idleMs, longestMs, mostSessions, type Session } from '../../src/sessions/session.js';
import { SessionStore } from '../../src/sessions/session-store.js';
import { SessionSweeper } from '../../src/sessions/session-sweeper.js';
import { SessionTokens } from '../../src/sessions/session-tokens.js';
import { SessionUses } from '../../src/sessions/session-uses.js';
import { LoginRefusal, Sessions, type ProvedLogin } from '../../src/sessions/sessions.js';
import { byService, describeStores, TestStore } from '../support/store.js';

const minuteMs = 60_000;
let store: TestStore;
let nowMs: number;
let rows: SessionStore;
let uses: SessionUses;
let sessions: Sessions;
let links: LoginLinks;
let sweeper: SessionSweeper;

beforeEach(async () => {
  store = await TestStore.open();
  nowMs = Date.now();
  const now = () => nowMs;
  const { users, changes } = store;
  const tokens = new SessionTokens(store.pepper);
  const onError = (error: unknown): void => expect(error).toBeUndefined();
  rows = new SessionStore(store.db);
  uses = new SessionUses(rows, onError);
  sessions = new Sessions({ store: rows, tokens, uses, users, changes, now });
  const linkStore = new LoginLinkStore(store.db);
  links = new LoginLinks({ store: linkStore, tokens, users, changes, now });
  const passkeys = new PasskeyStore(store.db);
  sweeper = new SessionSweeper({ store: rows, links: linkStore, passkeys, changes, onError, now });
  users.logins.endWith(endLoginsOf);
});

// Half a minute later the store is closed.
afterEach(() => uses.flush());

async function login(wanted: Partial<ProvedLogin> = {}): Promise<{ session: Session; secret: string }> {
  const provedAt = await store.userStore.changeNumber();
  const confirm = () => Promise.resolve();
  return sessions.begin({
    user: 'alice',
    method: 'link',
    clientAddress: '::1',
    provedAt,
    confirm,
    ...wanted,
  });
}

/** Whether a request with it would be let in now. */
async function isAccepted(secret: string): Promise<boolean> {
  return store.db.transaction().execute(async (trx) => {
    const session = await sessions.findBySecret(secret, trx);
    const user = session && (await store.users.find(session.user, trx));
    return session !== undefined && user !== undefined && sessions.isAlive(session, user, nowMs);
  });
}

describeStores('a session', () => {
  it('ends when it was idle for 30 minutes, and a use puts that off', async () => {
    const { session, secret } = await login();
    nowMs += idleMs - 1;
    expect(await isAccepted(secret)).toBe(true);
    sessions.noteUse(session, nowMs);
    nowMs += idleMs - 1;
    expect(await isAccepted(secret)).toBe(true);
    nowMs += 1;
    expect(await isAccepted(secret)).toBe(false);
  });

  it('ends after 12 hours, however much it is used', async () => {
    const { session, secret } = await login();
    const endMs = nowMs + longestMs;
    while (nowMs + 20 * minuteMs < endMs) {
      nowMs += 20 * minuteMs;
      sessions.noteUse(session, nowMs);
      expect(await isAccepted(secret)).toBe(true);
    }
    nowMs = endMs;
    sessions.noteUse(session, nowMs);
    expect(await isAccepted(secret)).toBe(false);
  });

  it('has its last use in the store once that is written, and no older one', async () => {
    const { session } = await login();
    sessions.noteUse(session, nowMs + 5000);
    await uses.flush();
    expect((await rows.find(session.id))?.lastSeenAtMs).toBe(nowMs + 5000);
    sessions.noteUse(session, nowMs + 1000);
    await uses.flush();
    expect((await rows.find(session.id))?.lastSeenAtMs).toBe(nowMs + 5000);
  });

  it('is taken away once it has ended, with some delay for uses that another node has not written', async () => {
    const { session } = await login();
    nowMs += idleMs;
    await sweeper.sweep();
    expect(await rows.find(session.id)).toBeDefined();
    expect(await sessions.list('alice')).toEqual([]);
    nowMs += minuteMs;
    await sweeper.sweep();
    expect(await rows.find(session.id)).toBeUndefined();
  });

  it('is one of at most so many of a user: the idlest gives way', async () => {
    const made: Session[] = [];
    for (let index = 0; index < mostSessions; index++) {
      made.push((await login()).session);
      nowMs += 1;
    }
    const [first, second] = made;
    await rows.keepSeen(new Map([[first?.id ?? '', nowMs]]));
    await login();
    const ids = (await rows.list('alice')).map(({ id }) => id);
    expect(ids).toHaveLength(mostSessions);
    expect(ids).toContain(first?.id);
    expect(ids).not.toContain(second?.id);
  });

  const ends: [string, () => Promise<unknown>][] = [
    ['ending all of them', () => sessions.endOf('alice', byService)],
    ['another password', () => store.users.changePassword('alice', 'another-horse-2', byService)],
    ['suspension', () => store.users.suspend('alice', byService)],
    ['LOGIN_DISABLED', () => store.users.setLoginDisabled('alice', true, byService)],
    ['deletion', () => store.users.delete('alice', byService)],
  ];

  it.each(ends)('is ended by %s, and so is a login that was proved before', async (_what, end) => {
    const { secret } = await login();
    const token = await links.make('alice', minuteMs, byService);
    const provedAt = await store.userStore.changeNumber();
    await end();
    expect(await isAccepted(secret)).toBe(false);
    expect(await links.find(token)).toBeUndefined();
    expect(await rows.list('alice')).toEqual([]);
    await expect(login({ provedAt })).rejects.toBeInstanceOf(LoginRefusal);
    expect(await rows.list('alice')).toEqual([]);
  });

  it('leaves those of others as they are', async () => {
    await store.addUser('bob');
    const [alice, bob] = [await login(), await login({ user: 'bob' })];
    await sessions.endOf('alice', byService);
    expect([await isAccepted(alice.secret), await isAccepted(bob.secret)]).toEqual([false, true]);
  });

  it('is listed in pages, the newest first', async () => {
    await store.addUser('bob');
    const ids: string[] = [];
    for (const user of ['alice', 'bob', 'alice', 'bob', 'alice']) {
      ids.unshift((await login({ user })).session.id);
      nowMs += user === 'bob' ? 0 : 1;
    }
    const read: string[] = [];
    let after: Parameters<Sessions['page']>[2];
    do {
      const { sessions: page, last } = await sessions.page(undefined, 2, after);
      read.push(...page.map(({ id }) => id));
      after = last;
    } while (after !== undefined);
    expect(read.sort()).toEqual(ids.sort());
    const { sessions: ofBob } = await sessions.page('bob', 10);
    expect(ofBob.map(({ user }) => user)).toEqual(['bob', 'bob']);
  });
});

describeStores('a login link', () => {
  it('begins one session, until it ends', async () => {
    const token = await links.make('alice', 10 * minuteMs, byService);
    const byLink = { confirm: ((change, user) => links.use(token, change, user)) as ProvedLogin['confirm'] };
    nowMs += 10 * minuteMs - 1;
    expect(await links.find(token)).toMatchObject({ user: 'alice' });
    await login(byLink);
    await expect(login(byLink)).rejects.toBeInstanceOf(LoginRefusal);
    const late = await links.make('alice', minuteMs, byService);
    nowMs += minuteMs;
    expect(await links.find(late)).toBeUndefined();
    await sweeper.sweep();
  });

  it("is its own user's: no other may use it", async () => {
    await store.addUser('bob');
    const token = await links.make('alice', minuteMs, byService);
    const confirm: ProvedLogin['confirm'] = (change, user) => links.use(token, change, user);
    await expect(login({ user: 'bob', confirm })).rejects.toBeInstanceOf(LoginRefusal);
  });
});
