/** Redis is there, but doesn't want the command, such as for want of memory. */
export function isRefusal(error: unknown): error is Error {
  return error instanceof Error && error.name === 'ReplyError';
}

/** It is a replica, one that has lost its master, or a Cluster that lacks a part. */
export function takesNoWrites({ message }: Error): boolean {
  return /^(READONLY|MASTERDOWN|CLUSTERDOWN)\b/.test(message);
}

/** What to log of an error of the client; nothing of the credential is in it. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown reason';
  // What a Cluster says of its own is only that no node was of use.
  if ('lastNodeError' in error && error.lastNodeError instanceof Error) return reasonOf(error.lastNodeError);
  const { code } = error as NodeJS.ErrnoException;
  // Where a name has several addresses, the error about all of them has no message.
  if (code !== undefined) return error.message === '' ? code : error.message;
  // What Redis quotes is what it was sent, and that may be a password: before version 6 it quotes all of HELLO.
  const unquoted = error.message.replace(/ ?Last reply: .*/s, '').replace(/['"`].*/s, '');
  return unquoted.slice(0, 160).trim();
}
