import { invalid, ReturnCode } from '../../../errors.js';
import {
  parseEmail,
  parsePackage,
  parsePassword,
  parsePersonName,
  parseRole,
  parseUserName,
} from '../../../users/user.js';
import type { Users } from '../../../users/users.js';
import { ok, requireEverything, wide, type BuiltinCommand } from '../../builtin-command.js';
import { resultOf } from '../../long-output.js';
import { parseFormat } from '../../output-formats.js';
import { formatUser, formatUsersTable, parseUsersFormat, usersInParts, usersTable } from './user-listing.js';

/** `v-add-user` and its family, where no panel supplies the users. */
export function userCommands(users: Users, rootUser: string): BuiltinCommand[] {
  return [
    addUser(users),
    listUser(users, rootUser),
    listUsers(users, rootUser),
    changePassword(users),
    changePackage(users),
    changeConfigValue(users),
    changeRole(users),
    ...stateCommands(users),
  ];
}

function addUser(users: Users): BuiltinCommand {
  return {
    name: 'v-add-user',
    info: 'add user; - in place of the password asks for it, or reads it from standard input',
    options: 'USER PASSWORD EMAIL [PACKAGE] [NAME] [LASTNAME]',
    longOptions: [
      {
        name: 'role',
        value: 'ROLE',
        info: 'admin: an administrator, whose keys may use admin roles; user (the default)',
      },
    ],
    argumentHelp: { NAME: { info: 'the first name of the person' } },
    exitCodes: [ReturnCode.EXISTS, ReturnCode.FORBIDDEN],
    examples: [
      'v-add-user alice - alice@example.com < password.txt',
      'v-add-user alice --password-file /root/alice.password alice@example.com default Alice Example',
      'v-add-user carol - carol@example.com --role admin < password.txt',
    ],
    changes: true,
    async run({
      args: [name = '', password = '', email = '', packageName = '', first = '', last = ''],
      options,
      caller,
      origin,
      terminal,
    }) {
      const role = parseRole(options.get('role')?.at(-1) ?? 'user');
      if (role === 'admin') requireEverything(caller);
      const user = {
        name: parseUserName(name),
        password: parsePassword(password),
        email: parseEmail(email),
        package: parsePackage(packageName === '' ? 'default' : packageName),
        firstName: parsePersonName('first name', first),
        lastName: parsePersonName('last name', last),
        role,
      };
      await users.add(user, origin);
      const as = role === 'admin' ? 'is added as an administrator' : 'is added';
      terminal.say(`User ${user.name} ${as}, with the package ${user.package}.\n`);
      return ok();
    },
  };
}

function changePassword(users: Users): BuiltinCommand {
  return {
    name: 'v-change-user-password',
    info: 'change user password; - in its place asks for it, or reads it from standard input',
    options: 'USER PASSWORD',
    exitCodes: [ReturnCode.NOT_EXIST, ReturnCode.FORBIDDEN],
    examples: [
      'v-change-user-password admin - < password.txt',
      'v-change-user-password alice --password-file /root/alice.password',
    ],
    changes: true,
    async run({ args: [name = '', password = ''], origin, terminal }) {
      await users.changePassword(parseUserName(name), parsePassword(password), origin);
      terminal.say(`The password of ${name} is changed.\n`);
      return ok();
    },
  };
}

function changePackage(users: Users): BuiltinCommand {
  return {
    name: 'v-change-user-package',
    info: 'change user package',
    options: 'USER PACKAGE [FORCE]',
    argumentHelp: { FORCE: { info: 'taken for the sake of clients of Hestia, and ignored' } },
    exitCodes: [ReturnCode.NOT_EXIST],
    examples: ['v-change-user-package alice gold'],
    changes: true,
    async run({ args: [name = '', packageName = ''], origin, terminal }) {
      await users.changePackage(parseUserName(name), parsePackage(packageName), origin);
      terminal.say(`The package of ${name} is ${packageName}.\n`);
      return ok();
    },
  };
}

function changeRole(users: Users): BuiltinCommand {
  return {
    name: 'v-change-user-role',
    info: 'change user role: the keys of an administrator may use admin roles',
    options: 'USER ROLE',
    argumentHelp: { ROLE: { info: 'admin: an administrator', values: ['admin', 'user'] } },
    exitCodes: [ReturnCode.NOT_EXIST, ReturnCode.FORBIDDEN],
    examples: ['v-change-user-role carol admin', 'v-change-user-role carol user'],
    changes: true,
    async run({ args: [name = '', roleText = ''], caller, origin, terminal }) {
      requireEverything(caller);
      const role = parseRole(roleText);
      await users.changeRole(parseUserName(name), role, origin);
      terminal.say(`User ${name} is ${role === 'admin' ? 'an administrator' : 'an ordinary user'} now.\n`);
      return ok();
    },
  };
}

