import { describe, expect, it } from '@jest/globals';
import { loadConfig } from './config.js';

const read = (text: string) => loadConfig({ HEARTHKEY_AUDIT_WITNESS: text }).auditWitnesses;

describe('HEARTHKEY_AUDIT_WITNESS', () => {
  it('names files and servers', () => {
    const servers = ['https://witness.example.com/w', 'http://127.0.0.1:8080', 'http://localhost/'];
    expect(read(` /var/witness , ${servers.join(',')},`)).toEqual(['/var/witness', ...servers]);
  });

  it.each([
    ['http://witness.example.com/hunter2', 'place 1: expected a path or a URL that begins with https://'],
    ['/a,ftp://hunter2@w/', 'place 2: expected a path or a URL that begins with https://'],
    ['https://hunter2@w/', 'place 1: there may be no user name or password in it'],
    ['https://user:hunter2@w/', 'place 1: there may be no user name or password in it'],
    ['https://w/?token=hunter2', 'place 1: there may be no ? or # in it'],
    ['https://w/#hunter2', 'place 1: there may be no ? or # in it'],
  ])('%s is refused, and is not in the message', (text, message) => {
    expect(() => read(text)).toThrow(`HEARTHKEY_AUDIT_WITNESS: ${message}`);
    expect(() => read(text)).not.toThrow(/hunter2/);
  });
});
