import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CaseFolder, makeCaseFolder, readTraces, writeCommands } from './case-folder.js';

const stub = { name: 'v-stub', text: '#!/bin/bash\n# info: a stub\n# options: USER\necho "$1"\nexit 3\n' };
const gone = { name: 'v-gone', text: '#!/bin/bash\n' };

describe('the commands of a case', () => {
  let parent: string;
  let folder: CaseFolder;

  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'hk-test-'));
    folder = makeCaseFolder(parent, "it's one");
    const catalogue = new Map([
      ['v-list-mail-domains', { command: 'v-list-mail-domains', info: 'list', options: 'USER [FORMAT]' }],
    ]);
    const commands = new Map([
      ['v-gone', null],
      ['v-more', '#!/bin/bash\nexit 4\n'],
    ]);
    writeCommands(folder, [stub, gone], ['v-list-mail-domains'], { commands }, catalogue);
  });

  afterEach(() => rmSync(parent, { recursive: true }));

  it('leave a trace with their arguments as they were', () => {
    expect(readTraces(folder)).toEqual([]);
    expect(() =>
      execFileSync(join(folder.commandsDir, 'v-stub'), ['a b', '', 'c\nd'], { stdio: 'pipe' }),
    ).toThrow();
    expect(() => execFileSync(join(folder.commandsDir, 'v-more'), { stdio: 'pipe' })).toThrow();
    expect(readTraces(folder)).toEqual([
      { command: 'v-stub', args: ['a b', '', 'c\nd'] },
      { command: 'v-more', args: [] },
    ]);
  });

  it('keep what they print and their comment lines', () => {
    const text = readFileSync(join(folder.commandsDir, 'v-stub'), 'utf8');
    expect(text).toMatch(/^#!\/bin\/bash\n# info: a stub\n# options: USER\n/);
    expect(text).toContain('echo "$1"\nexit 3\n');
  });

  it('have a stand-in with the options of the catalogue, and lack what the case takes away', () => {
    const file = join(folder.commandsDir, 'v-list-mail-domains');
    expect(readFileSync(file, 'utf8')).toContain('# options: USER [FORMAT]\n');
    expect(execFileSync(file, ['alice']).toString()).toBe('stand-in v-list-mail-domains\n');
    expect(existsSync(join(folder.commandsDir, 'v-gone'))).toBe(false);
  });
});
