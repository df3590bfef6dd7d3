// Writes src/http/console/about/licences.json anew: what the service runs on, for the page "About".
// Run it when a dependency has changed: node scripts/licences.mjs
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib/run.mjs';

const read = (...path) => JSON.parse(readFileSync(join(root, ...path, 'package.json'), 'utf8'));

export function readLicences() {
  return Object.keys(read().dependencies)
    .sort()
    .map((name) => {
      const { version, license } = read('node_modules', name);
      return { name, version, license: typeof license === 'string' ? license : 'see its package' };
    });
}

export const file = join(root, 'src/http/console/about/licences.json');

if (process.argv[1] === import.meta.filename)
  writeFileSync(file, `${JSON.stringify(readLicences(), null, 2)}\n`);
