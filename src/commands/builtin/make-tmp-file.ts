import { constants } from 'node:fs';
import { open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, invalid, ReturnCode } from '../../errors.js';
import type { Backend } from '../backends/backend.js';
import type { SystemUser } from '../backends/exec-backend.js';
import { ok, type BuiltinCommand } from '../builtin-command.js';

export interface TmpFileOptions {
  directory: string;
  /** Whom the file belongs to, so that the command that it is for can read it. */
  owner: SystemUser | undefined;
}

/** A plain name: no path, nothing hidden. */
const namePattern = /^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,99}$/;

/**
 * `v-make-tmp-file`: how clients hand a text to the next command, such as the records for `v-insert-dns-records`. The
 * file is made exclusively, so nothing that is there is written over, and never through a link.
 *
 * @param place - where files are made: here, or where the commands that read them run
 */
export function makeTmpFileCommand(place: TmpFileOptions | Backend): BuiltinCommand {
  return {
    name: 'v-make-tmp-file',
    info: 'make a temporary file with this content and a line end; mode 0600',
    options: 'CONTENT NAME',
    examples: ['v-make-tmp-file "www A 203.0.113.9" records.txt'],
    changes: true,
    get runsAtPanel() {
      return 'run' in place;
    },
    async run({ args: [content = '', name = ''] }) {
      if (!namePattern.test(name)) throw invalid('expected a plain file name of letters, digits and _ . -');
      if ('run' in place) return place.run('v-make-tmp-file', [content, name]);
      await writeNewFile(join(place.directory, name), `${content}\n`, place.owner);
      return ok();
    },
  };
}

async function writeNewFile(file: string, text: string, owner: SystemUser | undefined): Promise<void> {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  const handle = await open(file, flags, 0o600).catch((error: unknown) => {
    throw cannotMake(error);
  });
  try {
    await handle.writeFile(text);
    if (owner !== undefined) await handle.chown(owner.uid, owner.gid);
  } catch (error) {
    await unlink(file); // nothing half-done is left behind
    throw cannotMake(error);
  } finally {
    await handle.close();
  }
}

function cannotMake(error: unknown): AppError {
  if ((error as NodeJS.ErrnoException).code === 'EEXIST')
    return invalid('there is something of that name already');
  return new AppError(ReturnCode.DISK, 'the temporary file could not be written', { cause: error });
}
