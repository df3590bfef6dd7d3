import type { FastifyRequest } from 'fastify';

/**
 * Runs what may take long, and ends at its next step when the client goes away.
 *
 * @param work - given a signal that is aborted when nobody waits for the answer any more
 */
export async function whileThere<T>(
  { raw: { socket } }: FastifyRequest,
  work: (gone: AbortSignal) => Promise<T>,
): Promise<T> {
  const gone = new AbortController();
  const tell = (): void => gone.abort();
  if (socket.destroyed) tell();
  socket.once('close', tell);
  try {
    return await work(gone.signal);
  } finally {
    socket.off('close', tell); // it may carry many more requests
  }
}
