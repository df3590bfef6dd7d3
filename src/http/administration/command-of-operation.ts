/** Under this name the guard finds what an operation needs. */
export const OPERATION = 'hearthkey:operation';

export interface Operation {
  /** Who may run the command may call it. */
  command: string;
  /** What it is to a user who has logged in: it shows him nothing but his own. Undefined: what the command is. */
  ofUsers?: string | undefined;
}

/** In place of a command, where a caller only asks who he is; the record has it so. */
export const whoAmI = 'whoami';
