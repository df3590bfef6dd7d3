import { formats, type ReportFormat } from './report.js';

export interface ScanOptions {
  /** `-`: standard input. */
  paths: string[];
  format: ReportFormat;
  isQuiet: boolean;
}

/** What was given can't be understood. */
export class UsageError extends Error {}

const usage = 'Usage: hearthkey leak-scan PATH…|- [--format plain|json|csv] [--quiet]';

/** @throws UsageError */
export function readOptions(words: readonly string[]): ScanOptions {
  const options: ScanOptions = { paths: [], format: 'plain', isQuiet: false };
  const rest = [...words];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--') options.paths.push(...rest.splice(0));
    else if (word === '--quiet') options.isQuiet = true;
    else if (word === '--format' || word.startsWith('--format='))
      options.format = readFormat(word === '--format' ? rest.shift() : word.slice('--format='.length));
    else if (word.startsWith('-') && word !== '-')
      throw new UsageError(`there is no option ${word}\n${usage}`);
    else options.paths.push(word);
  }
  if (options.paths.length === 0) throw new UsageError(`PATH is missing\n${usage}`);
  return options;
}

function readFormat(text: string | undefined): ReportFormat {
  const format = formats.find((one) => one === text);
  if (format === undefined) throw new UsageError(`--format is one of ${formats.join(', ')}\n${usage}`);
  return format;
}
