import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readFrom, type MetricsSources } from '../src/http/operations/metrics-sources.js';
import { builtinCommands, type CommandParts } from '../src/commands/builtin-commands.js';
import { settingNames } from '../src/config/config.js';
import { Metrics } from '../src/metrics/metrics.js';
import { denyReasons, ReturnCode } from '../src/errors.js';
import type { HttpRoute } from '../src/http/http-route.js';
import { routes } from '../src/http/routes.js';
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

/** Every page of the project that people read, by its path. */
const pages = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.md'))
  .map((name) => join('docs', name))
  .concat('README.md', 'CONTRIBUTING.md', 'SECURITY.md')
  .concat('packages/client/README.md', 'packages/gateway/README.md', 'examples/gateway-nest/README.md');

/** The text of a page without its blocks of code. */
const prose = (page: string): string => read(page).replace(/^```[\s\S]*?^```$/gm, '');

/** What a link to a heading of the page says after its `#`, as GitHub makes it. */
function anchorsOf(page: string): string[] {
  return [...prose(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function isThere(page: string, link: string): boolean {
  const [file = '', anchor] = link.split('#');
  const target = file === '' ? page : join(dirname(page), file);
  return existsSync(join(root, target)) && (anchor === undefined || anchorsOf(target).includes(anchor));
}

it('names the packages that the service runs on, for the page about it', () => {
  const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> };
  const licenceOf = (name: string): unknown => {
    const { version, license } = JSON.parse(read(`node_modules/${name}/package.json`)) as Record<
      string,
      unknown
    >;
    return { name, version, license };
  };
  const listed: unknown = JSON.parse(read('src/http/console/about/licences.json'));
  expect(listed).toEqual(Object.keys(dependencies).sort().map(licenceOf));
});

describe('the documentation says what the code does', () => {
  it('has one row in docs/configuration.md for every setting, and for none that is no setting', () => {
    const documented = firstCells(read('docs/configuration.md')).filter((cell) =>
      cell.startsWith('HEARTHKEY_'),
    );
    expect(documented.sort()).toEqual([...settingNames].sort());
  });

  it('gives every setting a default and a meaning', () => {
    const rows = read('docs/configuration.md').matchAll(/^\| `(HEARTHKEY_\w+)` *\|([^|]*)\|([^|]*)\|$/gm);
    const complete = [...rows].filter(
      ([, , value, meaning]) => value?.trim() !== '' && meaning?.trim() !== '',
    );
    expect(complete.map(([, name]) => name).sort()).toEqual([...settingNames].sort());
  });

  it('names no setting on any page that there is none of', () => {
    // The form of the names of files, where no setting in particular is meant.
    const real = [...settingNames, 'HEARTHKEY_X', 'HEARTHKEY_X_FILE'];
    const wrong = pages.flatMap((page) =>
      (read(page).match(/\bHEARTHKEY_[A-Z][A-Z_]*[A-Z]\b/g) ?? [])
        .filter((name) => !real.includes(name))
        .map((name) => `${page}: ${name}`),
    );
    expect(wrong).toEqual([]);
  });

  it('names every built-in command in the README, and no other', () => {
    const table = read('README.md').split('## Command line')[1]?.split('## HTTP')[0] ?? '';
    const rows = table.split('\n').filter((line) => line.startsWith('| '));
    const documented = rows.join('\n').match(/v-[a-z-]+/g) ?? [];
    expect([...new Set(documented)].sort()).toEqual([...commandNames].sort());
  });

  it('names every path of src/http/routes.ts in the README, and of the console where it begins', () => {
    const table = read('README.md').split('## HTTP')[1]?.split('## Settings')[0] ?? '';
    // What stands for any path is written out there, and so is the one without a slash at its end.
    const rows: HttpRoute[] = Object.values(routes);
    const paths = rows
      .filter(({ adapter }) => adapter !== 'administration')
      .flatMap((route) => route.paths)
      .filter((path) => path === '/console/' || !path.startsWith('/console'));
    const wanted = paths.filter((path) => !/\*|^\/api$|^\/docs\//.test(path));
    expect(wanted.filter((path) => !new RegExp(`[ \`]${path}\``).test(table))).toEqual([]);
  });

  it('names every operation of REST v1 in docs/api/README.md, with its methods, and no other', () => {
    const documented = [
      ...read('docs/api/README.md').matchAll(/^\| `((?:GET|POST|PUT|PATCH|DELETE) [^`]+)`/gm),
    ];
    const wanted = Object.values(routes)
      .filter(({ adapter }) => adapter === 'administration')
      .flatMap((route: HttpRoute) =>
        route.paths.flatMap((path) =>
          (route.methods as readonly string[]).map((method) => `${method} ${path}`),
        ),
      )
      .map((operation) => operation.replace(/:(\w+)/g, '{$1}'));
    expect(documented.map(([, operation]) => operation).sort()).toEqual(wanted.sort());
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

  it('keeps the README to 149 lines, and to four lines in a paragraph', () => {
    expect(read('README.md').split('\n').length).toBeLessThan(150);
    const paragraphs = prose('README.md')
      .split(/\n\n+/)
      .filter((text) => /^[A-Za-z[`*]/.test(text.trim()));
    expect(paragraphs.length).toBeGreaterThan(5);
    for (const paragraph of paragraphs) expect(paragraph.trim().split('\n').length).toBeLessThanOrEqual(4);
  });

  it('has a row in docs/architecture.md for every folder of src/, and for no other', () => {
    const documented = firstCells(read('docs/architecture.md')).filter((cell) => cell.endsWith('/'));
    const folders = readdirSync(join(root, 'src'), { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    );
    expect(documented.sort()).toEqual(folders.map(({ name }) => `${name}/`).sort());
  });

  it('links to files and headings that are there', () => {
    const wrong = pages.flatMap((page) =>
      [...prose(page).matchAll(/\]\(([^)\s]+)\)/g)]
        .map(([, target = '']) => target)
        .filter((target) => !/^[a-z]+:/.test(target) && !isThere(page, target))
        .map((target) => `${page}: ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  it('names files of the project that are there', () => {
    // Records of decisions name files as they were then; the results of a bench are there once it has run.
    const current = pages.filter((page) => !page.startsWith(join('docs', 'adr')));
    const wrong = current.flatMap((page) =>
      (prose(page).match(/(?<![\w./-])(?:src|test|scripts|bench|examples)\/[\w./-]*\w/g) ?? [])
        .filter((name) => !/results\.json$|^bench\/peers/.test(name))
        // Pages of a package name its own files, too.
        .filter((name) => ![root, join(root, dirname(page))].some((folder) => existsSync(join(folder, name))))
        .map((name) => `${page}: ${name}`),
    );
    expect(wrong).toEqual([]);
  });

  it('names every script of package.json in CONTRIBUTING.md', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named: readonly string[] = read('CONTRIBUTING.md').match(/npm (?:run )?[a-z]+(?:-[a-z]+)*/g) ?? [];
    const wanted = Object.keys(scripts).map((name) =>
      /^(start|test)$/.test(name) ? `npm ${name}` : `npm run ${name}`,
    );
    expect(wanted.filter((name) => !named.includes(name))).toEqual([]);
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
