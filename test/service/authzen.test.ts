import { beforeAll, describe, expect, it } from '@jest/globals';
import { countOf } from '../support/client.js';
import { postJson, type JsonAnswer } from '../support/gate.js';
import { within } from '../support/waiting.js';
import { startGatedService, type GatedService } from '../support/gated-service.js';

const clientIp = '203.0.113.9';
let gated: GatedService;

beforeAll(async () => {
  gated = await startGatedService([clientIp]);
});

const subject = (more: object = {}): object => ({
  type: 'access_key',
  id: gated.alice.id,
  properties: { secretAccessKey: gated.alice.secret },
  ...more,
});
const run = { name: 'run' };
const command = (id: string, ...args: string[]): object => ({ type: 'command', id, properties: { args } });
const mailOf = (user: string): object => ({ resource: command('v-list-mail-domains', user) });
const question = (more: object = {}): object => ({
  ...{ subject: subject(), action: run, context: { clientIp } },
  ...mailOf('alice'),
  ...more,
});

const one = (body: unknown, headers = {}): Promise<JsonAnswer> =>
  postJson(gated.service, '/access/v1/evaluation', body, { headers });
const many = (body: unknown): Promise<JsonAnswer> => postJson(gated.service, '/access/v1/evaluations', body);

async function reasons(body: object): Promise<string[]> {
  const { json } = await many({ subject: subject(), action: run, context: { clientIp }, ...body });
  return (json as { evaluations: { context: { reason: string } }[] }).evaluations.map(
    ({ context }) => context.reason,
  );
}

describe('an evaluation', () => {
  it('is decided, recorded, and answered with its request ID', async () => {
    const { status, json, headers } = await one(question(), { 'X-Request-ID': 'a-1' });
    expect([status, headers['x-request-id']]).toEqual([200, 'a-1']);
    expect(json).toMatchObject({ decision: true, context: { user: 'alice', userArgPosition: 1 } });
    const events = await gated.service.events('--key', gated.alice.id, '--outcome', 'allow');
    expect(events.at(-1)).toMatchObject({ outcome: 'allow', clientAddress: clientIp, args: ['alice'] });
  });

  it('echoes no request ID that is none', async () => {
    for (const id of ['x'.repeat(129), 'a b']) {
      expect((await one(question(), { 'X-Request-ID': id })).headers['x-request-id']).toBeUndefined();
    }
  });

  it('is denied where it is no question about a key and a command', async () => {
    const denied: [object, string][] = [
      [{ subject: subject({ type: 'user' }) }, 'credentials_malformed'],
      [{ subject: subject({ id: 5 }) }, 'credentials_malformed'],
      [{ subject: subject({ properties: {} }) }, 'secret_mismatch'],
      [{ subject: subject({ properties: undefined }) }, 'secret_mismatch'],
      [
        {
          subject: subject({
            properties: { accessKeyId: 'x'.repeat(20), secretAccessKey: gated.alice.secret },
          }),
        },
        'credentials_malformed',
      ],
      [{ action: { name: 'read' } }, 'command_malformed'],
      [{ resource: { ...command('v-list-mail-domains', 'alice'), type: 'document' } }, 'command_malformed'],
      [{ resource: { type: 'command', id: 5 } }, 'command_malformed'],
      [{ resource: { type: 'command', id: 'v-list-mail-domains' } }, 'user_argument_mismatch'],
      [{ resource: { type: 'command', id: 'v-x', properties: { args: 'alice' } } }, 'command_malformed'],
      [{ resource: { type: 'command', id: 'v-x', properties: { args: [null] } } }, 'command_malformed'],
      [{ context: { clientIp: 5 } }, 'address_malformed'],
      [{ context: { clientIp: 'x' } }, 'address_malformed'],
      [{ context: undefined }, 'address_not_allowed'],
    ];
    for (const [more, reason] of denied) {
      const { status, json } = await one(question(more));
      expect([more, status, json]).toMatchObject([more, 200, { decision: false, context: { reason } }]);
    }
  });

  it('is 400 where a member looks like one of ours, and names it', async () => {
    const misspelt = { context: { clientIP: clientIp } };
    const wrong = [
      await one(question(misspelt)),
      await many(question({ ...misspelt, evaluations: [mailOf('alice')] })),
      await many(question({ evaluations: [{ ...mailOf('alice'), ...misspelt }] })),
      await one(question({ clientIp })),
    ];
    for (const { status, json } of wrong) {
      expect([status, json]).toMatchObject([
        400,
        { detail: expect.stringMatching(/clientI[Pp]: clientIp has/) },
      ]);
    }
    const { json } = await one(question({ context: { clientIp, time: 'noon', deviceId: 'x' } }));
    expect(json).toMatchObject({ decision: true });
  });

  it('takes the key ID in the properties, too', async () => {
    const { id, secret } = gated.alice;
    const twice = subject({ properties: { accessKeyId: id, secretAccessKey: secret } });
    expect((await one(question({ subject: twice }))).json).toMatchObject({ decision: true });
  });

  it('is 400 where a part is missing or of another kind', async () => {
    const wrong = [
      question({ subject: undefined }),
      question({ action: undefined }),
      question({ resource: undefined }),
      question({ subject: 'alice' }),
      question({ subject: subject({ properties: 'x' }) }),
      question({ context: [] }),
      question({ action: {} }),
      question({ resource: { type: 'command' } }),
      [],
      'x',
    ];
    for (const body of wrong) {
      const { status, json } = await one(body);
      expect([body, status, json]).toMatchObject([body, 400, { status: 400, title: 'Bad Request' }]);
    }
  });
});

