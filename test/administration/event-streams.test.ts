/** Audit events one by one, as they are recorded, and without what people only looked at; the last verification. */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { beforeAll, expect, it } from '@jest/globals';
import { AuditLog } from '../../src/audit/audit-log.js';
import { AuditReader } from '../../src/audit/record/audit-reader.js';
import { AdministrationClient, type Answer } from '../support/administration.js';
import type { Key } from '../support/client.js';
import { Person } from '../support/person.js';
import { TestService } from '../support/test-service.js';
import { within } from '../support/waiting.js';

interface ShownEvent extends Record<string, unknown> {
  number: number;
  type: string;
  outcome: string;
  command: string | null;
  actor: Record<string, string>;
}

const path = '/v1/audit-events';
let service: TestService;
let root: AdministrationClient;
let rootKey: Key;
let alice: Key;

beforeAll(async () => {
  service = await TestService.startOpen(['alice', 'bob']);
  rootKey = await service.makeKey('admin', '');
  root = new AdministrationClient(service, rootKey);
  alice = await service.makeKey('alice', 'mail-accounts');
});

async function list(query: string): Promise<ShownEvent[]> {
  return (await root.get<{ items: ShownEvent[] }>(`${path}?${query}`)).json.items;
}

/** A stream of events, as far as it has come. */
class Stream {
  text = '';
  hasEnded = false;

  private constructor(private readonly answer: IncomingMessage) {
    answer.setEncoding('utf8').on('data', (piece: string) => (this.text += piece));
    answer.on('close', () => (this.hasEnded = true)).on('error', () => undefined);
  }

  static open(headers: Record<string, string>, query = ''): Promise<Stream> {
    return new Promise((resolve, reject) => {
      const options = { headers: { ...headers, Accept: 'text/event-stream' }, agent: false };
      const request = httpRequest(`${service.url}${path}${query}`, options, (answer) => {
        expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'text/event-stream']);
        resolve(new Stream(answer));
      });
      request.on('error', reject).end();
    });
  }

  get events(): ShownEvent[] {
    return [...this.text.matchAll(/^id: (\d+)\ndata: (.+)\n\n/gm)].map(([, id, data = '']) => {
      const event = JSON.parse(data) as ShownEvent;
      expect(event.number).toBe(Number(id));
      return event;
    });
  }

  has(command: string): Promise<void> {
    return within(2000, `${command} is in the stream`, () =>
      this.events.some((event) => event.command === command),
    );
  }

  close(): void {
    this.answer.destroy();
  }
}

const bearer = ({ pair }: Key): Record<string, string> => ({ Authorization: `Bearer ${pair}` });

it('reads an event by its number, and shows a user nothing but his own', async () => {
  await service.call(alice, 'v-list-users');
  const [event] = await list('reason=permission_missing');
  const number = String(event?.number);
  expect((await root.get(`${path}/${number}`)).json).toEqual(event);
  for (const wrong of ['0', '999999999', '1.5', 'x', '-1'])
    expect(await root.get(`${path}/${wrong}`)).toMatchObject({ status: 404, json: { reason: 'not_found' } });
  const [own, other] = [new Person(service), new Person(service)];
  await own.logInByLink('alice');
  await other.logInByLink('bob');
  expect((await own.get(`${path}/${number}`)).json).toEqual(event);
  expect((await other.get(`${path}/${number}`)).status).toBe(404);
});

it('leaves out what people only looked at, and nothing else', async () => {
  const person = await new Person(service).logInByLink('admin');
  await person.get('/v1/access-keys');
  await person.delete('/v1/access-keys/AAAAAAAAAAAAAAAAAAAA');
  const all = await list('user=admin&limit=1000');
  const left = await list('user=admin&limit=1000&omit=reads');
  const isRead = ({ type, outcome, actor, command }: ShownEvent): boolean =>
    actor['kind'] === 'session' &&
    (type === 'decision' || type === 'result') &&
    (outcome === 'allow' || outcome === 'done') &&
    !['log-in', 'v-delete-access-key'].includes(command ?? '');
  expect(all.some(isRead)).toBe(true);
  // The list itself is read with a key, which is no person.
  const newest = all[0]?.number ?? 0;
  expect(left.filter(({ number }) => number <= newest)).toEqual(all.filter((event) => !isRead(event)));
  expect(left.some(({ command }) => command === 'v-delete-access-key')).toBe(true);
  const kinds = async (actor: string): Promise<string[]> => [
    ...new Set((await list(`actor=${actor}&limit=1000`)).map(({ actor }) => actor['kind'] ?? '')),
  ];
  expect(await kinds('programs')).toEqual(['access_key']);
  expect((await kinds('people')).sort()).toEqual(['operator', 'session']);
});

