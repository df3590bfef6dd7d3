/** Under this name the guard finds the command of an operation. */
export const COMMAND_OF_OPERATION = 'hearthkey:command';

/** In place of a command, where a caller only asks who he is; the record has it so. */
export const whoAmI = 'whoami';
