/** Waits until a closed SQLite file is really let go of by this process. */
import { readdirSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/**
 * The driver closes the file, and with it gives up the lock on it, only when the statements that were prepared have
 * been collected. Another process that is to open the file has to wait for that.
 */
export async function untilReleased(file: string): Promise<void> {
  for (let tries = 0; isOpen(file); tries += 1) {
    if (tries > 100) throw new Error(`${file} is not let go of`);
    collectGarbage();
    await sleep(5);
  }
}

function isOpen(file: string): boolean {
  const folder = '/proc/self/fd';
  return readdirSync(folder).some((descriptor) => {
    try {
      return readlinkSync(`${folder}/${descriptor}`) === file;
    } catch {
      return false; // closed in the meantime
    }
  });
}
