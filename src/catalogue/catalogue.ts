import type { CommandSpec } from './command-spec.js';
import type { CommandsDir } from './commands-dir.js';

/**
 * Which commands there are. A built-in command is what it says itself; else the executable in the commands directory
 * counts; else what is known of the panel's commands.
 */
export class Catalogue {
  private readonly builtIn = new Map<string, CommandSpec>();

  constructor(
    private readonly known: ReadonlyMap<string, CommandSpec>,
    private readonly commandsDir: CommandsDir | undefined,
  ) {}

  addBuiltIn(spec: CommandSpec): void {
    this.builtIn.set(spec.name, spec);
  }

  find(name: string): CommandSpec | undefined {
    return this.builtIn.get(name) ?? this.commandsDir?.find(name) ?? this.known.get(name);
  }

  /** Whether it is Hearthkey's own, and not what a panel has by that name. */
  isBuiltIn(name: string): boolean {
    return this.builtIn.has(name);
  }

  /** In the order of their names. */
  list(): CommandSpec[] {
    const all = new Map(this.known);
    for (const spec of this.commandsDir?.list() ?? []) all.set(spec.name, spec);
    for (const spec of this.builtIn.values()) all.set(spec.name, spec);
    return [...all.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  }
}
