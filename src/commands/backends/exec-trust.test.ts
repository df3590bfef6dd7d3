/** What happens where an executable is replaced, or could be changed by others, between a decision and its start. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { commandsDirectory, temporaryFolder } from '../../../test/support/folders.js';
import { CommandsDir } from '../../catalogue/commands-dir.js';
import { FileTrust } from '../../catalogue/file-trust.js';
import type { CommandResult } from '../builtin-command.js';
import { ExecBackend, type ExecBackendOptions } from './exec-backend.js';

const folder = temporaryFolder();
let problems: string[] = [];

function optionsFor(onProblem: (problem: string) => void): ExecBackendOptions {
  return {
    ...{ timeoutMs: 20_000, outputLimitBytes: 100_000, runAs: undefined, throughSudo: false },
    ...{ trust: new FileTrust(true), environment: {}, onProblem },
  };
}

describe('a command that is replaced', () => {
  const text = (options: string): string =>
    `#!/bin/sh\n# options: ${options}\necho "$1 as ${options}" >> ${folder}/ran; echo "$1"\n`;
  const replace = (directory: string, options: string): void => {
    writeFileSync(join(directory, 'new'), text(options), { mode: 0o755 });
    renameSync(join(directory, 'new'), join(directory, 'v-moved'));
  };
  const ran = (): string =>
    existsSync(join(folder, 'ran')) ? readFileSync(join(folder, 'ran'), 'utf8') : '';
  function replacedDirectory(): { directory: string; commandsDir: CommandsDir; backend: ExecBackend } {
    rmSync(join(folder, 'ran'), { force: true });
    const directory = commandsDirectory({});
    replace(directory, 'USER');
    // It is looked at once: what the decision is made of stays as it was.
    const commandsDir = new CommandsDir(directory, () => 0);
    return {
      directory,
      commandsDir,
      backend: new ExecBackend(
        commandsDir,
        optionsFor(() => undefined),
      ),
    };
  }

  it('does not run where its USER stands elsewhere than when it was decided about', async () => {
    const { directory, commandsDir, backend } = replacedDirectory();
    const decided = commandsDir.find('v-moved');
    expect((await backend.run('v-moved', ['alice'], decided)).output).toBe('alice\n');
    for (const options of ['DOMAIN USER', 'DOMAIN', 'PASSWORD', 'USER DOMAIN']) {
      replace(directory, options);
      expect(await backend.run('v-moved', ['bob'], decided)).toEqual({
        code: 14,
        output: 'Error: v-moved is being replaced, try again\n',
      });
      // The next decision is about the new one.
      expect((await backend.run('v-moved', ['carol'], commandsDir.find('v-moved'))).code).toBe(0);
    }
    expect(ran()).not.toContain('bob');
  });

  it('runs where the new one says the same of its arguments', async () => {
    const { directory, commandsDir, backend } = replacedDirectory();
    const decided = commandsDir.find('v-moved');
    replace(directory, 'user');
    expect((await backend.run('v-moved', ['alice'], decided)).output).toBe('alice\n');
    expect(ran()).toBe('alice as user\n');
  });

  it('is ended where it was replaced between the last look and its start', async () => {
    const { directory, commandsDir, backend } = replacedDirectory();
    const decided = commandsDir.find('v-moved');
    const executable = commandsDir.executable.bind(commandsDir);
    let looks = 0;
    commandsDir.executable = (name) => {
      looks += 1;
      // The first look is at who may change it, the second for what is started.
      if (looks === 2) replace(directory, 'DOMAIN USER');
      return executable(name);
    };
    const { code } = await backend.run('v-moved', ['bob'], decided);
    expect({ code, looks }).toEqual({ code: 14, looks: 2 });
  });
});

describe('a command that others could change', () => {
  const asRoot = process.getuid?.() === 0 ? it : it.skip;
  let directory: string;
  const file = (): string => join(directory, 'v-own');
  const runIt = (trust = new FileTrust(true)): Promise<CommandResult> => {
    problems = [];
    const options = { ...optionsFor((problem) => problems.push(problem)), trust };
    return new ExecBackend(new CommandsDir(directory), options).run('v-own', []);
  };
  const refused: CommandResult = {
    code: 10,
    output: 'Error: v-own is not run: users other than its owner can change it; the log names the file\n',
  };

  beforeEach(() => {
    directory = commandsDirectory({ 'v-own': { script: 'echo ran' } });
  });

  it('is not run: everybody may write to it, to its directory, or to one above', async () => {
    expect(await runIt()).toEqual({ code: 0, output: 'ran\n' });
    for (const path of [file(), directory, join(directory, '..')]) {
      const { mode } = statSync(path);
      chmodSync(path, 0o777);
      for (const trust of [new FileTrust(true), new FileTrust(false)])
        expect(await runIt(trust)).toEqual(refused);
      expect(problems).toEqual([`v-own was not run: ${resolve(path)} can be written by everybody`]);
      chmodSync(path, mode);
    }
    // A sticky directory on the way protects what is in it; the directory of commands itself has to be closed.
    chmodSync(join(directory, '..'), 0o1777);
    expect((await runIt()).code).toBe(0);
  });

  asRoot(
    "is not run as root: it, or a directory on the way, is another user's or another group may write",
    async () => {
      for (const path of [file(), directory, join(directory, '..')]) {
        chownSync(path, 12_345, 0);
        expect(await runIt()).toEqual(refused);
        expect(problems).toEqual([`v-own was not run: ${resolve(path)} belongs to user 12345, not to root`]);
        expect((await runIt(new FileTrust(false))).code).toBe(0);
        chownSync(path, 0, 12_345);
        expect((await runIt()).code).toBe(0);
        chmodSync(path, 0o775);
        expect(await runIt()).toEqual(refused);
        chownSync(path, 0, 0);
        expect((await runIt()).code).toBe(0);
      }
    },
  );

  it('is looked at where its links lead', async () => {
    const elsewhere = join(temporaryFolder(), 'open');
    mkdirSync(elsewhere);
    renameSync(file(), join(elsewhere, 'real'));
    symlinkSync(join(elsewhere, 'real'), join(elsewhere, 'link'));
    symlinkSync(join(elsewhere, 'link'), file());
    expect((await runIt()).code).toBe(0);
    chmodSync(elsewhere, 0o777);
    expect(await runIt()).toEqual(refused);
  });
});
