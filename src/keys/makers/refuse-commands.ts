import type { RoleDirectory } from '../../apis/role-directory.js';
import { AppError, ReturnCode } from '../../errors.js';
import { commandNamePattern } from '../../text/names.js';

const lengthShown = 1000;

/**
 * A command in the place of an API: the way there is a role that has it.
 *
 * @throws AppError 3 that says how to make one
 */
export function refuseCommands(
  { roles, rootUser }: { roles: RoleDirectory; rootUser: string },
  user: string,
  permissions: readonly string[],
): void {
  const isCommand = (name: string): boolean =>
    commandNamePattern.test(name) && roles.find(name) === undefined;
  const [name, ...others] = permissions.filter(isCommand);
  if (name === undefined) return;
  const role = user === rootUser ? 'admin' : 'user';
  const commands = [name, ...others].join(',');
  const shown = commands.length > lengthShown ? `${commands.slice(0, lengthShown)}…` : commands;
  const advice = `make a role: v-add-api NAME ${role} ${shown}`;
  throw new AppError(ReturnCode.NOT_EXIST, `${name} is a command; ${advice}`);
}
