import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readFrom, type MetricsSources } from '../src/http/operations/metrics-sources.js';
import { builtinCommands, type CommandParts } from '../src/commands/builtin-commands.js';
import { settingNames } from '../src/config/config.js';
import { Metrics } from '../src/metrics/metrics.js';
import { denyReasons, ReturnCode } from '../src/errors.js';
import { errorWords } from '../src/http/rest/rest-answer.js';
import { RouteTable } from '../src/http/rest/routes/rest-route-table.js';

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

  describe('on the REST dialect', () => {
    const page = read('docs/rest-dialect.md');
    const shipped = JSON.parse(read('src/http/rest/routes/rest-routes.json')) as {
      routes: { route: string; steps: { run: string[]; undo?: string[] }[] }[];
    };

    it('has a row for every route, and for no other', () => {
      const documented = [...page.matchAll(/^\| `((?:GET|POST|DELETE) [^`]+)`/gm)].map(([, route]) => route);
      expect(documented).toEqual(shipped.routes.map(({ route }) => route));
    });

    it('names every command of a route in its row, and in the role for all of them', () => {
      const actions = ['start', 'stop', 'restart'];
      const role = /^v-add-api rest admin (\S+)$/m.exec(page)?.[1]?.split(',') ?? [];
      const used = new Set<string>();
      for (const { route, steps } of shipped.routes) {
        const row = page.split('\n').find((line) => line.startsWith(`| \`${route}\``)) ?? '';
        const names = steps.flatMap(({ run, undo }) => [
          run[0] ?? '',
          ...(undo === undefined ? [] : [undo[0] ?? '']),
        ]);
        for (const name of names.flatMap((text) =>
          actions.map((action) => text.replace('{action}', action)),
        )) {
          expect(row).toContain(`\`${name}`);
          used.add(name);
        }
      }
      expect([...used].sort()).toEqual(role.sort());
      const example = /COMMANDS='(v-list-sys-info.*)'/.exec(read('examples/new-panel'))?.[1]?.split(',');
      expect(example?.sort()).toEqual(role);
    });

    it('has a row for every status of an error, with its word', () => {
      const rows = [...page.matchAll(/^\| (\d{3}) +\| `([a-z_]+)`/gm)].map(([, status, word]) => [
        status,
        word,
      ]);
      expect(rows).toEqual(Object.entries(errorWords));
    });

    it('shows a file of routes that can be read', () => {
      const sample = /^```json\n(\{\n {2}"routes"[\s\S]*?\n)```/m.exec(page)?.[1] ?? '';
      const folder = mkdtempSync(join(tmpdir(), 'hk-docs-'));
      writeFileSync(join(folder, 'routes.json'), sample);
      const table = RouteTable.read(join(folder, 'routes.json'));
      rmSync(folder, { recursive: true });
      expect('route' in table.find('POST', '/accounts/jane/databases')).toBe(true);
      expect('route' in table.find('POST', '/server/services/nginx/stop')).toBe(false);
    });
  });
});
