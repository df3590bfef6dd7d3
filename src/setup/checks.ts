import { accessSync, constants, existsSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import type { ListenPlace } from '../config/listen-setting.js';
import { AppError, ReturnCode } from '../errors.js';
import { lockDataDir } from '../storage/sqlite/data-dir.js';
import { say } from './output.js';

/** Says what was looked at and found; what is in the way is thrown by the check itself. */
export async function check<T>(
  what: string,
  look: () => Promise<T> | T,
  tell?: (found: T) => string,
): Promise<T> {
  const found = await look();
  say(`  ok  ${what}${tell === undefined ? '' : `: ${tell(found)}`}`);
  return found;
}

/** @throws AppError 10 where this user may not change the file */
export function mustBeWritable(file: string): void {
  try {
    accessSync(dirname(file), constants.W_OK | constants.X_OK);
    if (existsSync(file)) accessSync(file, constants.R_OK | constants.W_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new AppError(
      code === 'ENOENT' ? ReturnCode.NOT_EXIST : ReturnCode.FORBIDDEN,
      code === 'ENOENT'
        ? `${dirname(file)} doesn't exist`
        : `this user may not write ${file}: run it as root`,
    );
  }
}

/** @throws AppError 4 where somebody else listens there */
export async function mustBeFree(place: ListenPlace): Promise<void> {
  if ('path' in place) {
    if (await answers({ path: place.path })) throw inUse(`unix:${place.path}`);
    return;
  }
  const { host, port } = place;
  const problem = await new Promise<string | undefined>((resolve) => {
    const server = createServer();
    server.on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
    server.listen({ host, port }, () => server.close(() => resolve(undefined)));
  });
  if (problem === 'EADDRINUSE') throw inUse(`${host}:${String(port)}`);
  if (problem !== undefined)
    throw new AppError(
      ReturnCode.INVALID,
      `the service can't listen at ${host}:${String(port)} (${problem})`,
    );
}

function inUse(place: string): AppError {
  return new AppError(
    ReturnCode.EXISTS,
    `${place} is in use: stop what listens there, or name another place with HEARTHKEY_LISTEN in the settings file`,
  );
}

/** Whether something listens there. */
export function answers(place: { path: string } | { host: string; port: number }): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(place);
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

/** @throws AppError 14 where a service uses the data directory */
export function mustNotRun(dataDir: string): void {
  // No service has used it. The lock would be made here as root's, and the service's user could not take it.
  if (!existsSync(join(dataDir, 'lock'))) return;
  try {
    lockDataDir(dataDir).release();
  } catch (error) {
    throw new AppError(ReturnCode.BUSY, `${(error as Error).message}: stop it first`);
  }
}