describe('evaluations', () => {
  it('are judged and recorded each for itself, in their order, with defaults', async () => {
    // A key of its own: what was summed of others' may still come into the record.
    const { id, secret } = await gated.service.makeKey('alice', 'mail-accounts');
    const own = subject({ id, properties: { secretAccessKey: secret } });
    const other = {
      ...mailOf('alice'),
      subject: subject({ id, properties: { secretAccessKey: 'x'.repeat(40) } }),
    };
    const elsewhere = { ...mailOf('alice'), context: { clientIp: '203.0.113.8' } };
    const evaluations = [mailOf('alice'), mailOf('bob'), other, elsewhere, {}, mailOf('alice')];
    const expected = [
      ...['allowed', 'user_argument_mismatch', 'secret_mismatch', 'address_not_allowed', 'command_missing'],
      'allowed',
    ];
    expect(await reasons({ subject: own, evaluations })).toEqual(expected);
    // Failed attempts within a second are summed, so the last of them may come later.
    await within(10_000, 'all are recorded', async () => {
      const events = await gated.service.eventsAndSums('--key', id);
      return countOf(events.filter(({ command: of }) => of !== 'v-add-access-key')) === expected.length;
    });
    expect(await reasons({ ...mailOf('alice'), evaluations: [{}, mailOf('bob')] })).toEqual([
      ...['allowed', 'user_argument_mismatch'],
    ]);
  });

  it('take a part of their own in place of the whole default', async () => {
    const { id, secret } = gated.alice;
    const wanting = { ...mailOf('alice'), subject: { type: 'access_key', id } };
    expect(await reasons({ evaluations: [wanting] })).toEqual(['secret_mismatch']);
    expect(secret).toHaveLength(40);
  });

  it.each([
    ['execute_all', ['allowed', 'user_argument_mismatch', 'allowed', 'user_argument_mismatch']],
    ['deny_on_first_deny', ['allowed', 'user_argument_mismatch']],
    ['permit_on_first_permit', ['allowed']],
  ])('follow %s, and what is not answered is not recorded', async (semantic, expected) => {
    const before = await gated.service.events('--key', gated.alice.id);
    const evaluations = ['alice', 'bob', 'alice', 'bob'].map(mailOf);
    const options = { evaluations_semantic: semantic };
    expect(await reasons({ evaluations, options })).toEqual(expected);
    const after = await gated.service.events('--key', gated.alice.id);
    expect(after.length - before.length).toBe(expected.length);
  });

  it('stop at the first that is permitted, and not before', async () => {
    const options = { evaluations_semantic: 'permit_on_first_permit' };
    const evaluations = ['bob', 'alice', 'alice'].map(mailOf);
    expect(await reasons({ evaluations, options })).toEqual(['user_argument_mismatch', 'allowed']);
  });

  it('are one question where there are none', async () => {
    for (const more of [{}, { evaluations: [] }]) {
      expect((await many(question(more))).json).toMatchObject({ decision: true });
      expect((await many({ ...question(more), subject: undefined })).status).toBe(400);
    }
  });

  it('are at most a hundred, of a known semantic', async () => {
    const all = await reasons({ evaluations: Array(100).fill(mailOf('alice')) });
    expect(all).toEqual(Array(100).fill('allowed'));
    expect((await many(question({ evaluations: Array(101).fill({}) }))).status).toBe(400);
    expect((await many(question({ evaluations: [5] }))).status).toBe(400);
    const options = { evaluations_semantic: 'any' };
    expect((await many(question({ evaluations: [{}], options }))).status).toBe(400);
    const large = command('v-x', 'x'.repeat(60_000));
    const evaluations = Array(20).fill({ resource: large });
    expect((await many(question({ evaluations }))).status).toBe(413);
  });
});
