import { chmodSync, existsSync, lstatSync, rmSync } from 'node:fs';
import { connect, type Server } from 'node:net';
import { dirname } from 'node:path';
import { systemReason } from '../text/system-reason.js';

/** Longer paths can't be bound on Linux. */
const maxPathBytes = 107;

export interface SocketPlace {
  /** The setting that names it, for errors. */
  setting: string;
  path: string;
  mode: number;
}

/** Binds the server to the path; takes away what a killed service left there, and throws where anything else is in the way. */
export async function listenAt(server: Server, { setting, path, mode }: SocketPlace): Promise<void> {
  if (Buffer.byteLength(path) > maxPathBytes) {
    throw new Error(`${setting}: ${path} is longer than ${String(maxPathBytes)} bytes`);
  }
  // Binding reports a missing folder as a missing permission.
  if (!existsSync(dirname(path))) throw new Error(`${setting}: there is no folder ${dirname(path)}`);
  await makeWay(setting, path);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new Error(`${setting}: ${path} can't be used: ${systemReason(error)}`, { cause: error })),
    );
    // A path is bound before `listen` returns: there is no moment in which others could open it.
    const before = process.umask(0o777 & ~mode);
    try {
      server.listen(path, resolve);
    } finally {
      process.umask(before);
    }
  });
  chmodSync(path, mode);
}

async function makeWay(setting: string, path: string): Promise<void> {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return;
  if (!stats.isSocket()) throw new Error(`${setting}: ${path} exists and is no socket`);
  const isInUse = await new Promise<boolean>((resolve) => {
    const socket = connect(path);
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code !== 'ECONNREFUSED'));
  });
  if (isInUse) throw new Error(`${setting}: ${path} is in use by another process`);
  rmSync(path);
}
