import { describe, expect, it } from '@jest/globals';
import { missingPackage } from './missing-package.js';

const failed = (message: string, code?: string) =>
  missingPackage(Object.assign(new Error(message), { code }));
const anew = 'install it anew (npm ci in the installation folder)';
const machine = `${process.platform} ${process.arch}`;

describe('a package that can not be loaded', () => {
  it('is named where its binary is not there', () => {
    const message =
      'No native build was found for platform=linux arch=x64\n    loaded from: /opt/hk/node_modules/argon2\n';
    expect(failed(message)).toBe(`the package argon2 has no binary for this machine (${machine}): ${anew}`);
    const nested = '/a/node_modules/b/node_modules/@photostructure/sqlite';
    expect(failed(`No native build was found for x\n    loaded from: ${nested}\n`)).toContain(
      'the package @photostructure/sqlite has no binary',
    );
  });

  it('is named where its binary is for another machine, or broken', () => {
    const file = '/opt/hk/node_modules/argon2/prebuilds/linux-x64/argon2.glibc.node';
    expect(failed(`${file}: file too short`, 'ERR_DLOPEN_FAILED')).toBe(
      `the package argon2 has a binary that can't be loaded on this machine (${machine}): ${anew}`,
    );
  });

  it('is named where it is not there at all', () => {
    const message =
      "Cannot find package '@photostructure/sqlite' imported from /opt/hk/dist/bundle/part-X.js";
    expect(failed(message, 'ERR_MODULE_NOT_FOUND')).toBe(
      `the package @photostructure/sqlite is not installed: ${anew}`,
    );
  });

  it('is no other error', () => {
    expect(failed('something in node_modules/argon2 broke')).toBeUndefined();
    expect(failed("Cannot find module './own.js'", 'MODULE_NOT_FOUND')).toBeUndefined();
    expect(missingPackage('text')).toBeUndefined();
  });
});
