import type { ChangeOrigin } from '../../../audit/audit-event.js';
import { AppError, ReturnCode } from '../../../errors.js';
import type { PanelUsers, StateAtPanel } from '../../../users/panel-users.js';
import { parseUserName } from '../../../users/user.js';
import type { Backend } from '../../backends/backend.js';
import type { BuiltinCommand, CommandResult } from '../../builtin-command.js';
import type { TemporaryFiles } from '../../temporary-files.js';
import { passwordAtPanel } from './password-files.js';

/** A panel that supplies the users: its commands, and what has to follow them here. */
export interface Panel {
  backend: Backend;
  users: PanelUsers;
  /** What the panel itself says of a user: its tree, or its list. */
  stateOf: (name: string) => Promise<StateAtPanel>;
}

interface Ended {
  users: PanelUsers;
  args: readonly string[];
  /** Undefined: the panel read it from a file that only it can read. */
  password: string | undefined;
  code: number;
  origin: ChangeOrigin;
  stateOf: Panel['stateOf'];
}

/** Why the panel's answer is not believed; undefined: it is, and what follows from it counts here. */
type Disbelief = string | undefined;

/**
 * What a command that the panel has run changes here. "It was so already" counts as done. A panel's answer alone
 * deletes and loosens nothing: what the panel says of the user afterwards has to agree.
 */
const followers: Readonly<Record<string, (ended: Ended) => Promise<Disbelief>>> = {
  async 'v-add-user'({ users, args, code, origin, stateOf }) {
    const [name = '', , email = '', packageName = '', firstName = '', lastName = ''] = args;
    if (code !== ReturnCode.OK) return undefined;
    const state = await stateOf(name);
    if (state === 'absent') return `still has no user ${name}`;
    // While its list can't be read the user is looked up when it is needed.
    if (state === 'active')
      await users.added({ name, email, package: packageName, firstName, lastName }, origin);
    return undefined;
  },
  async 'v-delete-user'({ users, args: [name = ''], code, origin, stateOf }) {
    if (code !== ReturnCode.OK && code !== ReturnCode.NOT_EXIST) return undefined;
    const state = await stateOf(name);
    if (state === 'absent') await users.deleted(name, origin);
    else if (state !== 'unknown') return `still has the user ${name}`;
    // Its keys are kept until the list can be read, and refused from now on.
    else if (code === ReturnCode.OK) await users.suspended(name, true, origin);
    return undefined;
  },
  'v-suspend-user': (ended) => suspended(ended, ReturnCode.SUSPENDED),
  'v-unsuspend-user': (ended) => unsuspended(ended, ReturnCode.UNSUSPENDED),
  async 'v-change-user-password'({ users, args: [name = ''], password, code, origin }) {
    if (code === ReturnCode.OK) await users.passwordChanged(name, password, origin);
    return undefined;
  },
  async 'v-change-user-role'({ users, args: [name = '', role], code, origin }) {
    // A role is taken away at once. One that is given counts when the panel's list says so.
    if (code === ReturnCode.OK && role !== 'admin') await users.roleChanged(name, 'user', origin);
    return undefined;
  },
  async 'v-change-user-config-value'(ended) {
    const { users, args, code, origin } = ended;
    const [name = '', key, value] = args;
    if (code !== ReturnCode.OK) return undefined;
    // What the panel makes of another value isn't known here: only a plain "no" lets anybody in.
    if (key === 'LOGIN_DISABLED') await users.loginDisabled(name, value !== 'no', origin);
    if (key === 'ROLE' && value !== 'admin') await users.roleChanged(name, 'user', origin);
    if (key !== 'SUSPENDED') return undefined;
    return value === 'no' ? unsuspended(ended, code) : suspended(ended, code);
  },
};

/** Narrows, so it counts unless the panel says the contrary. */
async function suspended(ended: Ended, soAlready: number): Promise<Disbelief> {
  const { users, args, code, origin, stateOf } = ended;
  const [name = ''] = args;
  if (code !== ReturnCode.OK && code !== soAlready) return undefined;
  if ((await stateOf(name)) === 'active') return `still has the user ${name} as active`;
  await users.suspended(name, true, origin);
  return undefined;
}

/** Loosens, so it counts only where the panel says the same. */
async function unsuspended(ended: Ended, soAlready: number): Promise<Disbelief> {
  const { users, args, code, origin, stateOf } = ended;
  const [name = ''] = args;
  if (code !== ReturnCode.OK && code !== soAlready) return undefined;
  const state = await stateOf(name);
  if (state === 'suspended') return `still has the user ${name} as suspended`;
  if (state === 'active') await users.suspended(name, false, origin);
  return undefined;
}

/** Their second argument is a password. */
const haveAPassword = new Set(['v-add-user', 'v-change-user-password']);

/** The user family where a panel supplies the users: it runs there, and what it changes counts here before the answer. */
export function panelUserCommands(
  own: readonly BuiltinCommand[],
  { backend, users, stateOf }: Panel,
  rootUser: string,
  files?: TemporaryFiles,
): BuiltinCommand[] {
  return own.map((command) => ({
    ...asPanelHasIt(command),
    isThere: () => backend.has(command.name),
    runsAtPanel: true,
    async run({ args, caller, origin }) {
      const [name = ''] = args;
      if (command.name !== 'v-list-users') parseUserName(name);
      // A panel that has another root user would add it, with a password that a key of few permissions has chosen.
      if (command.name === 'v-add-user' && name.toLowerCase() === rootUser.toLowerCase())
        throw new AppError(ReturnCode.EXISTS, `user ${name} already exists`);
      const password = haveAPassword.has(command.name)
        ? await passwordAtPanel(args[1], files, caller)
        : undefined;
      const result = await backend.run(command.name, (await files?.locate(args, caller)) ?? args);
      // A command that is lacking ends with the code of one that found nothing to do, and did not run.
      if (result.isMissing === true) return result;
      const { code } = result;
      const disbelief = await followers[command.name]?.({ users, args, password, code, origin, stateOf });
      return disbelief === undefined ? result : notBelieved(command.name, result, disbelief);
    },
  }));
}

/** A panel adds ordinary users: there it takes `v-change-user-role` to make an administrator. */
function asPanelHasIt({ longOptions = [], ...command }: BuiltinCommand): BuiltinCommand {
  return { ...command, longOptions: longOptions.filter(({ name }) => name !== 'role') };
}

/** A success that isn't one must not be answered as one; another code is passed on as it is. */
function notBelieved(name: string, result: CommandResult, disbelief: string): CommandResult {
  if (result.code !== ReturnCode.OK) return result;
  const output = `Error: the panel answered ${name} with 0 but ${disbelief}: nothing was changed here\n`;
  return { code: ReturnCode.CONNECT, output };
}
