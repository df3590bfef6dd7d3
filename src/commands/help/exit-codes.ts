import { ReturnCode } from '../../errors.js';

/** What an exit code of a command means, as its help says it; docs/codes.md has the whole table. */
export const codeMeanings: Readonly<Record<ReturnCode, string>> = {
  [ReturnCode.OK]: 'done',
  [ReturnCode.ARGS]: 'arguments are missing, an option is unknown, or read-only mode refuses the change',
  [ReturnCode.INVALID]: 'an argument is not valid',
  [ReturnCode.NOT_EXIST]: 'what the command names does not exist',
  [ReturnCode.EXISTS]: 'it already exists',
  [ReturnCode.SUSPENDED]: 'it is already suspended',
  [ReturnCode.UNSUSPENDED]: 'it is not suspended',
  [ReturnCode.LIMIT]: 'a limit was reached',
  [ReturnCode.PASSWORD]: 'the credential is wrong, or its owner is deleted or suspended',
  [ReturnCode.FORBIDDEN]: 'not allowed',
  [ReturnCode.DISABLED]: 'the API is disabled',
  [ReturnCode.PARSING]: 'a file is malformed, or the audit record is not whole',
  [ReturnCode.DISK]: "the disk, or the audit record, can't be written",
  [ReturnCode.BUSY]: 'too busy: try again',
  [ReturnCode.CONNECT]: 'the service, or the panel behind it, does not answer',
  [ReturnCode.DATABASE]: "the store can't be used",
  [ReturnCode.API_DISABLED_FOR_USER]: 'the API is disabled for users other than the root user',
};
