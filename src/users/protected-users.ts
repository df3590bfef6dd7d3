/** Commands that end, shut out or rename a user. Those with an s are of panels that have such. */
const endsUsers: ReadonlySet<string> = new Set(
  ['delete', 'remove', 'suspend', 'disable', 'lock', 'block', 'terminate', 'rename'].flatMap((verb) => [
    `v-${verb}-user`,
    `v-${verb}-users`,
  ]),
);

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
export type ProtectionRule = 'never' | 'with_everything';

/** Whom commands are held from. */
export interface ProtectedUsers {
  rootUser: string;
  isAdministrator: (name: string) => boolean;
}

/**
 * Whether a command with these arguments touches the existence or the way in of the root user or of an administrator, or
 * makes an administrator. The root user can be neither deleted, suspended nor renamed: nobody could undo it from afar, and
 * a restricted key would end every stronger one. Only who may do everything may do the rest.
 *
 * Names are compared as loosely as the least careful executable might read them: without regard to case, and as parts
 * of a list.
 */
export function protectionRule(
  command: string,
  args: readonly (string | undefined)[],
  users: ProtectedUsers,
): ProtectionRule | undefined {
  // Most commands are neither, and each request asks.
  const isAsked = endsUsers.has(command) || changesAccess.has(command);
  return isAsked ? ruleOf(command, args, users) : undefined;
}

function ruleOf(
  command: string,
  args: readonly (string | undefined)[],
  { rootUser, isAdministrator }: ProtectedUsers,
): ProtectionRule | undefined {
  const names = (text: string | undefined): boolean => namesUser(text, rootUser);
  const namesAdministrator = (text = ''): boolean => namesIn(text).some(isAdministrator);
  // In any place: an executable may have its USER elsewhere.
  if (endsUsers.has(command)) {
    if (args.some(names)) return 'never';
    return args.some(namesAdministrator) ? 'with_everything' : undefined;
  }
  const [user, ...values] = args.filter((arg) => arg !== undefined);
  if (user === undefined) return undefined;
  if (names(user)) return shutsOut(command, values) ? 'never' : 'with_everything';
  const isProtected = namesAdministrator(user) || makesAdministrator(command, values);
  return isProtected ? 'with_everything' : undefined;
}

/** Any other role than a plain `user` may be that of an administrator. */
function makesAdministrator(command: string, [one = '', other = '']: readonly string[]): boolean {
  if (command === 'v-change-user-role') return one !== 'user';
  // Hestia takes any line with ROLE='admin' for the role, also one that a value brings in.
  return command === 'v-change-user-config-value' && /ROLE/i.test(`${one} ${other}`) && other !== 'user';
}

function shutsOut(command: string, values: readonly string[]): boolean {
  if (command === 'v-change-user-role') return values[0] !== 'admin';
  if (command !== 'v-change-user-config-value') return false;
  const [key = '', value = ''] = values;
  if (/^\s*ROLE\s*$/i.test(key)) return value !== 'admin';
  // Hestia takes any line with SUSPENDED='yes' for a suspension, also one that a value brings in.
  return /SUSPENDED/i.test(`${key} ${value}`) && value !== 'no';
}

/** Whether a text names a user, of any case, by itself or as part of a list. */
export function namesUser(text: string | undefined, user: string): boolean {
  return text !== undefined && namesIn(text).includes(user.toLowerCase());
}

function namesIn(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^a-z0-9_.-]+/)
    .filter((name) => name !== '');
}
