/** A Hestia tree as an operator has it, made in a folder of its own. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { temporaryFolder } from './folders.js';

export interface TreeKey {
  id: string;
  secret: string;
  user: string;
  permissions?: string;
  comment?: string;
  /** Lines beside the usual ones. */
  more?: Readonly<Record<string, string>>;
}

export class HestiaFolder {
  readonly root = join(temporaryFolder(), 'hestia');

  /** With the root user `admin`, who may call from everywhere. */
  constructor(settings: Readonly<Record<string, string>> = {}) {
    this.settings({
      API: 'yes',
      API_ALLOWED_IP: 'allow-all',
      API_SYSTEM: '2',
      ROOT_USER: 'admin',
      ...settings,
    });
    for (const folder of ['users', 'access-keys', 'keys', 'api']) {
      mkdirSync(join(this.root, 'data', folder), { recursive: true });
    }
    this.user('admin', { ROLE: 'admin' });
  }

  settings(values: Readonly<Record<string, string>>): void {
    this.file('conf/hestia.conf', conf({ ...values, VERSION: '1.10.0', LANGUAGE: 'en' }));
  }

  user(name: string, values: Readonly<Record<string, string>> = {}): void {
    this.file(
      `data/users/${name}/user.conf`,
      conf({
        ...{ NAME: `${name} Example`, PACKAGE: 'default', CONTACT: `${name}@example.com`, ROLE: 'user' },
        ...{ SUSPENDED: 'no', SUSPENDED_USERS: '1', U_USERS: '4', TIME: '10:00:00', DATE: '2026-01-01' },
        ...values,
      }),
    );
    this.file(`data/users/${name}/history.log`, '');
  }

  key({ id, secret, user, permissions = '', comment = '', more = {} }: TreeKey): TreeKey & { pair: string } {
    this.file(
      `data/access-keys/${id}`,
      conf({
        ...{ SECRET_ACCESS_KEY: secret, USER: user, PERMISSIONS: permissions, COMMENT: comment },
        ...{ TIME: '11:12:13', DATE: '2026-02-03', EXPIRES_IN: '', IP: '' },
        ...more,
      }),
    );
    return { id, secret, user, pair: `${id}:${secret}` };
  }

  legacyKey(key: string): void {
    this.file(`data/keys/${key}`, '');
  }

  api(name: string, role: string, commands: string): void {
    this.file(`data/api/${name}`, `ROLE='${role}'\nCOMMANDS='${commands}'\n`);
  }

  file(path: string, content: string | Buffer): void {
    const file = join(this.root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}

export function conf(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}='${value}'\n`)
    .join('');
}

/** An access key ID, a secret and a legacy key that are told from others by a number. */
export const numbered = {
  id: (number: number) => `HESTIA${String(number).padStart(14, '0')}`,
  secret: (number: number) => `s-${String(number).padStart(8, '0')}_=${'Zz09'.repeat(7)}`,
  legacyKey: (number: number) => `L${String(number).padStart(7, '0')}-_${'abCD56'.repeat(3)}xyz9`,
};
