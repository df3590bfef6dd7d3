import { describe, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { temporaryFolder } from '../../test/support/folders.js';
import { ConfigError, loadConfig } from './config.js';
import { parseUpstreamUrl } from './upstream-settings.js';

const id = 'PANEL000000000000001';
const secret = 'correct-Horse_battery=Staple-0123456789a';
const whole = {
  UPSTREAM_URL: 'https://panel.example.com:8083',
  UPSTREAM_ACCESS_KEY: id,
  UPSTREAM_SECRET_KEY: secret,
};

const withoutSecret = { UPSTREAM_URL: whole.UPSTREAM_URL, UPSTREAM_ACCESS_KEY: id };

function load(settings: Readonly<Record<string, string>>) {
  const named = Object.entries(settings).map(([name, value]) => [`HEARTHKEY_${name}`, value]);
  return loadConfig(Object.fromEntries(named) as Record<string, string>);
}

function problemsOf(settings: Readonly<Record<string, string>>): string[] {
  try {
    load(settings);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n');
    throw error;
  }
  throw new Error('there was no problem');
}

function secretFile(text: string): string {
  const file = join(temporaryFolder(), 'secret');
  writeFileSync(file, text);
  return file;
}

describe('another panel', () => {
  it('is none unless it is set', () => {
    expect(load({}).upstream).toBeUndefined();
  });

  it('has an address, a credential and maybe a certificate', () => {
    const { upstream, unknownSettings } = load({ ...whole, UPSTREAM_CA: '/etc/panel.pem' });
    expect(upstream?.url.href).toBe('https://panel.example.com:8083/api/');
    expect(upstream).toMatchObject({ accessKeyId: id, secretAccessKey: secret, caFile: '/etc/panel.pem' });
    expect(unknownSettings).toEqual([]);
  });

  it.each(['UPSTREAM_URL', 'UPSTREAM_ACCESS_KEY', 'UPSTREAM_SECRET_KEY'])('needs %s', (missing) => {
    const others = Object.fromEntries(Object.entries(whole).filter(([name]) => name !== missing));
    expect(problemsOf(others)).toEqual([
      `HEARTHKEY_${missing}: the other HEARTHKEY_UPSTREAM_ settings need it`,
    ]);
  });

  it('needs more than a certificate', () => {
    expect(problemsOf({ UPSTREAM_CA: '/etc/panel.pem' })).toHaveLength(3);
  });

  it.each(['COMMANDS_DIR', 'HESTIA_ROOT'])('is not there beside %s', (other) => {
    expect(problemsOf({ ...whole, [other]: '/usr/local/hestia' })).toEqual([
      `HEARTHKEY_UPSTREAM_URL and HEARTHKEY_${other}: commands run in one place, set one of them`,
    ]);
  });
});

describe('its address', () => {
  it.each([
    ['https://panel.example.com', 'https://panel.example.com/api/'],
    ['https://panel.example.com:8083/', 'https://panel.example.com:8083/api/'],
    ['https://panel.example.com/panel/api/index.php', 'https://panel.example.com/panel/api/index.php'],
    ['http://127.0.0.1:8083', 'http://127.0.0.1:8083/api/'],
    ['http://127.9.9.9', 'http://127.9.9.9/api/'],
    ['http://[::1]:8083', 'http://[::1]:8083/api/'],
    ['http://LOCALHOST', 'http://localhost/api/'],
    ['https://203.0.113.9', 'https://203.0.113.9/api/'],
  ])('%s is %s', (text, href) => {
    expect(parseUpstreamUrl(text)).toMatchObject({ url: { href } });
  });

  it.each([
    'panel.example.com',
    'ftp://panel.example.com',
    'https://',
    'https://root@panel.example.com',
    'https://root:hunter2@panel.example.com',
    'https://panel.example.com/?',
    'https://panel.example.com/?a=hunter2',
    'https://panel.example.com/#',
    'http://panel.example.com',
    'http://10.0.0.1',
    'http://127.0.0.1.example.com',
    'http://localhost.example.com',
    'http://[::2]',
    'http://0.0.0.0',
  ])('is not %s', (text) => {
    const [line = '', ...more] = problemsOf({ ...whole, UPSTREAM_URL: text });
    expect(more).toEqual([]);
    expect(line).toMatch(/^HEARTHKEY_UPSTREAM_URL: \S/);
    expect(line).not.toContain('hunter2');
  });

  it('is unencrypted on this machine alone, however it is written', () => {
    fc.assert(
      fc.property(
        fc.webUrl({ validSchemes: ['http', 'https'], authoritySettings: { withIPv4: true } }),
        (text) => {
          const parsed = parseUpstreamUrl(text);
          if (!('url' in parsed) || parsed.url.protocol !== 'http:') return;
          expect(parsed.url.hostname).toMatch(/^(?:127\.[0-9.]+|localhost)$/);
        },
      ),
    );
  });
});

describe('its credential', () => {
  it.each([
    ['UPSTREAM_ACCESS_KEY', 'short'],
    ['UPSTREAM_ACCESS_KEY', '../../../etc/passwd0'],
    ['UPSTREAM_SECRET_KEY', 'hunter2'],
    ['UPSTREAM_SECRET_KEY', `${'x'.repeat(39)}:`],
  ])('is named, but never shown, when %s is %s', (name, value) => {
    const [line = '', ...more] = problemsOf({ ...whole, [name]: value });
    expect(more).toEqual([]);
    expect(line).toMatch(new RegExp(`^HEARTHKEY_${name}: \\S`));
    expect(line).not.toContain(value);
  });

  it('may be in files, with or without a line end', () => {
    const files = {
      UPSTREAM_ACCESS_KEY_FILE: secretFile(id),
      UPSTREAM_SECRET_KEY_FILE: secretFile(`\uFEFF${secret}\r\n`),
    };
    const { upstream, unknownSettings } = load({ UPSTREAM_URL: whole.UPSTREAM_URL, ...files });
    expect(upstream).toMatchObject({ accessKeyId: id, secretAccessKey: secret });
    expect(unknownSettings).toEqual([]);
  });

  it('is not given twice', () => {
    expect(problemsOf({ ...whole, UPSTREAM_SECRET_KEY_FILE: secretFile(secret) })).toEqual([
      'HEARTHKEY_UPSTREAM_SECRET_KEY and HEARTHKEY_UPSTREAM_SECRET_KEY_FILE: set one of them, not both',
    ]);
  });

  it.each<[string, () => string, RegExp]>([
    ['is missing', () => join(temporaryFolder(), 'nothing'), /can't be read: it is not there \(ENOENT\)$/],
    ['is a folder', () => temporaryFolder(), /can't be read: it is a directory \(EISDIR\)$/],
    ['is empty', () => secretFile('\n'), /is empty$/],
    ['has more lines', () => secretFile(`${secret}\nhunter2\n`), /has more than one line$/],
  ])('is named, but never shown, when its file %s', (_what, makeFile, text) => {
    const [line = '', ...more] = problemsOf({ ...withoutSecret, UPSTREAM_SECRET_KEY_FILE: makeFile() });
    expect(more).toEqual([]);
    expect(line).toMatch(/^HEARTHKEY_UPSTREAM_SECRET_KEY_FILE: /);
    expect(line).toMatch(text);
    expect(line).not.toContain(secret);
  });

  it('in a file is judged like any other, under the name of the setting', () => {
    const [line = '', ...more] = problemsOf({
      ...withoutSecret,
      UPSTREAM_SECRET_KEY_FILE: secretFile('hunter2\n'),
    });
    expect(more).toEqual([]);
    expect(line).toMatch(/^HEARTHKEY_UPSTREAM_SECRET_KEY: /);
    expect(line).not.toContain('hunter2');
  });
});
