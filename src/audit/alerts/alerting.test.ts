import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Agent } from 'node:http';
import { readdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AlertTestReceiver, type ReceivedAlert } from '../../../test/support/alert-receiver.js';
import { auditLogIn } from '../../../test/support/test-audit-log.js';
import { CertificateAuthority } from '../../../test/support/certificates.js';
import { temporaryFolder } from '../../../test/support/folders.js';
import { MailTestReceiver, type ReceivedMail } from '../../../test/support/mail-receiver.js';
import { within } from '../../../test/support/waiting.js';
import type { AlertMail } from '../../config/alert-settings.js';
import { loadConfig } from '../../config/config.js';
import type { NewAuditEvent } from '../audit-event.js';
import type { AuditLog } from '../audit-log.js';
import { auditRecordFile } from '../record/record-files.js';
import { Alerting } from './alerting.js';
import { MailDigest } from './mail/mail-digest.js';
import { sendMail } from './mail/send-mail.js';
import { postMessage } from './webhook/post-message.js';

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
  warnings = [];
  log = auditLogIn(dataDir);
});

afterEach(async () => {
  await stop();
  log.close();
});

async function stop(): Promise<void> {
  await running?.stop();
  running = undefined;
}

const namedSettings = (settings: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(settings).map(([name, value]) => [`HEARTHKEY_${name}`, value]));

