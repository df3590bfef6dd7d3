/** What is known of a command before it is run. */
export interface CommandSpec {
  name: string;
  /** One line that says what it does; empty where nothing says so. */
  info: string;
  /** Its arguments as its author lists them, such as `USER DOMAIN [RESTART]`. */
  options: string;
  /** How many its options name. */
  argumentCount: number;
  /** Their names, as its options have them: in capitals, without brackets. */
  argumentNames: readonly string[];
  /** Places of arguments called USER that hold a key to its own user, counted from 1; the first is the user argument position. */
  userPositions: readonly number[];
  /** Places of arguments that may hold a secret: they never get into a log. */
  secretPositions: readonly number[];
  /** Those of them that prove who somebody is: white space round such an argument counts. */
  credentialPositions: readonly number[];
  /** Whether it only looks: read-only mode lets such commands through. Told by the verb in its name. */
  onlyReads: boolean;
  /** Whether its executable reads secrets from standard input, so that they are no arguments. */
  readsSecrets: boolean;
}

const readingVerb = /^v-(?:check|explain|get|list|search|suggest|verify)-/;

/**
 * Commands of the panel whose USER is no owner of what else they name, but a receiver, or somebody on another machine:
 * it holds nobody to anything.
 */
const namesSomebodyElse: ReadonlySet<string> = new Set([
  'v-add-remote-dns-host',
  'v-add-sys-ip',
  'v-change-database-host-password',
  'v-change-database-owner',
  'v-change-domain-owner',
  'v-change-sys-ip-owner',
  'v-log-action',
]);

const secretName = /PASS|SECRET|TOKEN|HASH|^KEY$|_KEY$|PRIVATE|CONTENT|^ARGS?\b/;
const credentialName = /PASS|SECRET|^(?:HASH|TOKEN)$/;
/** Names that look like secrets and are none. */
const harmlessName = /^(?:ACCESS_KEY_ID|KEY_ID|PUBLIC_KEY)$/;

export function describeCommand(
  name: string,
  info: string,
  options: string,
  readsSecrets = false,
): CommandSpec {
  const names = options
    .split(/\s+/)
    .filter((word) => word !== '')
    .map(bareName);
  return {
    name,
    info,
    options,
    argumentCount: names.length,
    argumentNames: names,
    userPositions: namesSomebodyElse.has(name) ? [] : positions(names, (word) => word === 'USER'),
    secretPositions: positions(names, isSecret),
    credentialPositions: positions(names, (word) => isCredential(word, name)),
    onlyReads: readingVerb.test(name),
    readsSecrets,
  };
}

/** Whether a decision about one is a decision about the other: their arguments have the same names. */
export function isSameToDecide(one: CommandSpec, other: CommandSpec): boolean {
  return (
    one.argumentNames.join(' ') === other.argumentNames.join(' ') &&
    one.onlyReads === other.onlyReads &&
    one.readsSecrets === other.readsSecrets &&
    one.userPositions.join() === other.userPositions.join() &&
    one.secretPositions.join() === other.secretPositions.join()
  );
}

/** Names of formats are short: what is longer in the place of one may be a second secret. */
const longestFormat = 10;

/**
 * The arguments as a log may have them: secrets, and what no option names, are masked; long ones are cut.
 *
 * @param args - by place; undefined where one was left out: the command gets the others closed up, and so does the log.
 *   A secret is one by where it was sent, for so its sender meant it, or by where it ends up.
 * @param secretArgs - places of further secrets, counted from 1, as they were sent
 */
export function maskArguments(
  spec: CommandSpec | undefined,
  args: readonly (string | undefined)[],
  secretArgs: readonly number[] = [],
): string[] {
  const mayShow = (place: number): boolean =>
    spec !== undefined && place <= spec.argumentCount && !spec.secretPositions.includes(place);
  const masked: string[] = [];
  for (const [index, arg] of args.entries()) {
    if (arg === undefined) continue;
    const sentAt = index + 1;
    const endsUpAt = masked.length + 1;
    const isFormat = [sentAt, endsUpAt].some((place) => spec?.argumentNames[place - 1] === 'FORMAT');
    const isMisplaced = isFormat && arg.length > longestFormat;
    const isOpen = mayShow(sentAt) && mayShow(endsUpAt) && !secretArgs.includes(sentAt) && !isMisplaced;
    if (isOpen) masked.push(arg.length > 100 ? `${arg.slice(0, 100)}…` : arg);
    else masked.push(arg === '' ? '' : '***');
  }
  return masked;
}

/** Contents of files, values of settings and public keys are none; nor is a KEY but to the command that checks it. */
function isCredential(word: string, command: string): boolean {
  return credentialName.test(word) || (word === 'KEY' && command === 'v-check-api-key');
}

/** Of a setting's KEY and VALUE, the KEY is its name. */
function isSecret(word: string, index: number, names: readonly string[]): boolean {
  if (word === 'KEY' && names[index + 1] === 'VALUE') return false;
  if (word === 'VALUE' && names[index - 1] === 'KEY') return true;
  return isSecretName(word);
}

/** Whether an argument of that name may be a secret, wherever it stands. */
export function isSecretName(word: string): boolean {
  return secretName.test(word) && !harmlessName.test(word);
}

function bareName(word: string): string {
  return word.replace(/^\[+|\]+$/g, '').toUpperCase();
}

function positions(
  names: readonly string[],
  matches: (name: string, index: number, names: readonly string[]) => boolean,
): number[] {
  return names.flatMap((name, index) => (matches(name, index, names) ? [index + 1] : []));
}
