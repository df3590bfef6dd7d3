/** Passkeys in a real browser, with its virtual authenticator: enrolled, used to log in, copied, deleted. */
import { beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { openPage, VirtualAuthenticator } from '../support/browser.js';
import type { Event } from '../support/client.js';
import { freePort } from '../support/free-port.js';
import { linkToken, type ShownSession } from '../support/person.js';
import { describeWith } from '../support/programs.js';
import { TestService } from '../support/test-service.js';

interface Answered<T = Record<string, unknown>> {
  status: number;
  json: T;
}

interface ShownPasskey extends Record<string, unknown> {
  passkeyId: string;
  name: string;
  lastUsedAt: string | null;
}

/** What a page of the console does; the browser adds the cookie, and says itself where the request comes from. */
const helpers = `
  globalThis.call = async (method, path, body, token) => {
    const headers = { ...(body && { 'Content-Type': 'application/json' }), ...(token && { 'X-CSRF-Token': token }) };
    const answer = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
    const text = await answer.text();
    return { status: answer.status, json: text === '' ? {} : JSON.parse(text) };
  };
  globalThis.make = async (options) => {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
    return (await navigator.credentials.create({ publicKey })).toJSON();
  };
  globalThis.use = async (options) => {
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
    return (await navigator.credentials.get({ publicKey })).toJSON();
  };
  void 0;`;

let service: TestService;
let origin: string;

class Browsing {
  token = '';

  private constructor(
    readonly page: Page,
    readonly authenticator: VirtualAuthenticator,
  ) {}

  static async open(): Promise<Browsing> {
    const page = await openPage(`${origin}/livez`);
    await page.evaluate(helpers);
    return new Browsing(page, await VirtualAuthenticator.addTo(page));
  }

  /** Runs a function of `helpers` in the page. */
  run<T>(name: 'call' | 'make' | 'use', ...args: unknown[]): Promise<T> {
    return this.page.evaluate(`${name}(${args.map((arg) => JSON.stringify(arg ?? null)).join(', ')})`);
  }

  call<T = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<Answered<T>> {
    return this.run('call', method, path, body, this.token);
  }

  async logIn(credential: object): Promise<Answered<ShownSession>> {
    const answer = await this.call<ShownSession>('POST', '/v1/sessions', credential);
    this.token = answer.json.csrfToken ?? '';
    return answer;
  }

  async logInByLink(user: string): Promise<this> {
    expect((await this.logIn({ token: await linkToken(service, user) })).status).toBe(201);
    return this;
  }

  async enrol(name: string): Promise<Answered<ShownPasskey>> {
    const { json } = await this.call<{ publicKey: object }>('POST', '/v1/passkeys/options', {});
    const credential = await this.run('make', json.publicKey);
    return this.call('POST', '/v1/passkeys', { name, credential });
  }

  async loginOptions(): Promise<Record<string, unknown>> {
    return (await this.call<{ publicKey: Record<string, unknown> }>('POST', '/v1/sessions/options', {})).json
      .publicKey;
  }

  async logInByPasskey(): Promise<Answered<ShownSession>> {
    return this.logIn({ passkey: await this.run('use', await this.loginOptions()) });
  }
}

async function lastLogin(): Promise<Event | undefined> {
  const text = await service.ok('v-list-audit-events', 'json', '--command', 'log-in', '--type', 'decision');
  return (JSON.parse(text) as Event[]).at(-1);
}

describeWith('chromium-headless-shell')('a passkey in a browser', () => {
  beforeAll(async () => {
    const port = await freePort();
    origin = `http://localhost:${String(port)}`;
    service = await TestService.start({ LISTEN: `127.0.0.1:${String(port)}`, PUBLIC_URL: origin });
    for (const user of ['alice', 'bob', 'carol']) await service.addUser(user);
  });

  it('is enrolled by somebody who has logged in, and logs him in from then on', async () => {
    const browser = await (await Browsing.open()).logInByLink('alice');
    const cookies = await browser.page.context().cookies();
    expect(cookies).toMatchObject([{ name: 'hearthkey', httpOnly: true, sameSite: 'Strict', path: '/' }]);
    expect(await browser.page.evaluate('document.cookie')).toBe('');
    const enrolled = await browser.enrol('My phone');
    expect([enrolled.status, enrolled.json]).toMatchObject([
      201,
      { user: 'alice', name: 'My phone', lastUsedAt: null },
    ]);
    expect((await browser.call('DELETE', '/v1/sessions/current')).status).toBe(204);
    expect((await browser.call('GET', '/v1/sessions/current')).status).toBe(401);
    const login = await browser.logInByPasskey();
    expect([login.status, login.json]).toMatchObject([201, { user: 'alice', method: 'passkey' }]);
    expect((await browser.call('GET', '/v1/sessions/current')).status).toBe(200);
    const { json } = await browser.call<{ items: ShownPasskey[] }>('GET', '/v1/passkeys');
    expect(json.items).toMatchObject([{ name: 'My phone', lastUsedAt: expect.any(String) as unknown }]);
    expect(await lastLogin()).toMatchObject({
      actor: { kind: 'session', user: 'alice', method: 'passkey' },
      outcome: 'allow',
    });
    expect(await service.ok('v-list-passkeys', 'alice', 'plain')).toContain('My phone');
  });

  it('is refused once it was copied: its counter is behind', async () => {
    const browser = await (await Browsing.open()).logInByLink('bob');
    await browser.enrol('Key');
    const [copy] = await browser.authenticator.credentials();
    for (let use = 0; use < 3; use++) expect((await browser.logInByPasskey()).status).toBe(201);
    const thief = await Browsing.open();
    await thief.authenticator.copyIn({ ...copy!, rpId: 'localhost' });
    const stolen = await thief.logInByPasskey();
    expect([stolen.status, stolen.json['reason']]).toEqual([401, 'passkey_cloned']);
    expect(await lastLogin()).toMatchObject({
      ...{ outcome: 'deny', reason: 'passkey_cloned' },
      actor: { kind: 'session', user: 'bob', method: 'passkey' },
    });
    expect((await browser.logInByPasskey()).status).toBe(201);
  });

  it('answers a challenge once, and only one that was made for it', async () => {
    const browser = await (await Browsing.open()).logInByLink('carol');
    const { json } = await browser.call<{ publicKey: object }>('POST', '/v1/passkeys/options', {});
    const made = await browser.run('make', json.publicKey);
    // The challenge of another session of the same user.
    const other = await (await Browsing.open()).logInByLink('carol');
    const elsewhere = await other.call('POST', '/v1/passkeys', { name: 'x', credential: made });
    expect([elsewhere.status, elsewhere.json['reason']]).toEqual([400, 'invalid_input']);
    expect((await browser.call('POST', '/v1/passkeys', { name: 'x', credential: made })).status).toBe(201);
    expect((await browser.call('POST', '/v1/passkeys', { name: 'x', credential: made })).status).toBe(409);
    const passkey = await browser.run('use', await browser.loginOptions());
    expect((await browser.logIn({ passkey })).status).toBe(201);
    expect((await browser.logIn({ passkey })).status).toBe(401);
    const own = await browser.run('use', { ...(await browser.loginOptions()), challenge: 'A'.repeat(86) });
    expect((await browser.logIn({ passkey: own })).status).toBe(401);
  });

  it('needs its user to be verified', async () => {
    const browser = await (await Browsing.open()).logInByLink('alice');
    await browser.enrol('Another');
    await browser.authenticator.verifiesUser(false);
    const options = { ...(await browser.loginOptions()), userVerification: 'discouraged' };
    const answer = await browser.logIn({ passkey: await browser.run('use', options) });
    expect([answer.status, answer.json['reason']]).toEqual([401, 'credentials_refused']);
  });

  it('is no good once it was deleted, nor for a user who is suspended or gone', async () => {
    await service.addUser('dave');
    const browser = await (await Browsing.open()).logInByLink('dave');
    const first = await browser.enrol('First');
    await service.ok('v-suspend-user', 'dave');
    const suspended = await browser.logInByPasskey();
    expect([suspended.status, suspended.json['reason']]).toEqual([401, 'user_suspended']);
    await service.ok('v-unsuspend-user', 'dave');
    expect((await browser.logInByPasskey()).status).toBe(201);
    // Another user may not.
    const bob = await (await Browsing.open()).logInByLink('bob');
    expect((await bob.call('DELETE', `/v1/passkeys/${first.json.passkeyId}`)).status).toBe(404);
    expect((await browser.call('DELETE', `/v1/passkeys/${first.json.passkeyId}`)).status).toBe(204);
    expect((await browser.logInByPasskey()).status).toBe(401);
    const again = await (await Browsing.open()).logInByLink('dave');
    expect((await again.enrol('Second')).status).toBe(201);
    await service.ok('v-delete-user', 'dave');
    await service.addUser('dave');
    expect((await again.logInByPasskey()).status).toBe(401);
    expect(await service.ok('v-list-passkeys', 'dave', 'plain')).toBe('');
  });

  it('does nothing for a page of another origin', async () => {
    const browser = await (await Browsing.open()).logInByLink('alice');
    // The same service by its address is another origin: its pages get no cookie and no passkey.
    const page = await openPage(`${origin.replace('localhost', '127.0.0.1')}/livez`);
    await page.evaluate(helpers);
    const status = await page.evaluate(
      `fetch('${origin}/v1/passkeys/options', { method: 'POST', credentials: 'include', body: '{}' }).then((answer) => answer.status, () => 'failed')`,
    );
    expect(status).toBe('failed');
    expect((await browser.call('GET', '/v1/sessions/current')).status).toBe(200);
  });
});
