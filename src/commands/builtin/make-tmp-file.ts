import { ReturnCode } from '../../errors.js';
import type { Backend } from '../backends/backend.js';
import { ok, type BuiltinCommand } from '../builtin-command.js';
import { plainNameOf, type TemporaryFiles } from '../temporary-files.js';

/**
 * `v-make-tmp-file`: how clients hand a text to the next command, such as the records for `v-insert-dns-records`. The
 * DNS cluster of Hestia names the file by its path, `/tmp/vst-sync.DOMAIN`, and by the same path at each
 * synchronisation, whether or not the file of the last one is still there.
 *
 * @param place - where files are made: here, or where the commands that read them run
 */
export function makeTmpFileCommand(place: TemporaryFiles | Backend): BuiltinCommand {
  return {
    name: 'v-make-tmp-file',
    info: 'make a temporary file with this content and a line end; mode 0600',
    options: 'CONTENT NAME',
    argumentHelp: {
      NAME: { info: 'the name of the file, or its path in the directory for temporary files' },
    },
    exitCodes: [ReturnCode.EXISTS, ReturnCode.DISK],
    examples: [
      'v-make-tmp-file "www A 203.0.113.9" records.txt',
      'v-make-tmp-file "www A 203.0.113.9" /tmp/records.txt',
    ],
    changes: true,
    get runsAtPanel() {
      return 'run' in place;
    },
    async run({ args: [content = '', name = ''], caller }) {
      if ('run' in place) {
        plainNameOf(name); // what the panel would make of another is not tried
        return place.run('v-make-tmp-file', [content, name]);
      }
      await place.make(content, name, caller);
      return ok();
    },
  };
}
