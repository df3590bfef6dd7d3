import type { BuiltinCommand } from '../commands/builtin-command.js';
import type { KnownNames } from '../commands/known-names.js';
import { formatAddressRange, parseAddressRange } from '../network/address-range.js';
import { maskUnknownName } from '../text/names.js';

type Show = (text: string, names: KnownNames) => string | Promise<string>;

const showUnless =
  (isKnown: (text: string, names: KnownNames) => boolean | Promise<boolean>): Show =>
  async (text, names) =>
    (await isKnown(text, names)) ? text : maskUnknownName(text);

/** What a change would have been made to, by the name of the argument: members as in the events of changes. */
const targets: Readonly<Record<string, readonly [member: string, show: Show]>> = {
  USER: ['user', showUnless((text, names) => names.hasUser(text))],
  ACCESS_KEY_ID: ['accessKeyId', showUnless((text, names) => names.hasAccessKey(text))],
  API: ['api', showUnless((text, names) => names.hasApi(text))],
  IP: ['address', showAddress],
  FILE: ['file', (text) => text.slice(0, 100)],
};

/**
 * What a command that failed was about, for its event. A name is written in full only if somebody has it: people type
 * passwords where a name belongs.
 */
export async function failedTarget(
  command: BuiltinCommand,
  args: readonly string[],
  names: KnownNames,
): Promise<Record<string, string> | undefined> {
  const target: Record<string, string> = {};
  for (const [index, word] of command.options.split(/\s+/).entries()) {
    const [member, show] = targets[word.replace(/[[\]]/g, '')] ?? [];
    const arg = args[index];
    if (member !== undefined && show !== undefined && arg !== undefined && arg !== '')
      target[member] = await show(arg, names);
  }
  return Object.keys(target).length === 0 ? undefined : target;
}

function showAddress(text: string): string {
  const range = parseAddressRange(text);
  if (range !== undefined) return formatAddressRange(range);
  return text === 'allow-all' ? text : maskUnknownName(text);
}
