import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Agent } from 'node:http';
import { readdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AlertTestReceiver, type ReceivedAlert } from '../../../../test/support/alert-receiver.js';
import { CertificateAuthority } from '../../../../test/support/certificates.js';
import { TestAlerting } from '../../../../test/support/test-alerting.js';
import { within } from '../../../../test/support/waiting.js';
import { auditRecordFile } from '../../record/record-files.js';
import { postMessage } from './post-message.js';

const [secret, newSecret] = [7, 8].map((byte) => `whsec_${Buffer.alloc(32, byte).toString('base64')}`) as [
  string,
  string,
];

let alerting: TestAlerting;

beforeEach(() => {
  alerting = new TestAlerting();
});

afterEach(() => alerting.close());

const webhook = (receiver: AlertTestReceiver, secrets = secret): Record<string, string> => ({
  ALERT_WEBHOOK: receiver.url,
  ALERT_WEBHOOK_SECRET: secrets,
});

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
    await alerting.append(0, 5);
    await alerting.start(webhook(receiver));
    await alerting.append(5, 5);
    await alerting.caughtUp();
    expect(newCommands(receiver.alerts)).toEqual(commands(5, 5));
    await receiver.stop();
    await alerting.append(10, 50);
    await within(5000, 'the failure is told', () => alerting.warnings.length > 0);
    expect(alerting.warnings).toEqual([
      expect.stringMatching(/^alerts can't be sent to http:\/\/127.*: connect ECONNREFUSED.*nothing is lost/),
    ]);
    expect(alerting.running?.states[0]).toMatchObject({ kind: 'webhook', failed: expect.any(Number) });
    await receiver.start();
    await alerting.caughtUp();
    expect(newCommands(receiver.alerts)).toEqual(commands(5, 55));
    expect(receiver.alerts.filter(({ type }) => type === 'key.made')).toHaveLength(55);
    expect(new Set(receiver.alerts.map(({ id }) => id)).size).toBe(receiver.alerts.length);
    expect(receiver.refused).toBe(0);
    expectOrder(receiver.alerts);
  });

  it('learns what keys were used for before, and forgets nothing of it over a stop', async () => {
    const receiver = await new AlertTestReceiver(secret).start();
    await alerting.append(0, 20);
    await alerting.start(webhook(receiver));
    await alerting.append(0, 20);
    await alerting.caughtUp();
    expect(newCommands(receiver.alerts)).toEqual([]);
    await alerting.stop();
    await alerting.append(20, 5);
    const folder = join(alerting.dataDir, 'alerts');
    const states = readdirSync(folder).filter((name) => name.endsWith('.state'));
    expect(states).toHaveLength(1);
    await alerting.start(webhook(receiver));
    await alerting.append(10, 20);
    await alerting.caughtUp();
    expect(newCommands(receiver.alerts)).toEqual(commands(20, 10));
    await alerting.stop();
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
      await alerting.start(webhook(receiver));
      await alerting.append(0, 30);
      await alerting.caughtUp();
      expect(newCommands(receiver.alerts)).toEqual([]);
      await alerting.stop();
    }
  });

  it('is acknowledged by 2xx alone, and follows no redirection', async () => {
    const receiver = await new AlertTestReceiver(secret).start();
    const elsewhere = await new AlertTestReceiver(secret).start();
    receiver.location = elsewhere.url;
    receiver.statuses.push(302, 500);
    await alerting.start(webhook(receiver));
    await alerting.append(0, 1);
    await alerting.caughtUp();
    expect([receiver.once.length, elsewhere.requests]).toEqual([3, 0]);
    expect(alerting.warnings).toEqual([expect.stringContaining('the receiver answered with status 302')]);
    expect(alerting.running?.states[0]).toMatchObject({ sent: 3, failed: 2 });
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
      await alerting.start(webhook(receiver, secrets));
      receiver.secret = verified;
      await alerting.append(index, 1);
      await alerting.caughtUp();
      await alerting.stop();
    }
    expect([newCommands(receiver.alerts), receiver.refused]).toEqual([commands(0, 4), 0]);
    receiver.secret = secret;
    await alerting.start(webhook(receiver, newSecret));
    await alerting.append(4, 1);
    await within(5000, 'the refusal is noted', () => alerting.running?.states[0]?.failure !== undefined);
    expect(alerting.running?.states[0]?.failure).toBe('the receiver answered with status 401');
    expect(receiver.refused).toBeGreaterThan(0);
  });

  it('answers a test beside what waits, also one that is ended', async () => {
    const receiver = await new AlertTestReceiver(secret).start();
    const started = await alerting.start(webhook(receiver));
    const [result] = await started.test(new AbortController().signal);
    expect(result).toMatchObject({ accepted: true, answer: '204' });
    expect(receiver.alerts).toMatchObject([{ type: 'alert.test' }]);
    receiver.statuses.push(500);
    const [refused] = await started.test(new AbortController().signal);
    expect(refused).toMatchObject({ accepted: false, answer: '500' });
    receiver.isSilent = true;
    const ended = new AbortController();
    const waiting = started.test(ended.signal);
    await within(5000, 'it is asked', () => receiver.requests === 3);
    ended.abort();
    expect(await waiting).toMatchObject([{ accepted: false }]);
    await receiver.stop();
    const [failed] = await started.test(new AbortController().signal);
    expect(failed).toMatchObject({ accepted: false, answer: expect.stringContaining('ECONNREFUSED') });
  });

  it('goes on after one that it refused for days, counts it and tells of it', async () => {
    const receiver = await new AlertTestReceiver(secret).start();
    receiver.statuses.push(400);
    await alerting.start(webhook(receiver), { alertAgeMs: 0, refusedMs: 0 });
    await alerting.append(0, 1);
    await alerting.caughtUp();
    expect(receiver.alerts.map(({ type }) => type)).toEqual(['key.new_network', 'key.new_command']);
    expect(alerting.running?.states[0]).toMatchObject({ sent: 2, failed: 1, putAside: 1 });
    expect(alerting.warnings).toEqual([
      expect.stringMatching(/^the alert key\.made of event \d+ is put aside: .*400$/),
    ]);
  });

  it('gets the alerts behind a damaged line of the record, which the log names once', async () => {
    const receiver = await new AlertTestReceiver(secret).start();
    await alerting.start(webhook(receiver));
    await alerting.stop();
    await alerting.append(0, 5);
    const file = auditRecordFile(alerting.dataDir);
    writeFileSync(file, readFileSync(file, 'utf8').replace('"command":"v-list-3"', '"command":"v-list-3 '));
    receiver.statuses.push(500, 101);
    await alerting.start(webhook(receiver));
    await alerting.caughtUp();
    expect(newCommands(receiver.alerts)).toEqual(['v-list-0', 'v-list-1', 'v-list-2', 'v-list-4']);
    const damaged = alerting.warnings.filter((text) => text.includes('of the audit record is damaged'));
    expect(damaged).toEqual([expect.stringMatching(/^event \d+ of/)]);
    expect(alerting.running?.states[0]).toMatchObject({ failed: 2, putAside: 0 });
  });

  it('goes on where it was when its cursor is damaged or lost, or it gets another path', async () => {
    const receiver = await new AlertTestReceiver(secret).start();
    await alerting.start(webhook(receiver));
    await alerting.append(0, 5);
    await alerting.caughtUp();
    await alerting.stop();
    const folder = join(alerting.dataDir, 'alerts');
    const cursor = join(folder, readdirSync(folder).find((name) => name.endsWith('.json')) ?? '');
    const older = readFileSync(cursor, 'utf8').replace(/"number":\d+/, '"number":1');
    let next = 5;
    const goesOn = async (settings = webhook(receiver)): Promise<void> => {
      receiver.alerts.length = 0;
      await alerting.append(next, 2);
      await alerting.start(settings);
      await alerting.caughtUp();
      await alerting.stop();
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
    await alerting.start(renamed);
    await alerting.caughtUp();
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
    await alerting.start(webhook(receiver));
    await alerting.append(0, 1);
    await within(5000, 'it is refused', () => alerting.running?.states[0]?.failure !== undefined);
    expect([alerting.running?.states[0]?.failure, receiver.requests]).toEqual([
      expect.stringMatching(/certificate/),
      0,
    ]);
    await alerting.stop();
    await alerting.start({ ...webhook(receiver), ALERT_CA: authority.caFile });
    await alerting.caughtUp();
    expect(newCommands(receiver.alerts)).toEqual(commands(0, 1));
  });
});