function changeConfigValue(users: Users): BuiltinCommand {
  return {
    name: 'v-change-user-config-value',
    info: 'change user configuration value: LOGIN_DISABLED (login with a password)',
    options: 'USER KEY VALUE',
    argumentHelp: {
      KEY: { info: 'what is changed', values: ['LOGIN_DISABLED'] },
      VALUE: { info: 'yes: no login with a password', values: ['yes', 'no'] },
    },
    exitCodes: [ReturnCode.NOT_EXIST, ReturnCode.FORBIDDEN],
    examples: ['v-change-user-config-value admin LOGIN_DISABLED yes'],
    changes: true,
    async run({ args: [name = '', key = '', value = ''], origin, terminal }) {
      if (key !== 'LOGIN_DISABLED')
        throw invalid(`there is no user configuration value ${key} here, only LOGIN_DISABLED`);
      if (value !== 'yes' && value !== 'no') throw invalid(`LOGIN_DISABLED can be yes or no, not ${value}`);
      await users.setLoginDisabled(parseUserName(name), value === 'yes', origin);
      terminal.say(`LOGIN_DISABLED of ${name} is ${value}.\n`);
      return ok();
    },
  };
}

function stateCommands(users: Users): BuiltinCommand[] {
  return [
    {
      name: 'v-delete-user',
      info: 'delete user, and the access keys it owns',
      options: 'USER [RESTART]',
      exitCodes: [ReturnCode.NOT_EXIST, ReturnCode.FORBIDDEN],
      examples: ['v-delete-user alice'],
      changes: true,
      async run({ args: [name = ''], origin, terminal }) {
        await users.delete(parseUserName(name), origin);
        terminal.say(`User ${name} is deleted, with all access keys.\n`);
        return ok();
      },
    },
    {
      name: 'v-suspend-user',
      info: 'suspend user: its access keys are denied',
      options: 'USER [RESTART]',
      exitCodes: [ReturnCode.NOT_EXIST, ReturnCode.SUSPENDED, ReturnCode.FORBIDDEN],
      examples: ['v-suspend-user alice'],
      changes: true,
      async run({ args: [name = ''], origin, terminal }) {
        await users.suspend(parseUserName(name), origin);
        terminal.say(`User ${name} is suspended.\n`);
        return ok();
      },
    },
    {
      name: 'v-unsuspend-user',
      info: 'unsuspend user: its access keys work again',
      options: 'USER [RESTART]',
      exitCodes: [ReturnCode.NOT_EXIST, ReturnCode.UNSUSPENDED],
      examples: ['v-unsuspend-user alice'],
      changes: true,
      async run({ args: [name = ''], origin, terminal }) {
        await users.unsuspend(parseUserName(name), origin);
        terminal.say(`User ${name} is not suspended any more.\n`);
        return ok();
      },
    },
  ];
}

function listUser(users: Users, rootUser: string): BuiltinCommand {
  return {
    name: 'v-list-user',
    info: 'list user parameters',
    options: 'USER [FORMAT]',
    exitCodes: [ReturnCode.NOT_EXIST],
    examples: ['v-list-user alice', 'v-list-user alice json'],
    changes: false,
    async run({ args: [name = '', format] }) {
      const outputFormat = parseFormat(format);
      return ok(formatUser(await users.get(parseUserName(name)), rootUser, outputFormat));
    },
  };
}

function listUsers(users: Users, rootUser: string): BuiltinCommand {
  return {
    name: 'v-list-users',
    info: 'list users',
    options: '[FORMAT]',
    longOptions: [wide],
    argumentHelp: {
      FORMAT: {
        info: 'how the output looks; list: the names alone',
        values: ['shell', 'json', 'plain', 'csv', 'list'],
      },
    },
    examples: ['v-list-users', 'v-list-users json', 'v-list-users csv', 'v-list-users list'],
    changes: false,
    async run({ args: [format] }) {
      const outputFormat = parseUsersFormat(format);
      const listed = await users.list();
      if (outputFormat === 'shell')
        return ok(formatUsersTable(listed, rootUser), usersTable(listed, rootUser));
      const type = outputFormat === 'json' ? 'json' : 'text';
      return resultOf(usersInParts(listed, rootUser, outputFormat), type);
    },
  };
}
