const reasons: Readonly<Record<string, string>> = {
  EACCES: 'this user may not use it',
  EISDIR: 'it is a directory',
  ELOOP: 'its links lead in a circle',
  ENAMETOOLONG: 'its name is too long',
  ENOENT: 'it is not there',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of its path is no directory',
  EPERM: 'this user may not use it',
  EROFS: 'its file system is read-only',
};

/** Why the system refused a file, in words, with its own code: `it is not there (ENOENT)`. */
export function systemReason(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) return 'unknown error';
  const words = reasons[code];
  return words === undefined ? code : `${words} (${code})`;
}
