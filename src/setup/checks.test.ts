import { describe, expect, it } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { temporaryFolder } from '../../test/support/folders.js';
import { lockDataDir } from '../storage/sqlite/data-dir.js';
import { mustNotRun } from './checks.js';

describe('the check that no service runs', () => {
  it('leaves no file in a data directory that no service has used', () => {
    const dataDir = temporaryFolder();
    mustNotRun(dataDir);
    expect(readdirSync(dataDir)).toEqual([]);
  });

  it('refuses a data directory in use, and takes it when it is free', () => {
    const dataDir = temporaryFolder();
    const lock = lockDataDir(dataDir);
    expect(() => mustNotRun(dataDir)).toThrow('stop it first');
    lock.release();
    expect(() => mustNotRun(dataDir)).not.toThrow();
  });
});
