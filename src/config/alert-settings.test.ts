import { describe, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../test/support/folders.js';
import { alertTypes } from './alert-types.js';
import { loadConfig } from './config.js';

const secret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
const other = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
const webhook = {
  HEARTHKEY_ALERT_WEBHOOK: 'https://hooks.example.com/T/B/token',
  HEARTHKEY_ALERT_WEBHOOK_SECRET: secret,
};
const mail = { HEARTHKEY_ALERT_MAIL_TO: 'ops@example.com, eve@example.com' };
const alertsOf = (environment: Record<string, string>) => loadConfig(environment).alerts;
const problemOf = (environment: Record<string, string>): string => {
  try {
    loadConfig(environment);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
};

describe('the settings of alerts', () => {
  it('send nothing unless a receiver is named, and everything to one that is', () => {
    expect(alertsOf({})).toMatchObject({ webhooks: [], mail: undefined, types: new Set(alertTypes) });
    const alerts = alertsOf({ ...webhook, HEARTHKEY_ALERTS: 'key.made denials.burst' });
    expect(alerts.webhooks.map(({ url }) => url.href)).toEqual(['https://hooks.example.com/T/B/token']);
    expect([...alerts.types]).toEqual(['key.made', 'denials.burst']);
    expect(alertsOf(mail).mail).toMatchObject({
      ...{ to: ['ops@example.com', 'eve@example.com'], everyMs: 300_000 },
      server: { host: 'localhost', port: 25, isTls: false, user: '', password: '' },
    });
  });

  it('show nothing of a path, which may be a secret', () => {
    const [first] = alertsOf(webhook).webhooks;
    expect(first?.name).toMatch(/^https:\/\/hooks\.example\.com\/…[0-9a-f]{8}$/);
    const two = `${webhook.HEARTHKEY_ALERT_WEBHOOK},https://hooks.example.com/other`;
    const names = alertsOf({ ...webhook, HEARTHKEY_ALERT_WEBHOOK: two }).webhooks.map(({ name }) => name);
    expect(new Set(names).size).toBe(2);
    expect(alertsOf({ ...webhook, HEARTHKEY_ALERT_WEBHOOK: 'https://h.example/' }).webhooks[0]?.name).toBe(
      'https://h.example',
    );
  });

  it('take several secrets from the lines of a file, the first one first', () => {
    const file = join(temporaryFolder(), 'secrets');
    writeFileSync(file, `${other}\n${secret}\n`);
    const { HEARTHKEY_ALERT_WEBHOOK } = webhook;
    const alerts = alertsOf({ HEARTHKEY_ALERT_WEBHOOK, HEARTHKEY_ALERT_WEBHOOK_SECRET_FILE: file });
    expect(alerts.webhooks[0]?.secrets).toEqual([Buffer.alloc(32, 9), Buffer.alloc(24, 7)]);
  });

  it('give a URL the secrets that are for it alone, and all others those that are for none', () => {
    const urls = 'https://a.example/x?y=z https://b.example';
    const secrets = `${secret} https://a.example/x?y=z=${other}`;
    const { webhooks } = alertsOf({
      ...{ HEARTHKEY_ALERT_WEBHOOK: urls, HEARTHKEY_ALERT_WEBHOOK_SECRET: secrets },
    });
    expect(webhooks.map((webhook) => webhook.secrets)).toEqual([
      [Buffer.alloc(32, 9)],
      [Buffer.alloc(24, 7)],
    ]);
  });

  it.each([
    ['smtp://mail.example.com', { host: 'mail.example.com', port: 587, isTls: false }],
    ['smtps://u%40x:p%2Fw@mail.example.com', { port: 465, isTls: true, user: 'u@x', password: 'p/w' }],
    ['smtp://[::1]:2525', { host: '::1', port: 2525 }],
  ])('read the mail server %s', (url, server) => {
    expect(alertsOf({ ...mail, HEARTHKEY_ALERT_SMTP_URL: url }).mail?.server).toMatchObject(server);
  });

  it.each([
    ['http://127.0.0.1:9/', ''],
    ['http://localhost:9/', ''],
    ['http://10.0.0.1/', ''],
    ['http://hooks.example.com/', 'http:// is for an address of this machine'],
    ['http://1.1.1.1/', 'http:// is for an address of this machine'],
    ['ftp://hooks.example.com/', 'begins with https://'],
    ['https://user:pass@hooks.example.com/', 'no password'],
    ['https://hooks.example.com/#x', 'no #'],
    ['https://a.example/ https://a.example/', 'named twice'],
  ])('%s is no receiver unless it is safe to send there', (url, problem) => {
    const found = problemOf({ ...webhook, HEARTHKEY_ALERT_WEBHOOK: url });
    expect(found).toContain(problem);
    expect(found === '').toBe(problem === '');
    expect(found).not.toContain('pass@');
  });

  it.each([
    [{ HEARTHKEY_ALERT_WEBHOOK: 'https://a.example' }, 'HEARTHKEY_ALERT_WEBHOOK_SECRET_FILE'],
    [{ ...webhook, HEARTHKEY_ALERT_WEBHOOK_SECRET: 'whsec_c2hvcnQ=' }, '24 to 64 bytes'],
    [{ ...webhook, HEARTHKEY_ALERT_WEBHOOK_SECRET: 'Zm9yZ290dGVuIHByZWZpeCBoZXJlIQ==' }, 'whsec_'],
    // 25 bytes with a bit set that stands for none.
    [{ ...webhook, HEARTHKEY_ALERT_WEBHOOK_SECRET: `whsec_${'B'.repeat(33)}h==` }, '24 to 64 bytes'],
    [{ ...webhook, HEARTHKEY_ALERT_WEBHOOK_SECRET: `whsec_${'B'.repeat(34)}` }, '24 to 64 bytes'],
    [
      { ...webhook, HEARTHKEY_ALERT_WEBHOOK_SECRET: `https://b.example=${secret}` },
      'there is none for https://',
    ],
    [
      { ...webhook, HEARTHKEY_ALERT_WEBHOOK_SECRET: `${secret} https://b.example=${other}` },
      "a URL that HEARTHKEY_ALERT_WEBHOOK doesn't name",
    ],
    [{ HEARTHKEY_ALERT_WEBHOOK_SECRET: secret }, 'it is for HEARTHKEY_ALERT_WEBHOOK'],
    [{ HEARTHKEY_ALERT_SMTP_URL: 'smtp://a.example' }, 'it is for HEARTHKEY_ALERT_MAIL_TO'],
    [{ ...mail, HEARTHKEY_ALERT_SMTP_URL: 'http://a.example' }, 'expected smtp://'],
    [
      { ...mail, HEARTHKEY_ALERT_MAIL_TO: 'ops@example.com\r\nBcc: x@example.com' },
      'expected mail addresses',
    ],
    [{ ...mail, HEARTHKEY_ALERTS: 'key.mode' }, 'expected types between commas: key.made'],
    [{ HEARTHKEY_ALERTS: 'key.made' }, 'it is for HEARTHKEY_ALERT_WEBHOOK and HEARTHKEY_ALERT_MAIL_TO'],
  ])('%j stops the start', (environment, problem) => {
    const found = problemOf(environment);
    expect(found).toContain(problem);
    expect(found).not.toContain('c2hvcnQ');
  });
});
