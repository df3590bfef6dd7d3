import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readFrom, type MetricsSources } from '../src/admin/metrics-sources.js';
import { builtinCommands, type CommandParts } from '../src/commands/builtin-commands.js';
import { settingNames } from '../src/config/config.js';
import { Metrics } from '../src/metrics/metrics.js';
import { denyReasons, ReturnCode } from '../src/errors.js';

const root = resolve(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const commandNames = builtinCommands({} as CommandParts).map((command) => command.name);

/** First cells of the rows of every table, without their quotes; a cell may list several. */
function firstCells(markdown: string): string[] {
  const rows = markdown.split('\n').filter((line) => line.startsWith('| '));
  return rows
    .flatMap((line) => (line.split('|')[1] ?? '').match(/`[^`]+`|\d+/g) ?? [])
    .map((cell) => cell.replaceAll('`', ''));
}

describe('the documentation says what the code does', () => {
  it('has a row in the README for every setting, and for none that is no setting', () => {
    const documented = firstCells(read('README.md')).filter((cell) => cell.startsWith('HEARTHKEY_'));
    expect(documented.sort()).toEqual([...settingNames].sort());
  });

  it('names every built-in command in the README, and no other', () => {
    const table = read('README.md').split('## Command line')[1]?.split('### API roles')[0] ?? '';
    const rows = table.split('\n').filter((line) => line.startsWith('| '));
    const documented = rows.join('\n').match(/v-[a-z-]+/g) ?? [];
    expect([...new Set(documented)].sort()).toEqual([...commandNames].sort());
  });

  it('has a row in docs/codes.md for every reason of a denial, with its code, and for no other', () => {
    const rows = read('docs/codes.md').matchAll(/^\| `([a-z_]+)` +\| (\d+) +\|/gm);
    const documented = Object.fromEntries([...rows].map(([, reason = '', code]) => [reason, Number(code)]));
    expect(documented).toEqual(denyReasons);
  });

  it('has a row in docs/codes.md for every return code', () => {
    const documented = firstCells(read('docs/codes.md'));
    for (const code of Object.values(ReturnCode)) expect(documented).toContain(String(code));
  });

  it('has a program in bin/ for every built-in command, and for nothing else', () => {
    expect(readdirSync(join(root, 'bin')).sort()).toEqual(
      [...commandNames, 'hearthkey', 'package.json'].sort(),
    );
  });

  it('tells of every metric in docs/operations.md, and of no other', async () => {
    const section = read('docs/operations.md').split('## Metrics')[1] ?? '';
    const documented = firstCells(section).map((cell) => cell.replace(/\{.*/, ''));
    const { text } = await readFrom({} as MetricsSources, new Metrics()).render();
    const names = [...text.matchAll(/^# TYPE (hearthkey_\w+) /gm)].map(([, name]) => name);
    expect(documented.filter((name) => name.startsWith('hearthkey_')).sort()).toEqual(
      [...names, 'hearthkey_redis_up'].sort(),
    );
  });

  it('gives every built-in command an example that starts with its name', () => {
    for (const command of builtinCommands({} as CommandParts)) {
      expect(command.examples.length).toBeGreaterThan(0);
      for (const example of command.examples) expect(example.split(' ')[0]).toBe(command.name);
    }
  });
});
