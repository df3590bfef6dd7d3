import type { ChangeOrigin } from '../../audit/audit-event.js';
import { ReturnCode } from '../../errors.js';
import type { PanelUsers } from '../../users/panel-users.js';
import { parseUserName } from '../../users/user.js';
import type { Backend } from '../backends/backend.js';
import { requireEverything, type BuiltinCommand } from '../builtin-command.js';
import type { TemporaryFiles } from '../temporary-files.js';
import { passwordAtPanel } from './password-files.js';

/** A panel that supplies the users: its commands, and what has to follow them here. */
export interface Panel {
  backend: Backend;
  users: PanelUsers;
}

interface Ended {
  args: readonly string[];
  /** Undefined: the panel read it from a file that only it can read. */
  password: string | undefined;
  code: number;
  origin: ChangeOrigin;
}

/** What a command that the panel has run changes here. "It was so already" counts as done. */
const followers: Readonly<Record<string, (users: PanelUsers, ended: Ended) => Promise<void>>> = {
  async 'v-add-user'(users, { args, password, code, origin }) {
    const [name = '', , email = '', packageName = '', firstName = '', lastName = ''] = args;
    if (code !== ReturnCode.OK) return;
    await users.added({ name, email, package: packageName, firstName, lastName }, origin);
    await users.passwordChanged(name, password, origin);
  },
  async 'v-delete-user'(users, { args: [name = ''], code, origin }) {
    if (code === ReturnCode.OK || code === ReturnCode.NOT_EXIST) await users.deleted(name, origin);
  },
  async 'v-suspend-user'(users, { args: [name = ''], code, origin }) {
    if (code === ReturnCode.OK || code === ReturnCode.SUSPENDED) await users.suspended(name, true, origin);
  },
  async 'v-unsuspend-user'(users, { args: [name = ''], code, origin }) {
    if (code === ReturnCode.OK || code === ReturnCode.UNSUSPENDED) await users.suspended(name, false, origin);
  },
  async 'v-change-user-password'(users, { args: [name = ''], password, code, origin }) {
    if (code === ReturnCode.OK) await users.passwordChanged(name, password, origin);
  },
  async 'v-change-user-config-value'(users, { args: [name = '', key, value], code, origin }) {
    if (code !== ReturnCode.OK) return;
    // What the panel makes of another value isn't known here: only a plain "no" lets anybody in.
    if (key === 'LOGIN_DISABLED') await users.loginDisabled(name, value !== 'no', origin);
    if (key === 'SUSPENDED') await users.suspended(name, value !== 'no', origin);
  },
};

/** Commands that would give whoever runs them the root user's own way in. */
const aboutRootsLogin = new Set(['v-change-user-password', 'v-change-user-config-value']);

/** Their second argument is a password. */
const haveAPassword = new Set(['v-add-user', 'v-change-user-password']);

/** The user family where a panel supplies the users: it runs there, and what it changes counts here before the answer. */
export function panelUserCommands(
  own: readonly BuiltinCommand[],
  { backend, users }: Panel,
  rootUser: string,
  files?: TemporaryFiles,
): BuiltinCommand[] {
  return own.map((command) => ({
    ...command,
    isThere: () => backend.has(command.name),
    async run({ args, caller, origin }) {
      const [name = ''] = args;
      if (command.name !== 'v-list-users') parseUserName(name);
      if (aboutRootsLogin.has(command.name) && name === rootUser) requireEverything(caller);
      const password = haveAPassword.has(command.name)
        ? await passwordAtPanel(args[1], files, caller)
        : undefined;
      const result = await backend.run(command.name, (await files?.locate(args, caller)) ?? args);
      // A command that is lacking ends with the code of one that found nothing to do, and did not run.
      if (result.isMissing !== true)
        await followers[command.name]?.(users, { args, password, code: result.code, origin });
      return result;
    },
  }));
}
