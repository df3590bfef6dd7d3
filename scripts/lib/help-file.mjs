import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Writes the help of all commands beside the command line, which shows it without a service: `cli/help.json`. */
export async function writeHelpFile(folder) {
  const { helpDocument } = await import(pathToFileURL(join(folder, 'commands/help/help-document.js')).href);
  writeFileSync(join(folder, 'cli/help.json'), `${JSON.stringify(helpDocument(), null, 2)}\n`);
}
