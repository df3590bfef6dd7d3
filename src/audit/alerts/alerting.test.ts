import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AlertTestReceiver, type ReceivedAlert } from '../../../test/support/alert-receiver.js';
import { temporaryFolder } from '../../../test/support/folders.js';
import { MailTestReceiver } from '../../../test/support/mail-receiver.js';
import { within } from '../../../test/support/waiting.js';
import { loadConfig } from '../../config/config.js';
import type { NewAuditEvent } from '../audit-event.js';
import { AuditLog } from '../audit-log.js';
import { Alerting } from './alerting.js';

const [secret, newSecret] = [7, 8].map((byte) => `whsec_${Buffer.alloc(32, byte).toString('base64')}`) as [
  string,
  string,
];

let dataDir: string;
let log: AuditLog;
let running: Alerting | undefined;
let warnings: string[];

beforeEach(() => {
  dataDir = temporaryFolder();
  mkdirSync(join(dataDir, 'audit'));
  warnings = [];
  const onError = (error: unknown): never => {
    throw error as Error;
  };
  log = new AuditLog({ dataDir, sync: 'second', onError });
});

afterEach(async () => {
  await stop();
  log.close();
});

async function stop(): Promise<void> {
  await running?.stop();
  running = undefined;
}

async function start(settings: Record<string, string>): Promise<Alerting> {
  const named = Object.entries(settings).map(([name, value]) => [`HEARTHKEY_${name}`, value]);
  const { alerts } = loadConfig(Object.fromEntries(named) as Record<string, string>);
  running = new Alerting({
    ...{ settings: alerts, dataDir, log, saveEveryMs: 0 },
    onWarning: (text) => warnings.push(text),
    onRecovered: () => undefined,
  });
  await running.start();
  return running;
}

const webhook = (receiver: AlertTestReceiver, secrets = secret): Record<string, string> => ({
  ALERT_WEBHOOK: receiver.url,
  ALERT_WEBHOOK_SECRET: secrets,
});

const keyId = (index: number): string => `KEY${String(index).padStart(17, '0')}`;

/** Keys that are made, each of which then is used with a new command. */
async function append(from: number, count: number): Promise<void> {
  const events: NewAuditEvent[] = Array.from({ length: count }, (_, index) => from + index).flatMap(
    (index) => {
      const [accessKeyId, user] = [keyId(index % 10), 'alice'];
      const target = { accessKeyId, user, permissions: '', made: 'yes' };
      const actor = { kind: 'access_key', accessKeyId, user } as const;
      const command = `v-list-${String(index)}`;
      return [
        { type: 'change', outcome: 'done', actor: { kind: 'operator' }, target },
        { type: 'decision', outcome: 'allow', actor, clientAddress: '192.0.2.1', command },
      ];
    },
  );
  await Promise.all(events.map((event) => log.append(event)));
}

const isBehind = (): boolean => running?.states.some(({ behind }) => behind > 0) !== false;
const caughtUp = (): Promise<void> => within(20_000, 'everything is acknowledged', () => !isBehind());
const newCommands = (alerts: readonly ReceivedAlert[]): unknown[] =>
  alerts.filter(({ type }) => type === 'key.new_command').map(({ data }) => data['command']);
const commands = (from: number, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `v-list-${String(from + index)}`);

/** Within a key, and so far among all, alerts come in the order of the record. */
function expectOrder(alerts: readonly ReceivedAlert[]): void {
  const numbers = alerts.map(({ data }) => data.event);
  expect(numbers).toEqual([...numbers].sort((one, other) => one - other));
}

