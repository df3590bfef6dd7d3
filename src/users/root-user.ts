/** Commands that end, shut out or rename a user. Those with an s are of panels that have such. */
const endsUsers = /^v-(?:delete|remove|suspend|disable|lock|block|terminate|rename)-users?$/;

/** Commands that change who can act as the user that they name. Their first argument is USER. */
const changesAccess: ReadonlySet<string> = new Set([
  'v-add-user-2fa',
  'v-add-user-sftp-key',
  'v-add-user-ssh-key',
  'v-change-user-config-value',
  'v-change-user-contact',
  'v-change-user-password',
  'v-change-user-rkey',
  'v-change-user-role',
  'v-change-user-shell',
  'v-delete-user-2fa',
]);

/** `never`: nobody may run this. `with_everything`: only who may do everything. */
export type RootUserRule = 'never' | 'with_everything';

/**
 * Whether a command with these arguments touches the root user's own existence or way in. The root user can be neither
 * deleted, suspended nor renamed: nobody could undo it from afar, and a restricted key would end every stronger one.
 *
 * Names are compared as loosely as the least careful executable might read them: without regard to case, and as parts
 * of a list.
 */
export function rootUserRule(
  command: string,
  args: readonly (string | undefined)[],
  rootUser: string,
): RootUserRule | undefined {
  const names = (text: string | undefined): boolean => namesUser(text ?? '', rootUser);
  // In any place: an executable may have its USER elsewhere.
  if (endsUsers.test(command)) return args.some(names) ? 'never' : undefined;
  if (!changesAccess.has(command)) return undefined;
  const [user, ...values] = args.filter((arg) => arg !== undefined);
  if (!names(user)) return undefined;
  return shutsOut(command, values) ? 'never' : 'with_everything';
}

function shutsOut(command: string, values: readonly string[]): boolean {
  if (command === 'v-change-user-role') return values[0] !== 'admin';
  if (command !== 'v-change-user-config-value') return false;
  const [key = '', value = ''] = values;
  if (/^\s*ROLE\s*$/i.test(key)) return value !== 'admin';
  // Hestia takes any line with SUSPENDED='yes' for a suspension, also one that a value brings in.
  return /SUSPENDED/i.test(`${key} ${value}`) && value !== 'no';
}

function namesUser(text: string, user: string): boolean {
  const wanted = user.toLowerCase();
  return text
    .toLowerCase()
    .split(/[^a-z0-9_.-]+/)
    .includes(wanted);
}
