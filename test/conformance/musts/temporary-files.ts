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
      const made = madeIn(context, () => true);
      return problem(made.length === 0, `there is ${made.join(', ')}`);
    },
  },
  {
    sentence: /^the (?:existing )?file (?:stays|is left) as it (?:was|is)$/,
    check: ({ one, service }) => {
      const changed = Object.entries(one.state.tmp ?? {}).filter(([name, text]) => {
        const file = join(service.folder.tempDir, basename(name));
        return !existsSync(file) || readFileSync(file, 'utf8') !== text;
      });
      return problem(changed.length === 0, `changed: ${changed.map(([name]) => name).join(', ')}`);
    },
  },
  {
    sentence: 'no file outside the temporary folder',
    check: (context) => {
      const made = madeIn(context, (file) => !file.startsWith(`${context.service.folder.tempDir}/`));
      return problem(made.length === 0, `there is ${made.join(', ')}`);
    },
  },
];

/** Files of this case at any of the places that the name could mean. */
function madeIn(context: MustContext, counts: (file: string) => boolean): string[] {
  const started = statSync(context.service.folder.workDir).birthtimeMs;
  return placesOf(context).filter((file) => {
    const stats = statSync(file, { throwIfNoEntry: false });
    return stats?.isFile() === true && stats.mtimeMs >= started && counts(file);
  });
}

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
  const file = join(service.folder.tempDir, basename(path));
  if (!existsSync(file)) return `there is no ${basename(path)}`;
  const text = readFileSync(file, 'utf8');
  return problem(
    withoutEndBlanks(text) === withoutEndBlanks(content),
    `${file} holds ${JSON.stringify(text)}`,
  );
}