async function start(
  settings: Record<string, string>,
  patience?: { alertAgeMs: number; refusedMs: number },
): Promise<Alerting> {
  const { alerts } = loadConfig(namedSettings(settings));
  running = new Alerting({
    ...{ settings: alerts, dataDir, log, saveEveryMs: 0, collectMs: 200 },
    onWarning: (text) => warnings.push(text),
    onRecovered: () => undefined,
    ...(patience !== undefined && { patience }),
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
      const [accessKeyId, user] = [keyId(index % 50), 'alice'];
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
    const whole = readFileSync(join(folder, states[0] ?? ''), 'utf8');
    expect(whole).toContain('"v-list-7"');
    const damaged = [
      whole.replace('"v-list-7"', '"v-list-8"'),
      whole.slice(0, -1),
      whole.split('\n')[0] ?? '',
    ];
    for (const text of ['', '{"chain":"x"}\n', ...damaged]) {
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

  it('answers a test beside what waits, also one that is ended', async () => {
    const receiver = await new AlertTestReceiver(secret).start();
    const alerting = await start(webhook(receiver));
    const [result] = await alerting.test(new AbortController().signal);
    expect(result).toMatchObject({ accepted: true, answer: '204' });
    expect(receiver.alerts).toMatchObject([{ type: 'alert.test' }]);
    receiver.statuses.push(500);
    const [refused] = await alerting.test(new AbortController().signal);
    expect(refused).toMatchObject({ accepted: false, answer: '500' });
    receiver.isSilent = true;
    const ended = new AbortController();
    const waiting = alerting.test(ended.signal);
    await within(5000, 'it is asked', () => receiver.requests === 3);
    ended.abort();
    expect(await waiting).toMatchObject([{ accepted: false }]);
    await receiver.stop();
    const [failed] = await alerting.test(new AbortController().signal);
    expect(failed).toMatchObject({ accepted: false, answer: expect.stringContaining('ECONNREFUSED') });
  });

  it('goes on after one that it refused for days, counts it and tells of it', async () => {
    const receiver = await new AlertTestReceiver(secret).start();
    receiver.statuses.push(400);
    await start(webhook(receiver), { alertAgeMs: 0, refusedMs: 0 });
    await append(0, 1);
    await caughtUp();
    expect(receiver.alerts.map(({ type }) => type)).toEqual(['key.new_network', 'key.new_command']);
    expect(running?.states[0]).toMatchObject({ sent: 2, failed: 1, putAside: 1 });
    expect(warnings).toEqual([
      expect.stringMatching(/^the alert key\.made of event \d+ is put aside: .*400$/),
    ]);
  });

  it('gets the alerts behind a damaged line of the record, which the log names once', async () => {
    const receiver = await new AlertTestReceiver(secret).start();
    await start(webhook(receiver));
    await stop();
    await append(0, 5);
    const file = auditRecordFile(dataDir);
    writeFileSync(file, readFileSync(file, 'utf8').replace('"command":"v-list-3"', '"command":"v-list-3 '));
    receiver.statuses.push(500, 101);
    await start(webhook(receiver));
    await caughtUp();
    expect(newCommands(receiver.alerts)).toEqual(['v-list-0', 'v-list-1', 'v-list-2', 'v-list-4']);
    const damaged = warnings.filter((text) => text.includes('of the audit record is damaged'));
    expect(damaged).toEqual([expect.stringMatching(/^event \d+ of/)]);
    expect(running?.states[0]).toMatchObject({ failed: 2, putAside: 0 });
  });

  it('goes on where it was when its cursor is damaged or lost, or it gets another path', async () => {
    const receiver = await new AlertTestReceiver(secret).start();
    await start(webhook(receiver));
    await append(0, 5);
    await caughtUp();
    await stop();
    const folder = join(dataDir, 'alerts');
    const cursor = join(folder, readdirSync(folder).find((name) => name.endsWith('.json')) ?? '');
    const older = readFileSync(cursor, 'utf8').replace(/"number":\d+/, '"number":1');
    let next = 5;
    const goesOn = async (settings = webhook(receiver)): Promise<void> => {
      receiver.alerts.length = 0;
      await append(next, 2);
      await start(settings);
      await caughtUp();
      await stop();
      expect(newCommands(receiver.alerts)).toEqual(commands(next, 2));
      next += 2;
    };
    // The last one is of a power loss that has kept the newer state and not the newer cursor.
    for (const text of ['', '{', older]) {
      writeFileSync(cursor, text);
      await goesOn();
    }
    unlinkSync(cursor);
    await goesOn();
    const renamed = { ...webhook(receiver), ALERT_WEBHOOK: `${receiver.url}/other` };
    await goesOn(renamed);
    expect(readdirSync(folder).filter((name) => name.endsWith('.json'))).toHaveLength(1);
    // Without its state too nothing tells what it has: it gets everything.
    for (const name of readdirSync(folder)) writeFileSync(join(folder, name), '{');
    receiver.alerts.length = 0;
    await start(renamed);
    await caughtUp();
    expect(newCommands(receiver.alerts)).toEqual(commands(0, next));
  });

  it('that keeps still is given up after a while', async () => {
    const receiver = await new AlertTestReceiver(secret).start();
    receiver.isSilent = true;
    const agent = new Agent();
    const how = { agent, signal: new AbortController().signal, limitMs: 50 };
    const posted = postMessage(new URL(receiver.url), { headers: {}, body: '{}' }, how);
    await expect(posted).rejects.toThrow('the receiver keeps still for too long');
    agent.destroy();
  });

  it('gets alerts over TLS from a service that trusts its certificate alone', async () => {
    const authority = new CertificateAuthority();
    const receiver = await new AlertTestReceiver(secret, authority.issue('receiver')).start();
    await start(webhook(receiver));
    await append(0, 1);
    await within(5000, 'it is refused', () => running?.states[0]?.failure !== undefined);
    expect([running?.states[0]?.failure, receiver.requests]).toEqual([
      expect.stringMatching(/certificate/),
      0,
    ]);
    await stop();
    await start({ ...webhook(receiver), ALERT_CA: authority.caFile });
    await caughtUp();
    expect(newCommands(receiver.alerts)).toEqual(commands(0, 1));
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
    const [{ to, subject, text }] = receiver.mails as [ReceivedMail];
    expect([to, subject]).toEqual([
      ['ops@example.com', 'eve@example.com'],
      expect.stringMatching(/: 1050 alerts$/),
    ]);
    expect(text).toContain('Auto-Submitted: auto-generated');
    expect(text).toMatch(/access key KEY0+ of alice was made/);
    expect(text).toMatch(/1000 more/);
    receiver.isFull = true;
    await append(500, 1);
    await within(20_000, 'it is refused', () => (running?.states[0]?.failed ?? 0) > 0);
    expect(isBehind()).toBe(true);
    await within(5000, 'it is told', () => warnings.length > 0);
    expect(warnings).toEqual([expect.stringContaining('the mail server refuses the mail with code 452')]);
    expect(JSON.stringify([warnings, running?.states])).not.toContain('s3cret');
    await stop();
    receiver.isFull = false;
    await start(mail(receiver));
    await caughtUp();
    expect(receiver.mails.at(-1)?.text).toContain('v-list-500');
    expect(receiver.mails).toHaveLength(2);
  });

  it('goes out at once where a canary was used, before all others, also over TLS with a foreign certificate', async () => {
    const receiver = await new MailTestReceiver(true).start();
    const url = receiver.url.replace('127.0.0.1', 'localhost');
    const settings = { ...mail(receiver, '24h'), ALERT_SMTP_URL: url };
    await start(settings);
    await append(0, 1);
    await caughtUp();
    await append(1, 60);
    const target = { accessKeyId: keyId(99), user: 'eve' };
    const actor = { kind: 'access_key', accessKeyId: keyId(99) } as const;
    await log.append({ type: 'alert', alert: 'canary_used', outcome: 'deny', actor, target });
    await caughtUp();
    expect(receiver.mails).toHaveLength(2);
    const [, second] = receiver.mails;
    expect(second).toMatchObject({
      isEncrypted: true,
      subject: expect.stringMatching(/canary.*\(and \d+ more\)/),
    });
    const body = second?.text.split('\r\n\r\n').slice(1).join();
    expect(body).toMatch(/^\S+Z +the canary access key KEY0+99 of eve was used/);
  });

  it('that the server takes for some is not sent again, and says for whom it is not taken', async () => {
    const receiver = await new MailTestReceiver().start();
    receiver.unknown.add('eve@example.com');
    const alerting = await start(mail(receiver));
    await append(0, 1);
    await caughtUp();
    expect(receiver.mails.map(({ to }) => to)).toEqual([['ops@example.com']]);
    const problem = 'the mail server does not take mail to eve@example.com';
    expect(alerting.states).toMatchObject([{ sent: 3, failed: 1, failure: problem }]);
    expect(warnings).toEqual([`alerts by mail: ${problem}`]);
    receiver.unknown.add('ops@example.com');
    const [tested] = await alerting.test(new AbortController().signal);
    expect(tested).toMatchObject({ accepted: false, answer: expect.stringContaining('550') });
    receiver.isSilent = true;
    receiver.unknown.clear();
    const ended = new AbortController();
    const waiting = alerting.test(ended.signal);
    await within(5000, 'the mail is there', () => receiver.unanswered > 0);
    ended.abort();
    expect(await waiting).toMatchObject([{ accepted: false }]);
    const { mail: to } = loadConfig(namedSettings(mail(receiver))).alerts;
    const parts = { mail: to as AlertMail, networks: [], trusted: [], limitMs: 50 };
    const sent = sendMail(parts, new MailDigest(), new AbortController().signal);
    await expect(sent).rejects.toThrow('the receiver keeps still for too long');
  });
});
