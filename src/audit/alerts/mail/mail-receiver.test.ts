import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MailTestReceiver, type ReceivedMail } from '../../../../test/support/mail-receiver.js';
import { alertSettings, keyId, TestAlerting } from '../../../../test/support/test-alerting.js';
import { within } from '../../../../test/support/waiting.js';
import type { AlertMail } from '../../../config/alert-settings.js';
import { MailDigest } from './mail-digest.js';
import { sendMail } from './send-mail.js';

let alerting: TestAlerting;

beforeEach(() => {
  alerting = new TestAlerting();
});

afterEach(() => alerting.close());

describe('mail', () => {
  const mail = (receiver: MailTestReceiver, everyMs = '1s'): Record<string, string> => ({
    ...{ ALERT_MAIL_TO: 'ops@example.com,eve@example.com', ALERT_MAIL_FROM: 'hearthkey@example.com' },
    ...{ ALERT_SMTP_URL: receiver.url, ALERT_MAIL_EVERY: everyMs },
  });

  it('is one for a burst, and keeps what could not be sent', async () => {
    const receiver = await new MailTestReceiver().start();
    await alerting.start(mail(receiver));
    await alerting.stop();
    // Read as one batch, however long a slow machine takes to write them.
    await alerting.append(0, 500);
    await alerting.start(mail(receiver));
    await within(20_000, 'a mail arrives', () => receiver.mails.length > 0);
    await alerting.caughtUp();
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
    await alerting.append(500, 1);
    await within(20_000, 'it is refused', () => (alerting.running?.states[0]?.failed ?? 0) > 0);
    expect(alerting.isBehind).toBe(true);
    await within(5000, 'it is told', () => alerting.warnings.length > 0);
    expect(alerting.warnings).toEqual([
      expect.stringContaining('the mail server refuses the mail with code 452'),
    ]);
    expect(JSON.stringify([alerting.warnings, alerting.running?.states])).not.toContain('s3cret');
    await alerting.stop();
    receiver.isFull = false;
    await alerting.start(mail(receiver));
    await alerting.caughtUp();
    expect(receiver.mails.at(-1)?.text).toContain('v-list-500');
    expect(receiver.mails).toHaveLength(2);
  });

  it('goes out at once where a canary was used, before all others, also over TLS with a foreign certificate', async () => {
    const receiver = await new MailTestReceiver(true).start();
    const url = receiver.url.replace('127.0.0.1', 'localhost');
    const settings = { ...mail(receiver, '24h'), ALERT_SMTP_URL: url };
    await alerting.start(settings);
    await alerting.append(0, 1);
    await alerting.caughtUp();
    await alerting.append(1, 60);
    const target = { accessKeyId: keyId(99), user: 'eve' };
    const actor = { kind: 'access_key', accessKeyId: keyId(99) } as const;
    await alerting.log.append({ type: 'alert', alert: 'canary_used', outcome: 'deny', actor, target });
    await alerting.caughtUp();
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
    const started = await alerting.start(mail(receiver));
    await alerting.append(0, 1);
    await alerting.caughtUp();
    expect(receiver.mails.map(({ to }) => to)).toEqual([['ops@example.com']]);
    const problem = 'the mail server does not take mail to eve@example.com';
    expect(started.states).toMatchObject([{ sent: 3, failed: 1, failure: problem }]);
    expect(alerting.warnings).toEqual([`alerts by mail: ${problem}`]);
    receiver.unknown.add('ops@example.com');
    const [tested] = await started.test(new AbortController().signal);
    expect(tested).toMatchObject({ accepted: false, answer: expect.stringContaining('550') });
    receiver.isSilent = true;
    receiver.unknown.clear();
    const ended = new AbortController();
    const waiting = started.test(ended.signal);
    await within(5000, 'the mail is there', () => receiver.unanswered > 0);
    ended.abort();
    expect(await waiting).toMatchObject([{ accepted: false }]);
    const { mail: to } = alertSettings(mail(receiver));
    const parts = { mail: to as AlertMail, networks: [], trusted: [], limitMs: 50 };
    const sent = sendMail(parts, new MailDigest(), new AbortController().signal);
    await expect(sent).rejects.toThrow('the receiver keeps still for too long');
  });
});
