/** What the name and the options of a command say of it. */

/** Its USER is a receiver, so it holds nobody to anything (docs/deviations.md). */
const receivers: readonly string[] = ['v-change-domain-owner'];

/** Read-only mode lets commands through whose name says that they only look (docs/codes.md). */
const looking: readonly string[] = ['check', 'explain', 'get', 'list', 'search', 'verify'];

const letters = [...'abcdefghijklmnopqrstuvwxyz'];
const inNames = new Set([...letters, ...letters.map((letter) => letter.toUpperCase()), ...'0123456789-_']);

export function couldBeCommand(text: string): boolean {
  return text !== '' && [...text].every((character) => inNames.has(character));
}

export function onlyLooks(command: string): boolean {
  return looking.some((verb) => command.startsWith(`v-${verb}-`));
}

/** Places of USER among the options, counted from 1. */
export function userPlaces(command: string, options: string): readonly number[] {
  if (receivers.includes(command)) return [];
  return options
    .split(' ')
    .map((word, index) => (word === 'USER' || word === '[USER]' ? index + 1 : 0))
    .filter((place) => place > 0);
}

/** The user stands in each place; also where arguments close up because one was left out. */
export function isHeldTo(
  user: string,
  places: readonly number[],
  args: readonly (string | undefined)[],
): boolean {
  const closedUp = args.filter((arg) => arg !== undefined);
  return places.every((place) => args[place - 1] === user && closedUp[place - 1] === user);
}

/** Ends users, wherever they are named (docs/codes.md, "Commands against the root user"). */
const ending: ReadonlySet<string> = new Set(
  ['delete', 'remove', 'suspend', 'disable', 'lock', 'block', 'terminate', 'rename'].flatMap((verb) => [
    `v-${verb}-user`,
    `v-${verb}-users`,
  ]),
);
/** Changes the way in of the user who is the first argument. */
const waysIn: ReadonlySet<string> = new Set([
  ...['v-change-user-role', 'v-change-user-config-value', 'v-change-user-contact', 'v-change-user-password'],
  ...[
    'v-change-user-rkey',
    'v-change-user-shell',
    'v-add-user-2fa',
    'v-add-user-sftp-key',
    'v-add-user-ssh-key',
  ],
  'v-delete-user-2fa',
]);

/**
 * What the command would do to an administrator: end it, change its way in, or make one (docs/codes.md, "Commands
 * against the root user and administrators").
 */
export function harmsAdministrators(
  administrators: readonly string[],
  command: string,
  args: readonly (string | undefined)[],
): boolean {
  const given = args.filter((arg) => arg !== undefined);
  const named = given.map((arg) => itemsOf(arg).some((item) => administrators.includes(item)));
  if (ending.has(command)) return named.includes(true);
  if (!waysIn.has(command) || given.length === 0) return false;
  const [, one = '', other = ''] = given;
  const isRole = command === 'v-change-user-role' && one !== 'user';
  const isValue =
    command === 'v-change-user-config-value' &&
    `${one} ${other}`.toUpperCase().includes('ROLE') &&
    other !== 'user';
  return named[0] === true || isRole || isValue;
}

/** Whether the root user stands where a user may stand, also once arguments close up. */
export function namesInUserPlace(
  rootUser: string,
  options: string,
  args: readonly (string | undefined)[],
): boolean {
  const words = options.split(' ').map((word) => word.replaceAll(/[[\]]/g, ''));
  const isUser = (word: string): boolean => ['USER', 'USERS'].includes(word.split('_').at(-1)!);
  const given = args.filter((arg) => arg !== undefined);
  return words.some(
    (word, index) =>
      isUser(word) && [args[index], given[index]].some((arg) => itemsOf(arg ?? '').includes(rootUser)),
  );
}

/** What the command would do to the root user. */
export function harmToRootUser(
  rootUser: string,
  command: string,
  args: readonly (string | undefined)[],
): 'ends' | 'changes its way in' | 'none' {
  const given = args.filter((arg) => arg !== undefined);
  const named = given.map((arg) => itemsOf(arg).includes(rootUser));
  if (ending.has(command)) return named.includes(true) ? 'ends' : 'none';
  if (!waysIn.has(command) || named[0] !== true) return 'none';
  return endsByValue(command, given) ? 'ends' : 'changes its way in';
}

function endsByValue(command: string, [, one = '', other = '']: readonly string[]): boolean {
  if (command === 'v-change-user-role') return one !== 'admin';
  if (command !== 'v-change-user-config-value') return false;
  const endsByRole = one.trim().toUpperCase() === 'ROLE' && other !== 'admin';
  return endsByRole || ((one + other).toUpperCase().includes('SUSPENDED') && other !== 'no');
}

/** Items of a list of names, between blanks, commas and the like. */
function itemsOf(text: string): readonly string[] {
  return text.toLowerCase().split(/[^a-z0-9_.-]/);
}
