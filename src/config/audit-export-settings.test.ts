import { describe, expect, it } from '@jest/globals';
import { loadConfig } from './config.js';

const read = (settings: Record<string, string>) =>
  loadConfig(
    Object.fromEntries(Object.entries(settings).map(([name, value]) => [`HEARTHKEY_${name}`, value])),
  ).auditExport;

describe('HEARTHKEY_AUDIT_EXPORT', () => {
  it('names sinks by URL, each with its format and where it begins', () => {
    const text =
      'syslog+tcp://logs.example.com, syslog+tls://[2001:db8::1]?format=ocsf,https://siem.example.com/in/x?from=begin';
    expect(read({ AUDIT_EXPORT: text }).sinks).toEqual([
      {
        ...{ kind: 'syslog+tcp', name: 'syslog+tcp://logs.example.com:601', host: 'logs.example.com' },
        ...{ port: 601, path: '', format: 'json', from: 'end' },
      },
      {
        ...{ kind: 'syslog+tls', name: 'syslog+tls://[2001:db8::1]:6514', host: '2001:db8::1' },
        ...{ port: 6514, path: '', format: 'ocsf', from: 'end' },
      },
      {
        ...{ kind: 'https', name: 'https://siem.example.com:443/in/x', host: 'siem.example.com' },
        ...{ port: 443, path: '/in/x', format: 'json', from: 'begin' },
      },
    ]);
    expect(read({ AUDIT_EXPORT: 'syslog+tcp://a:443' }).sinks[0]).toMatchObject({ port: 443 });
    expect(read({})).toEqual({ sinks: [], header: undefined, caFile: undefined });
  });

  it.each([
    ['http://logs.example.com/', 'URL 1: expected a URL that begins with'],
    ['udp://logs.example.com', 'URL 1: expected a URL that begins with'],
    ['https://a/,https://', 'URL 2: expected a host'],
    ['https://user:hunter2@a/', 'URL 1: there may be no user name or password'],
    ['https://a/?token=hunter2', 'URL 1: after ? there may be'],
    ['https://a/?format=xml', 'URL 1: after ? there may be'],
    ['https://a/#hunter2', 'URL 1: there may be no #'],
    ['syslog+tcp://a/path', 'URL 1: a syslog URL has no path'],
    ['https://a/x,https://A:443/x?format=ocsf', 'URL 2: it is named twice'],
  ])('refuses %s without repeating what may be a secret', (text, problem) => {
    expect(() => read({ AUDIT_EXPORT: text })).toThrow(`HEARTHKEY_AUDIT_EXPORT: ${problem}`);
    expect(() => read({ AUDIT_EXPORT: text })).not.toThrow('hunter2');
  });
});

describe('HEARTHKEY_AUDIT_EXPORT_HEADER', () => {
  it('is one header, for one HTTPS server', () => {
    const header = { AUDIT_EXPORT_HEADER: 'Authorization: Bearer s3cret' };
    const one = 'https://a/x,https://a/y,syslog+tls://b';
    expect(read({ AUDIT_EXPORT: one, ...header }).header).toEqual(['Authorization', 'Bearer s3cret']);
    for (const AUDIT_EXPORT of ['syslog+tls://b', 'https://a/x,https://b/x'])
      expect(() => read({ AUDIT_EXPORT, ...header })).toThrow('has to name exactly one https:// server');
    for (const text of ['s3cret', 'A: b\r\nC: s3cret', ': s3cret'])
      expect(() => read({ AUDIT_EXPORT: one, AUDIT_EXPORT_HEADER: text })).toThrow(
        /^HEARTHKEY_AUDIT_EXPORT_HEADER: expected one header, such as Authorization: Bearer TOKEN$/,
      );
  });
});
