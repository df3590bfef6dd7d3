/** Requests with every kind of secret over every way in; each secret is kept, so that it can be looked for. */
import { expect } from '@jest/globals';
import { AdministrationClient } from './administration.js';
import type { Key } from './client.js';
import { askSocket } from './gate.js';
import { linkToken, Person } from './person.js';
import type { ServiceProcess } from './processes.js';
import type { SecretTraces } from './secret-traces.js';

export class SecretUses {
  constructor(
    private readonly service: ServiceProcess,
    private readonly gateSocket: string,
    private readonly traces: SecretTraces,
  ) {}

  /** @returns a key of the root user that may run everything */
  async begin(): Promise<Key> {
    const { service } = this;
    await service.ok('v-change-sys-config-value', 'API_SYSTEM', '2');
    await service.ok('v-add-sys-api-ip', '127.0.0.1');
    await service.ok(
      'v-add-user',
      'alice',
      this.traces.keep('p4ss-of-alice-w1-q7', 'a password'),
      'a@example.com',
    );
    return this.keepKey(await service.makeKey('admin', ''), 'the secret of the root user’s key');
  }

  async overHttp(root: Key): Promise<void> {
    const { service, gateSocket } = this;
    const alice = this.keepKey(await service.makeKey('alice', 'mail-accounts'), 'the secret of a key');
    const args = [
      'alice',
      'x.example',
      'info',
      this.traces.keep('p4ss-of-a-mailbox-q7', 'a password on standard input'),
    ];
    for (const key of [alice, root]) {
      await service.call(key, 'v-change-mail-account-password', args);
      await service.api({ hash: key.pair, cmd: 'v-list-mail-domains', arg1: 'alice' });
      const wrong = this.traces.keep(`${key.secret.slice(20)}${key.secret.slice(0, 20)}`, 'a wrong secret');
      await service.call({ ...key, secret: wrong }, 'v-list-mail-domains', ['alice']);
      const question = { accessKeyId: key.id, secretAccessKey: key.secret, command: 'v-list-mail-domains' };
      const headers = { 'Content-Type': 'application/json' };
      await service.request('POST', '/v1/authorize', JSON.stringify(question), { headers });
      await askSocket(gateSocket, 'POST', '/v1/authorize', question);
      const evaluation = {
        subject: {
          ...{ type: 'access_key', id: key.id },
          properties: { secretAccessKey: key.secret },
        },
        action: { name: 'run' },
        resource: { type: 'command', id: 'v-list-mail-domains', properties: { args: ['alice'] } },
      };
      await service.request('POST', '/access/v1/evaluation', JSON.stringify(evaluation), { headers });
      const authorization = { Authorization: `Bearer ${key.pair}` };
      await service.request('GET', '/api/accounts', undefined, { headers: authorization });
      await service.request('GET', '/v1/whoami', undefined, { headers: authorization });
      await service.request('GET', '/v1/forward-auth', undefined, {
        headers: { ...authorization, 'X-Hearthkey-Command': 'v-list-mail-domains' },
      });
    }
    const legacyKey = this.traces.keep((await service.ok('v-generate-api-key')).trim(), 'a legacy key');
    await service.api({ hash: legacyKey, cmd: 'v-list-users' });
    await service.api({
      user: 'admin',
      password: this.traces.keep('p4ss-wrong-of-admin-q7', 'a wrong password'),
      cmd: 'v-list-users',
    });
  }

  async overRestV1(root: Key): Promise<void> {
    const { service } = this;
    const client = new AdministrationClient(service, root);
    const made = await client.post('/v1/access-keys', {
      user: 'alice',
      permissions: ['mail-accounts'],
      expiresIn: '90d',
    });
    expect(made.status).toBe(201);
    const { accessKeyId, secretAccessKey } = made.json as Record<string, string>;
    this.traces.keep(secretAccessKey ?? '', 'the secret of a key made over REST v1');
    const rotated = await client.post(`/v1/access-keys/${accessKeyId ?? ''}/rotate`, { overlap: '1h' });
    this.traces.keep(String(rotated.json['secretAccessKey']), 'a rotated secret');
    const password = this.traces.keep('p4ss-of-carol-w2-q7', 'a password over REST v1');
    await client.post('/v1/users', { name: 'carol', password, email: 'c@example.com' });
    const person = new Person(service);
    await person.logIn({ user: 'carol', password });
    this.traces.keep(person.cookie.slice(person.cookie.indexOf('=') + 1), 'the token of a session');
    await person.get('/v1/whoami');
    const byLink = new Person(service);
    await byLink.logIn({
      token: this.traces.keep(await linkToken(service, 'carol'), 'the token of a login link'),
    });
    this.traces.keep(byLink.cookie.slice(byLink.cookie.indexOf('=') + 1), 'the token of another session');
    await person.post('/v1/sessions', {
      user: 'carol',
      password: this.traces.keep('p4ss-wrong-of-carol-q7', 'a wrong password'),
    });
  }

  async atCommandLine(root: Key): Promise<void> {
    const { service } = this;
    const password = this.traces.keep('p4ss-of-bob-by-stdin-q7', 'a password from standard input');
    await service.bin('v-add-user', ['bob', '-', 'b@example.com'], { input: password });
    await service.bin('v-check-user-password', ['bob', '-'], { input: password });
    await service.bin('v-check-access-key', [root.id, '-', 'v-list-users'], { input: root.secret });
    const rotated = await service.ok('v-rotate-access-key', root.id, '--overlap', '1h', 'plain');
    this.traces.keep(rotated.trim().split(':')[1] ?? '', 'a secret rotated by an operator');
  }

  private keepKey(key: Key, what: string): Key {
    this.traces.keep(key.secret, what);
    return key;
  }
}