it('explains a refused whoami as what it is', async () => {
  await service.ok('v-suspend-access-key', alice.id);
  await new AdministrationClient(service, alice).get('/v1/whoami');
  const [refused] = await list('command=whoami&outcome=deny');
  const explain = (): Promise<Answer> => root.post('/v1/explanations', { auditEvent: refused?.number });
  expect((await explain()).json).toMatchObject({ allowed: false, reason: 'key_suspended' });
  await service.ok('v-unsuspend-access-key', alice.id);
  expect((await explain()).json).toMatchObject({ allowed: true, reason: null });
});

it('sends events as they are recorded, for as long as the key may read them', async () => {
  const reader = await service.makeKey('admin', '');
  const stream = await Stream.open(bearer(reader), '?actor=programs');
  await service.call(alice, 'v-list-web-domains');
  await stream.has('v-list-web-domains');
  const last = stream.events.at(-1)?.number ?? 0;
  stream.close();
  await service.call(alice, 'v-list-databases');
  // It goes on where it broke off.
  const again = await Stream.open({ ...bearer(reader), 'Last-Event-ID': String(last) }, '?actor=programs');
  await again.has('v-list-databases');
  expect(again.events.every(({ number }) => number > last)).toBe(true);
  await service.ok('v-suspend-access-key', reader.id);
  await within(2000, 'the stream ends', () => again.hasEnded);
});

it('shows a user who has logged in his own events alone, and ends with his session', async () => {
  const bob = await service.makeKey('bob', 'mail-accounts');
  const person = await new Person(service).logInByLink('bob');
  const stream = await Stream.open({ Cookie: person.cookie });
  await service.call(alice, 'v-list-cron-jobs');
  await service.call(bob, 'v-list-dns-domains');
  await stream.has('v-list-dns-domains');
  expect(stream.text).not.toContain('v-list-cron-jobs');
  await service.ok('v-delete-session', person.sessionId);
  await within(2000, 'the stream ends', () => stream.hasEnded);
});

it('says where there were more events than it sends', async () => {
  const log = service.part<AuditLog>(AuditLog);
  const last = log.head.sequence;
  const event = { type: 'decision', outcome: 'allow', actor: { kind: 'service' } } as const;
  await Promise.all(Array.from({ length: 1500 }, () => log.append(event)));
  const stream = await Stream.open({ ...bearer(rootKey), 'Last-Event-ID': String(last) }, '?actor=service');
  await within(2000, 'the newest', () => stream.events.length > 900);
  expect(stream.text).toContain('event: gap\ndata: {}\n\n');
  expect(stream.events.length).toBeLessThanOrEqual(1000);
  stream.close();
});

it('keeps no stopping service waiting', async () => {
  const other = await TestService.startOpen([]);
  const key = await other.makeKey('admin', '');
  const before = service;
  service = other;
  const stream = await Stream.open(bearer(key));
  service = before;
  await within(1000, 'it has begun', () => stream.text.startsWith('retry: '));
  const begun = other.log.length;
  await other.close();
  await within(1000, 'the stream has ended', () => stream.hasEnded);
  expect(other.log.slice(begun)).not.toMatch(/"level":"(error|fatal)"/);
});

it('knows the last verification of the record', async () => {
  const verifications = '/v1/audit-verifications';
  expect((await root.get(verifications)).json).toEqual({ items: [] });
  const made = await root.post(verifications);
  expect((await root.get(verifications)).json).toEqual({
    items: [{ ...made.json, verifiedAt: expect.any(String) as unknown }],
  });
});

it('sends nothing that was read while its caller lost the permission', async () => {
  const key = await service.makeKey('admin', '');
  const stream = await Stream.open(bearer(key));
  await stream.has('v-list-audit-events');
  const reader = service.part<AuditReader>(AuditReader);
  const search = reader.search.bind(reader);
  let wasRead = false;
  reader.search = async function* (range) {
    if (!wasRead) await service.ok('v-delete-access-key', key.id);
    wasRead = true;
    yield* search(range);
  };
  try {
    await service.call(alice, 'v-list-users');
    await within(5000, 'it has ended', () => stream.hasEnded);
    expect(wasRead).toBe(true);
    expect(stream.events.map(({ command }) => command)).not.toContain('v-list-users');
  } finally {
    reader.search = search;
  }
});
