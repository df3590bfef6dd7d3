import { readFileSync } from 'node:fs';
import { describeCommand, type CommandSpec } from './command-spec.js';

interface Fact {
  command: string;
  info: string | null;
  options: string | null;
}

/** The panel commands that are known by name, with the facts about them: `hestia-commands.json` in this folder. */
export function knownCommands(): Map<string, CommandSpec> {
  const text = readFileSync(new URL('./hestia-commands.json', import.meta.url), 'utf8');
  const specs = (JSON.parse(text) as Fact[]).map(({ command, info, options }) =>
    describeCommand(command, info ?? '', options === null || /^none$/i.test(options) ? '' : options),
  );
  return new Map(specs.map((spec) => [spec.name, spec]));
}
