/** Under this name the guard finds the command of an operation. */
export const COMMAND_OF_OPERATION = 'hearthkey:command';
