import { describe, expect, it } from '@jest/globals';
import {
  generateAccessKeyId,
  generateLegacyKey,
  generateSecretAccessKey,
} from '../secrets/generated-secret.js';
import { idInPath, maskSecretsIn, secretsInName } from './secrets-in-names.js';

const [id, secret] = [generateAccessKeyId(), generateSecretAccessKey()];

describe('the name of a file or a folder', () => {
  it('is looked at once, and an ID in the folders above it counts as standing beside it', () => {
    const path = `/var/${id}/${secret}`;
    expect(secretsInName(path, path.lastIndexOf('/') + 1)).toMatchObject([{ secret, accessKeyId: id }]);
    expect(secretsInName(`${path}/below`, path.length + 1)).toEqual([]);
    expect(secretsInName(`/übér/${secret}.txt`, 6)).toMatchObject([{ secret }]);
  });

  it('is never printed with a secret in it', () => {
    const imported = `${'A+b=c.1^2~'.repeat(3)}Zyxwvutsrq`;
    for (const one of [secret, generateLegacyKey()])
      expect(maskSecretsIn(`/ü/${one}.d/a`)).not.toContain(one.slice(4));
    expect(maskSecretsIn(`/x/${secret}/a.txt`)).toBe(`/x/${secret.slice(0, 3)}***(40)/a.txt`);
    const masked = maskSecretsIn(`x ${id}:${imported.replace('=', '%3D')},rest`);
    expect(masked).toContain(id);
    expect(masked).not.toContain('c.1^2~');
    expect(maskSecretsIn('/home/alice/übersicht.txt')).toBe('/home/alice/übersicht.txt');
  });

  it('names the access key that a file belongs to, or else a folder above it', () => {
    const other = generateAccessKeyId();
    expect(idInPath(`/keys/${id}`)).toBe(id);
    expect(idInPath(`/keys/backup_${id}.env`)).toBe(id);
    expect(idInPath(`/keys/${other}/${id}-2/secret.txt`)).toBe(id);
    expect(idInPath('a.tar!access-keys/AAAAAAAAAAAAAAAAAAAA')).toBe('AAAAAAAAAAAAAAAAAAAA');
    expect(idInPath('/srv/internationalisation/readme')).toBeUndefined();
  });
});
