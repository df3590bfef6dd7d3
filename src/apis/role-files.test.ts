import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../test/support/folders.js';
import { layFiles, shippedTexts } from './role-files.js';

describe('the shipped role files', () => {
  it('are laid into a directory that was not there', () => {
    const fresh = join(temporaryFolder(), 'deep/api');
    layFiles(fresh, shippedTexts());
    expect(readdirSync(fresh)).toHaveLength(6);
    expect(readFileSync(join(fresh, 'purge-nginx-cache'), 'utf8')).toMatch(/^ROLE='user'\nCOMMANDS='v-/);
  });

  it('are not laid into one that exists: it is the operator who empties it', () => {
    const directory = temporaryFolder();
    layFiles(directory, shippedTexts());
    expect(readdirSync(directory)).toEqual([]);
  });
});
