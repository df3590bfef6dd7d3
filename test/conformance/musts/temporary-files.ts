/** What has to hold of the files that `v-make-tmp-file` makes. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { withoutEndBlanks } from '../compare.js';
import { argumentOf, type Must, type MustContext, problem, type Problem } from './must.js';

export const temporaryFileMusts: readonly Must[] = [
  { sentence: 'the file is made with this content', check: fileIsMade },
  {
    sentence: /^no file is (?:made|written)$/,
    check: (context) => {
      const made = placesOf(context).filter((file) => existsSync(file) && statSync(file).isFile());
      return problem(made.length === 0, `there is ${made.join(', ')}`);
    },
  },
  {
    sentence: 'no file outside the temporary folder',
    check: (context) => {
      const { tempDir } = context.service.folder;
      const outside = placesOf(context).filter(
        (file) => !file.startsWith(`${tempDir}/`) && !file.startsWith('/tmp/'),
      );
      const made = outside.filter((file) => existsSync(file) && statSync(file).isFile());
      return problem(made.length === 0, `there is ${made.join(', ')}`);
    },
  },
];

/** Every place that a name could mean: in the temporary folders, relative to where the service runs, or itself. */
function placesOf({ one, service }: MustContext): string[] {
  const name = argumentOf(one, 2).trim();
  if (name === '') return [];
  const folders = [service.folder.tempDir, '/tmp', service.folder.workDir, service.folder.dataDir];
  return folders.flatMap((folder) => [resolve(folder, name), join(folder, basename(name))]);
}

function fileIsMade({ one, service }: MustContext): Problem {
  const effect = Object.entries(one.effects).find(([path]) => path.startsWith('/tmp/'));
  if (effect === undefined) return 'the case recorded no file';
  const [path, { content }] = effect as [string, { content: string }];
  const file = [join(service.folder.tempDir, basename(path)), path].find((place) => existsSync(place));
  if (file === undefined) return `there is no ${basename(path)}`;
  const text = readFileSync(file, 'utf8');
  return problem(
    withoutEndBlanks(text) === withoutEndBlanks(content),
    `${file} holds ${JSON.stringify(text)}`,
  );
}
