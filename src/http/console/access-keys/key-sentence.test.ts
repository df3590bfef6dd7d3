import { describe, expect, it } from '@jest/globals';
import type { ApiDto } from '../../administration/apis/api.dto.js';
import type { AccessKeyDto } from '../../administration/access-keys/access-key.dto.js';
import type { KeyOwner } from './key-owner.js';
import { sentenceOfKey } from './key-sentence.js';

const api = (name: string, role: 'admin' | 'user' | null, ...commands: string[]): ApiDto =>
  ({ name, role, commands, problem: null }) as Partial<ApiDto> as ApiDto;
const apis = [
  api('hosting', 'admin', 'v-list-user', 'v-list-web-domains'),
  api('own', 'user', 'v-list-user', 'v-list-dns-domains'),
  api('nobody', null, 'v-list-sys-info'),
];

function sentences(owner: KeyOwner, ...permissions: string[]): string[] {
  const limits = { allowedAddresses: null, rateLimit: null, only: null, expiresAt: null };
  const key = { user: 'carol', permissions, ...limits } as Partial<AccessKeyDto> as AccessKeyDto;
  return (['en', 'de'] as const).map((language) => sentenceOfKey(language, key, owner, apis));
}

describe('the sentence of a key', () => {
  it.each<[KeyOwner, string[], string, string]>([
    ['user', ['hosting', 'own'], '2 commands, for carol only,', '2 Befehle ausführen, nur für carol,'],
    ['user', ['hosting'], 'no command, for carol only,', 'keinen Befehl ausführen, nur für carol,'],
    [
      'administrator',
      ['own', 'nobody'],
      '2 commands, for carol only,',
      '2 Befehle ausführen, nur für carol,',
    ],
    [
      'administrator',
      ['hosting'],
      '2 commands, for all users but the root user,',
      '2 Befehle ausführen, für alle Benutzer außer dem Root-Benutzer,',
    ],
    [
      'administrator',
      ['hosting', 'own'],
      '3 commands, 2 of them for all users but the root user, the others for carol only,',
      '3 Befehle ausführen, 2 davon für alle Benutzer außer dem Root-Benutzer, die anderen nur für carol,',
    ],
    [
      'root_user',
      ['hosting', 'nobody'],
      '3 commands, for all users,',
      '3 Befehle ausführen, für alle Benutzer,',
    ],
    ['root_user', [], 'every command, for all users,', 'jeden Befehl ausführen, für alle Benutzer,'],
  ])('of %s with %j tells whom it may name', (owner, permissions, english, german) => {
    const [en, de] = sentences(owner, ...permissions);
    expect(en).toContain(`May run ${english} from any address`);
    expect(de).toContain(`Darf ${german} von jeder Adresse`);
  });
});
