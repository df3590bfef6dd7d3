import { describe, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../test/support/folders.js';
import { loadConfig } from './config.js';
import { parseDatabaseUrl, placeOf, type DatabaseServer } from './database-url.js';

function read(text: string): DatabaseServer {
  const parsed = parseDatabaseUrl(text);
  if ('problem' in parsed) throw new Error(parsed.problem);
  return parsed.server;
}

describe('the address of a PostgreSQL database', () => {
  it('has its parts, decoded', () => {
    expect(read('postgres://hearth%40key:p%2Fw%3F@db.example.com:6432/hk%20store')).toEqual({
      hosts: [{ host: 'db.example.com', port: 6432 }],
      database: 'hk store',
      user: 'hearth@key',
      password: 'p/w?',
      sslMode: 'verify-full',
      rootCertFile: undefined,
    });
  });

  it.each([
    ['postgresql://u@[2001:db8::1]/d', '2001:db8::1', '[2001:db8::1]:5432/d'],
    ['postgres://u@%2Frun%2Fpostgresql/d', '/run/postgresql', '/run/postgresql:5432/d'],
    ['postgres:///d?host=/run/postgresql&user=u', '/run/postgresql', '/run/postgresql:5432/d'],
  ])('%s is at %s', (text, host, place) => {
    const server = read(text);
    expect(server).toMatchObject({ hosts: [{ host }], user: 'u', database: 'd', password: undefined });
    expect(placeOf(server)).toBe(place);
  });

  it.each([
    ['postgres://u:p%2C@a,b/d', 'a:5432,b:5432/d'],
    [
      'postgres://u@a:5433,[2001:db8::1]:5434,c/d?target_session_attrs=primary',
      'a:5433,[2001:db8::1]:5434,c:5432/d',
    ],
    ['postgres://u@a,b:5433/d?target_session_attrs=read-write', 'a:5432,b:5433/d'],
    ['postgres:///d?host=/run/a,b&user=u', '/run/a:5432,b:5432/d'],
    ['postgres:///d?host=a,b&port=5433&user=u&target_session_attrs=any', 'a:5433,b:5433/d'],
    ['postgres:///d?host=a,b&port=5433,5434&user=u', 'a:5433,b:5434/d'],
  ])('%s has several hosts, in their order', (text, place) => {
    expect(placeOf(read(text))).toBe(place);
  });

  it('is protected by TLS when one of its hosts is another machine', () => {
    expect(read('postgres://u@localhost,127.0.0.1/d').sslMode).toBe('disable');
    expect(read('postgres://u@localhost,db/d').sslMode).toBe('verify-full');
  });

  it('is encrypted and verified unless it is on this machine, or says otherwise', () => {
    expect(read('postgres://u@db/d').sslMode).toBe('verify-full');
    for (const host of ['localhost', '127.0.0.1', '[::1]', '%2Frun']) {
      expect(read(`postgres://u@${host}/d`).sslMode).toBe('disable');
    }
    for (const mode of ['disable', 'require', 'verify-ca', 'verify-full']) {
      expect(read(`postgres://u@db/d?sslmode=${mode}`).sslMode).toBe(mode);
    }
    const server = read('postgres://u@db/d?sslmode=verify-ca&sslrootcert=/etc/ca.pem');
    expect(server).toMatchObject({ sslMode: 'verify-ca', rootCertFile: '/etc/ca.pem' });
  });

  it.each([
    'hunter2',
    'mysql://u:hunter2@db/d',
    'postgres://u:hunter2@db',
    'postgres://u:hunter2@db/',
    'postgres://:hunter2@db/d',
    'postgres://u:hunter2@db:99999/d',
    'postgres://u:5/hunter2@db/d',
    'postgres://u:5?hunter2@db/d',
    'postgres://u:5#hunter2@db/d',
    'postgres://u:hun/ter2@db/d',
    'postgres://u:hunter2@db/d#',
    'postgres://u:hunter2@db/d?sslmode=hunter2',
    'postgres://u:hunter2@db/d?sslmode=prefer',
    'postgres://u:hunter2@db/d?sslrootcert=hunter2',
    'postgres://u:hunter2@db/d?hunter2=1',
    'postgres://u:hunter2@db,/d',
    'postgres://u:hunter2@db,,b/d',
    'postgres://u:hunter2@db:5432,b:99999/d',
    'postgres://u@a,b:hunter2/d',
    'postgres:///d?host=a,b&user=u&port=1,2,hunter2',
    'postgres:///d?host=a,b,c&user=u&port=1,2&sslmode=hunter2',
    'postgres://u:hunter2@a,b/d?target_session_attrs=standby',
    'postgres://u:hunter2@a,b/d?target_session_attrs=hunter2',
  ])('%s is refused by the name of the setting, and nothing of it is shown', (text) => {
    expect(() => loadConfig({ HEARTHKEY_DATABASE_URL: text })).toThrow(/^HEARTHKEY_DATABASE_URL: [^\n]+$/);
    expect(() => loadConfig({ HEARTHKEY_DATABASE_URL: text })).not.toThrow(/hunter2|ter2|99999/);
  });

  it('can be in a file, and is none unless it is set', () => {
    const file = join(temporaryFolder(), 'url');
    writeFileSync(file, 'postgres://u:hunter2@db/d\n');
    const { databaseServer } = loadConfig({ HEARTHKEY_DATABASE_URL_FILE: file });
    expect(databaseServer).toMatchObject({ hosts: [{ host: 'db' }], password: 'hunter2' });
    expect(loadConfig({}).databaseServer).toBeUndefined();
  });
});
