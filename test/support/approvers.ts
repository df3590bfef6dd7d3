/** Persons at the command line, as an operator's `sudo` names them. */
import type { Client, CommandAnswer, WholeAnswer } from './client.js';

export class SudoUser {
  constructor(
    private readonly service: Client,
    readonly name: string,
  ) {}

  run(command: string, ...args: string[]): Promise<CommandAnswer> {
    return this.service.ask({ command, args, uid: 0, unixUser: 'root', sudoUser: this.name });
  }

  told(command: string, ...args: string[]): Promise<WholeAnswer> {
    return this.service.askWhole({ command, args, uid: 0, unixUser: 'root', sudoUser: this.name });
  }
}

/** The ID of the approval that a refusal asks for; undefined: it is no such refusal. */
export function approvalIn(text: string): string | undefined {
  return /v-approve-change ([0-9a-f]{16})/.exec(text)?.[1];
}