describe('a webhook', () => {
  it('gets each alert once and in order, signed; one that was away gets all when it is back', async () => {
    const receiver = await new AlertTestReceiver(secret).start();
    await append(0, 5);
    await start(webhook(receiver));
    await append(5, 5);
    await caughtUp();
    expect(newCommands(receiver.alerts)).toEqual(commands(5, 5));
    await receiver.stop();
    await append(10, 50);
    await within(5000, 'the failure is told', () => warnings.length > 0);
    expect(warnings).toEqual([
      expect.stringMatching(/^alerts can't be sent to http:\/\/127.*: connect ECONNREFUSED.*nothing is lost/),
    ]);
    expect(running?.states[0]).toMatchObject({ kind: 'webhook', failed: expect.any(Number) });
    await receiver.start();
    await caughtUp();
    expect(newCommands(receiver.alerts)).toEqual(commands(5, 55));
    expect(receiver.alerts.filter(({ type }) => type === 'key.made')).toHaveLength(55);
    expect(new Set(receiver.alerts.map(({ id }) => id)).size).toBe(receiver.alerts.length);
    expect(receiver.refused).toBe(0);
    expectOrder(receiver.alerts);
  });

  it('learns what keys were used for before, and forgets nothing of it over a stop', async () => {
    const receiver = await new AlertTestReceiver(secret).start();
    await append(0, 20);
    await start(webhook(receiver));
    await append(0, 20);
    await caughtUp();
    expect(newCommands(receiver.alerts)).toEqual([]);
    await stop();
    await append(20, 5);
    const folder = join(dataDir, 'alerts');
    const states = readdirSync(folder).filter((name) => name.endsWith('.state'));
    expect(states).toHaveLength(1);
    await start(webhook(receiver));
    await append(10, 20);
    await caughtUp();
    expect(newCommands(receiver.alerts)).toEqual(commands(20, 10));
    await stop();
    // Without what it knew it reads the record again, up to its cursor.
    for (const text of [
      '',
      '{"chain":"x"}\n',
      `{"chain":"${log.chainId}","number":3,"keys":1,"bursts":0}\n["a"\n`,
    ]) {
      writeFileSync(join(folder, states[0] ?? ''), text);
      receiver.alerts.length = 0;
      await start(webhook(receiver));
      await append(0, 30);
      await caughtUp();
      expect(newCommands(receiver.alerts)).toEqual([]);
      await stop();
    }
  });

  it('is acknowledged by 2xx alone, and follows no redirection', async () => {
    const receiver = await new AlertTestReceiver(secret).start();
    const elsewhere = await new AlertTestReceiver(secret).start();
    receiver.location = elsewhere.url;
    receiver.statuses.push(302, 500);
    await start(webhook(receiver));
    await append(0, 1);
    await caughtUp();
    expect([receiver.once.length, elsewhere.requests]).toEqual([3, 0]);
    expect(warnings).toEqual([expect.stringContaining('the receiver answered with status 302')]);
    expect(running?.states[0]).toMatchObject({ sent: 3, failed: 2 });
  });

  it('verifies while its secret is changed over, without a gap', async () => {
    const receiver = await new AlertTestReceiver(secret).start();
    const steps: [sent: string, verified: string][] = [
      [secret, secret],
      [`${secret} ${newSecret}`, secret],
      [`${newSecret} ${secret}`, newSecret],
      [newSecret, newSecret],
    ];
    for (const [index, [secrets, verified]] of steps.entries()) {
      await start(webhook(receiver, secrets));
      receiver.secret = verified;
      await append(index, 1);
      await caughtUp();
      await stop();
    }
    expect([newCommands(receiver.alerts), receiver.refused]).toEqual([commands(0, 4), 0]);
    receiver.secret = secret;
    await start(webhook(receiver, newSecret));
    await append(4, 1);
    await within(5000, 'the refusal is noted', () => running?.states[0]?.failure !== undefined);
    expect(running?.states[0]?.failure).toBe('the receiver answered with status 401');
    expect(receiver.refused).toBeGreaterThan(0);
  });

  it('answers a test beside what waits', async () => {
    const receiver = await new AlertTestReceiver(secret).start();
    const alerting = await start(webhook(receiver));
    const [result] = await alerting.test(new AbortController().signal);
    expect(result).toMatchObject({ hasTaken: true, answer: '204' });
    expect(receiver.alerts).toMatchObject([{ type: 'alert.test' }]);
    await receiver.stop();
    const [failed] = await alerting.test(new AbortController().signal);
    expect(failed).toMatchObject({ hasTaken: false, answer: expect.stringContaining('ECONNREFUSED') });
  });
});

describe('mail', () => {
  const mail = (receiver: MailTestReceiver, everyMs = '1s'): Record<string, string> => ({
    ...{ ALERT_MAIL_TO: 'ops@example.com,eve@example.com', ALERT_MAIL_FROM: 'hearthkey@example.com' },
    ...{ ALERT_SMTP_URL: receiver.url, ALERT_MAIL_EVERY: everyMs },
  });

  it('is one for a burst, and keeps what could not be sent', async () => {
    const receiver = await new MailTestReceiver().start();
    await start(mail(receiver));
    await stop();
    // Read as one batch, however long a slow machine takes to write them.
    await append(0, 500);
    await start(mail(receiver));
    await within(20_000, 'a mail arrives', () => receiver.mails.length > 0);
    await caughtUp();
    expect(receiver.mails).toHaveLength(1);
    const [{ to, subject, text }] = receiver.mails as [{ to: string[]; subject: string; text: string }];
    expect([to, subject]).toEqual([
      ['ops@example.com', 'eve@example.com'],
      expect.stringMatching(/: 1010 alerts$/),
    ]);
    expect(text).toContain('Auto-Submitted: auto-generated');
    expect(text).toMatch(/access key KEY0+ of alice was made/);
    expect(text).toMatch(/960 more/);
    receiver.isFull = true;
    await append(500, 1);
    await within(20_000, 'it is refused', () => (running?.states[0]?.failed ?? 0) > 0);
    expect(isBehind()).toBe(true);
    await stop();
    receiver.isFull = false;
    await start(mail(receiver));
    await caughtUp();
    expect(receiver.mails.at(-1)?.text).toContain('v-list-500');
    expect(receiver.mails).toHaveLength(2);
  });
});
