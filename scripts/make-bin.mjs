// node scripts/make-bin.mjs: writes bin/, one small file for `hearthkey` and for each built-in command, and
// removes those that are no command any more. With --check it only compares, and ends with 1 on a difference.
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib/run.mjs';

const bin = join(root, 'bin');

// CommonJS without a helper file: each further file that Node.js reads would be felt in every command.
const program = `#!/usr/bin/env node
try { require('../dist/cli/main.cjs'); } catch (error) {
  if (error.code !== 'MODULE_NOT_FOUND') throw error;
  console.error('Hearthkey is not built yet: run npm start (or npm run build) first.'); process.exitCode = 15;
}
`;

async function wantedFiles() {
  const { builtinCommands } = await import('../dist/commands/builtin-commands.js');
  // Their parts are asked for when they run; for the names none is needed.
  const builtinNames = builtinCommands({}).map((command) => command.name);
  const programs = ['hearthkey', ...builtinNames].map((name) => [name, { text: program, mode: 0o755 }]);
  return new Map([['package.json', { text: '{ "type": "commonjs" }\n', mode: 0o644 }], ...programs]);
}

/** What is in bin/ and should not be so, as lines for people. */
function differences(wanted) {
  const present = new Set(readdirSync(bin));
  const stale = [...present].filter((name) => !wanted.has(name)).map((name) => `bin/${name} is no command`);
  const wrong = [...wanted]
    .filter(([name, file]) => !present.has(name) || !isAsWanted(name, file))
    .map(([name]) => `bin/${name} ${present.has(name) ? 'differs' : 'is missing'}`);
  return [...stale, ...wrong];
}

function isAsWanted(name, { text, mode }) {
  // Only what git keeps of the mode: whether the owner may run it.
  const isRunnable = (statSync(join(bin, name)).mode & 0o100) !== 0;
  return readFileSync(join(bin, name), 'utf8') === text && isRunnable === (mode === 0o755);
}

function write(wanted) {
  for (const name of readdirSync(bin)) if (!wanted.has(name)) rmSync(join(bin, name));
  for (const [name, { text, mode }] of wanted) {
    writeFileSync(join(bin, name), text);
    chmodSync(join(bin, name), mode);
  }
}

mkdirSync(bin, { recursive: true });
const wanted = await wantedFiles();
const found = differences(wanted);
if (process.argv.includes('--check')) {
  if (found.length > 0) console.log([...found, 'Run node scripts/make-bin.mjs.'].join('\n'));
  process.exitCode = found.length > 0 ? 1 : 0;
} else {
  write(wanted);
  console.log(found.length > 0 ? found.join('\n') : 'bin/ is as it should be.');
}
