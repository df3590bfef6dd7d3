/** Whether there is such a key or such a user must not be seen from the answers to wrong secrets. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { FailureLimits } from '../../src/authorization/limits/failure-limits.js';
import { weakKeyAttemptLimit } from '../../src/authorization/limits/weak-key-guard.js';
import { generateAccessKeyId } from '../../src/secrets/generated-secret.js';
import type { Database } from '../../src/storage/database.js';
import { DATABASE } from '../../src/storage/storage.module.js';
import type { HttpAnswer } from '../support/client.js';
import { commandsDirectory } from '../support/folders.js';
import { describeWith } from '../support/programs.js';
import { TestRedis } from '../support/redis.js';
import { TestService } from '../support/test-service.js';

const command = 'v-list-mail-domains';
const secret = 'x'.repeat(40);
/** More than the guard of weak keys lets through, so that both are seen at work. */
const failureLimit = weakKeyAttemptLimit + 2;
const attempts = failureLimit + 3;
let service: TestService;
let lastNetwork = 0;

type Ask = (id: string, from: string) => Promise<HttpAnswer>;

const json = { 'Content-Type': 'application/json' };
const adapters: Record<string, Ask> = {
  'two fields': (id, from) => service.api({ access_key: id, secret_key: secret, cmd: command }, { from }),
  'one field': (id, from) => service.api({ hash: `${id}:${secret}`, cmd: command }, { from }),
  'the code alone': (id, from) =>
    service.api({ access_key: id, secret_key: secret, cmd: command, returncode: 'yes' }, { from }),
  'a Bearer token': (id, from) =>
    service.request('GET', '/api/accounts', undefined, {
      from,
      headers: { Authorization: `Bearer ${id}:${secret}` },
    }),
  'a Bearer token and a bad body': (id, from) =>
    service.request('POST', '/api/accounts', '{"a":1}', {
      from,
      headers: { ...json, Authorization: `Bearer ${id}:${secret}` },
    }),
  'forward-auth': (id, from) =>
    service.request('GET', '/v1/forward-auth', undefined, {
      from,
      forwardedFor: from,
      headers: { Authorization: `Bearer ${id}:${secret}`, 'X-Hearthkey-Command': command },
    }),
};

async function setIn(id: string, row: object): Promise<string> {
  await service.part<Database>(DATABASE).updateTable('access_keys').set(row).where('id', '=', id).execute();
  return id;
}

const made = async (user = 'alice'): Promise<string> => (await service.makeKey(user, 'mail-accounts')).id;
const known: Record<string, () => Promise<string>> = {
  'a key': made,
  'a weak key': async () => setIn(await made(), { is_weak: 1, has_checksum: 0 }),
  'a weak key without a tag': async () =>
    setIn(await made(), { is_weak: 1, has_checksum: 0, secret_tag: null }),
  'a suspended key': async () => {
    const id = await made();
    await service.ok('v-suspend-access-key', id);
    return id;
  },
  'a key that has expired': async () => setIn(await made(), { expires_at_ms: 1 }),
  'a key that was rotated': async () => {
    const id = await made();
    await service.ok('v-rotate-access-key', id, 'plain', '--overlap', '1h');
    return id;
  },
  'a key of the root user': () => made('admin'),
  'a key of a suspended user': () => made('bob'),
};

/** The answers to wrong secrets with this ID, from three addresses in turn that nobody else has failed from. */
async function answersTo(id: string, ask: Ask): Promise<unknown[]> {
  const network = ++lastNetwork;
  const answers: unknown[] = [];
  for (let attempt = 0; attempt < attempts; attempt++) {
    const { status, code, body, headers } = await ask(
      id,
      `127.9.${String(network)}.${String(1 + (attempt % 3))}`,
    );
    delete headers.date;
    answers.push({ status, code, body, headers });
  }
  return answers;
}

async function start(settings: Record<string, string> = {}): Promise<void> {
  const COMMANDS_DIR = commandsDirectory({ [command]: { options: 'USER [FORMAT]', script: 'exit 0' } });
  const all = { COMMANDS_DIR, FAILURE_LIMIT: String(failureLimit), ...settings };
  service = await TestService.startOpen(['alice', 'bob'], all);
  // All of it is in one minute, however slow the machine is.
  Object.assign(service.part<FailureLimits>(FailureLimits), { now: () => 0 });
}

function tellTheSame(kinds: readonly string[]): void {
  it.each(kinds)('%s and an unknown one answer the same to wrong secrets', async (kind) => {
    for (const [adapter, ask] of Object.entries(adapters)) {
      const id = (await known[kind]?.()) ?? '';
      if (kind.endsWith('suspended user')) await service.run('v-suspend-user', 'bob');
      const ofUnknown = await answersTo(generateAccessKeyId(), ask);
      expect([adapter, await answersTo(id, ask)]).toEqual([adapter, ofUnknown]);
      if (kind.endsWith('suspended user')) await service.run('v-unsuspend-user', 'bob');
      expect([adapter, ofUnknown.at(-1)]).not.toEqual([adapter, ofUnknown[0]]);
    }
  });
}

describe('with everything in one process', () => {
  beforeAll(() => start());

  tellTheSame(Object.keys(known));

  it.each(['/v1/authorize', '/access/v1/evaluation'])(
    '%s begins its limit at the same attempt',
    async (path) => {
      const ask: Ask = (id, from) => {
        const subject = { type: 'access_key', id, properties: { secretAccessKey: secret } };
        const evaluation = { subject, action: { name: 'run' }, resource: { type: 'command', id: command } };
        const question = { accessKeyId: id, secretAccessKey: secret, command };
        const body = JSON.stringify(path === '/v1/authorize' ? question : evaluation);
        return service.request('POST', path, body, { from, headers: json });
      };
      const codes = async (id: string) =>
        (await answersTo(id, ask)).map((answer) => /"code":(\d+)/.exec((answer as HttpAnswer).body)?.[1]);
      const ofUnknown = await codes(generateAccessKeyId());
      expect(new Set(ofUnknown)).toEqual(new Set(['9', '14']));
      for (const make of Object.values(known)) expect(await codes(await make())).toEqual(ofUnknown);
    },
  );

  it('users other than the root user answer the same, whether or not there are such', async () => {
    await service.ok('v-change-sys-config-value', 'API', 'yes');
    const ask: Ask = (user, from) =>
      service.api({ user, password: secret, cmd: command }, { from: from.replace(/\d$/, '1') });
    const ofUnknown = await answersTo('nobody', ask);
    expect(await answersTo('alice', ask)).toEqual(ofUnknown);
    expect(ofUnknown.at(-1)).toMatchObject({ status: 429, code: 14 });
    const ofRoot = await answersTo('admin', ask);
    const limited = (answers: unknown[]) => answers.map((one) => (one as HttpAnswer).status === 429);
    expect(limited(ofRoot)).toEqual(limited(ofUnknown));
  });
});

describeWith('redis-server')('with Redis', () => {
  beforeAll(async () => {
    const redis = await TestRedis.start();
    await start({ REDIS_URL: redis.url });
  });

  tellTheSame(['a key', 'a weak key without a tag', 'a suspended key']);
});
