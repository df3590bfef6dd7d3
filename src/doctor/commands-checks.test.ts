import { expect, it } from '@jest/globals';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { commandsDirectory } from '../../test/support/folders.js';
import { CommandsDir } from '../catalogue/commands-dir.js';
import { FileTrust } from '../catalogue/file-trust.js';
import { UserFamily } from '../catalogue/user-family.js';
import { commandsThatOthersCanChange, userCommandsThatNeverRun } from './commands-checks.js';

const script = { script: 'exit 0' };

it('commands that others could change are named with the cause, each cause once', () => {
  const directory = commandsDirectory({ 'v-a': script, 'v-b': script, 'v-c': script });
  const find = () => commandsThatOthersCanChange(new CommandsDir(directory), new FileTrust(true));
  expect(find()).toEqual([]);
  expect(commandsThatOthersCanChange(undefined, new FileTrust(true))).toEqual([]);
  chmodSync(join(directory, 'v-b'), 0o777);
  expect(find()).toMatchObject([
    {
      check: 'command_writable',
      subject: 'HEARTHKEY_COMMANDS_DIR: v-b',
      problem: `is not run: ${directory}/v-b can be written by everybody`,
      advice: 'give it to root and take the right to write away from others (chown root, chmod go-w)',
    },
  ]);
  chmodSync(directory, 0o777);
  expect(find().map(({ subject, problem }) => [subject, problem])).toEqual([
    ['HEARTHKEY_COMMANDS_DIR: every command', `is not run: ${directory} can be written by everybody`],
  ]);
});

it('executables for users that never run are named with what the directory lacks', () => {
  const part = { 'v-add-user': script, 'v-suspend-user': script, 'v-list-users': script };
  const family = new UserFamily(new CommandsDir(commandsDirectory(part)));
  expect(family.isInDirectory).toBe(false);
  expect(userCommandsThatNeverRun(family)[0]).toMatchObject({
    subject: 'HEARTHKEY_COMMANDS_DIR: v-add-user, v-suspend-user',
    advice: 'add v-delete-user, so that the directory supplies the users, or take them away',
  });
  const whole = new UserFamily(new CommandsDir(commandsDirectory({ ...part, 'v-delete-user': script })));
  expect(whole.isInDirectory).toBe(true);
  expect(userCommandsThatNeverRun(whole)).toEqual([]);
  expect(userCommandsThatNeverRun(new UserFamily(undefined))).toEqual([]);
  // A list alone changes nobody.
  const list = new UserFamily(new CommandsDir(commandsDirectory({ 'v-list-users': script })));
  expect(userCommandsThatNeverRun(list)).toEqual([]);
});
