/**
 * Nothing can be opened at the moment, by this process or by the whole system. That says nothing about the file: what
 * was concluded from it would stay wrong when there are descriptors again.
 */
export function isOutOfDescriptors(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown };
  return code === 'EMFILE' || code === 'ENFILE';
}
