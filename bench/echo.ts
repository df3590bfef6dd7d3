import { ServerProcess } from './server-process.js';

/**
 * The echo as a process of its own.
 *
 * @param answer - a flat JSON object of the size that the subject answers
 */
export function startEcho(answer: string): Promise<ServerProcess> {
  return ServerProcess.start('echo-server.mjs', answer);
}
