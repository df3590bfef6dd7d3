import type { CommandSpec } from '../../catalogue/command-spec.js';
import type { CommandResult } from '../builtin-command.js';

/** Where commands run that are not Hearthkey's own. */
export interface Backend {
  /** Whether it can be asked for a command of that name at all. */
  has(name: string): boolean;
  /**
   * Runs an allowed command once, whatever happens: commands may not bear being run twice.
   *
   * @param args - passed on as they are, empty ones too
   * @param decided - what the command said when it was decided about; undefined: nothing was decided by that
   * @returns its exit code and output; what is in the way of it becomes a code and a text
   */
  run(name: string, args: readonly string[], decided?: CommandSpec): Promise<CommandResult>;
}
