import type { CommandDto } from '../../administration/insight/insight.dto.js';

export interface CommandGroup {
  /** Empty: those that have no group of their own. */
  name: string;
  commands: readonly CommandDto[];
}

/** Fewer commands make no group. */
const leastCommands = 3;

/** Commands by what they are about: the word after the verb, as in `v-add-mail-account`. */
export function groupCommands(catalogue: readonly CommandDto[]): CommandGroup[] {
  const groups = new Map<string, CommandDto[]>();
  for (const command of catalogue) {
    const word = command.name.split('-')[2] ?? '';
    // One and many are about the same.
    const name = word.endsWith('s') && !word.endsWith('ss') && word.length > 3 ? word.slice(0, -1) : word;
    groups.set(name, [...(groups.get(name) ?? []), command]);
  }
  const large = [...groups].filter(([, commands]) => commands.length >= leastCommands);
  const others = [...groups].filter(([, commands]) => commands.length < leastCommands);
  const named = large
    .map(([name, commands]) => ({ name, commands }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  const rest = others.flatMap(([, commands]) => commands);
  return rest.length === 0 ? named : [...named, { name: '', commands: rest }];
}
