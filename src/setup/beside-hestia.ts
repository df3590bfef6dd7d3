import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { AppError, ReturnCode } from '../errors.js';
import { answers, check, mustBeWritable } from './checks.js';
import { bytesOf, changeFile, makeFolder, readBytes } from './files.js';
import { findApiServer, parseNginx, snippet, withInclude, workerUser, type ApiServer } from './nginx-conf.js';
import { runCommand } from './operator.js';
import { say } from './output.js';
import { findNginx, primaryGroup, reloadNginx, testNginx, type PanelNginx } from './panel-nginx.js';
import type { Step } from './run-steps.js';
import type { SetupRun } from './setup-run.js';
import { testThroughNginx } from './test-request.js';
import { readTreeFacts, type TreeFacts } from './tree-facts.js';

export const defaultRoot = '/usr/local/hestia';
const defaultSocket = '/run/hearthkey/http.sock';
const defaultListen = '127.0.0.1:8183';

interface Panel {
  root: string;
  facts: TreeFacts;
  nginx: PanelNginx;
  server: ApiServer;
  /** The file with Hearthkey's location. */
  snippetFile: string;
  socket: string;
}

/** Beside a Hestia server: Hearthkey answers the API of the panel of this machine. */
export async function besideHestia(run: SetupRun): Promise<Step[]> {
  const { options } = run;
  const root = resolve(options.hestiaRoot ?? defaultRoot);
  say('checks:');
  await check('Node.js', () => process.version, String);
  const facts = await check('panel', () => readTreeFacts(root), describeTree);
  if (facts.isReadOnly)
    throw new AppError(ReturnCode.ARGS, "the panel is in read-only mode (DEMO_MODE='yes'): end that first");
  for (const bad of facts.badRoles) say(`  !!  ${bad}; it grants nothing here`);
  say(
    `  ok  API state: API='${facts.api}', API_SYSTEM='${facts.apiSystem}', API_ALLOWED_IP='${facts.allowedAddresses}'`,
  );
  const nginx = findNginx(root, { program: options.nginx, conf: options.nginxConf });
  const conf = parseNginx(readBytes(nginx.conf));
  const server = findApiServer(conf);
  await check(
    'nginx configuration',
    () => testNginx(nginx),
    () => `${nginx.conf}, server at line ${String(server.line)}`,
  );
  const snippetFile = join(dirname(nginx.conf), 'hearthkey-api.inc');
  for (const file of [nginx.conf, snippetFile]) mustBeWritable(file);
  const { host, port } = server.listen;
  await check(
    'nginx',
    async () => {
      if (await answers({ host, port })) return;
      throw new AppError(
        ReturnCode.CONNECT,
        `the panel's nginx does not run: nothing answers at ${host}:${String(port)}`,
      );
    },
    () => `answers at ${host}:${String(port)}`,
  );
  const { settings, socket } = settingsFor(run, { root, facts, group: groupOf(workerUser(conf)) });
  await run.checkSettings(settings);
  return stepsFor(run, { root, facts, nginx, server, snippetFile, socket });
}

function describeTree({ rootUser, users, keys, legacyKeys, roles }: TreeFacts): string {
  const counts = [
    `${String(users)} users`,
    `${String(keys)} access keys`,
    `${String(legacyKeys)} legacy keys`,
  ];
  return `root user ${rootUser}, ${counts.join(', ')}, ${String(roles)} API roles`;
}

function groupOf(worker: { user: string; group: string | undefined } | undefined): string | undefined {
  return worker === undefined ? undefined : (worker.group ?? primaryGroup(worker.user));
}

/** A Unix socket that is listened at already, in the settings as they are, is the one that nginx gets. */
function settingsFor(
  run: SetupRun,
  { root, facts, group }: { root: string; facts: TreeFacts; group: string | undefined },
): { settings: Record<string, string>; socket: string } {
  const present = run.present();
  const socketGiven = /(?:^|,)\s*unix:([^,]+)/.exec(present['HEARTHKEY_LISTEN'] ?? '')?.[1]?.trim();
  const socket = resolve(socketGiven ?? run.options.socket ?? defaultSocket);
  const settings = {
    HEARTHKEY_HESTIA_ROOT: root,
    HEARTHKEY_ROOT_USER: facts.rootUser,
    HEARTHKEY_LISTEN:
      socketGiven === undefined ? `${defaultListen},unix:${socket}` : (present['HEARTHKEY_LISTEN'] ?? ''),
    ...(group !== undefined && { HEARTHKEY_LISTEN_GROUP: group }),
  };
  return { settings, socket };
}

function stepsFor(run: SetupRun, panel: Panel): Step[] {
  const { journal } = run;
  const { root, nginx, snippetFile, socket } = panel;
  const folder = dirname(socket);
  const made: Step = {
    title: `make ${folder} for the socket`,
    run: () => void makeFolder(journal, folder, 0o755),
  };
  return [
    ...(existsSync(folder) ? [] : [made]),
    ...run.startSteps(),
    { title: `import from ${root}`, run: () => importTree(run, root) },
    { title: `write Hearthkey's location to ${snippetFile}`, run: () => writeSnippet(run, panel) },
    { title: `include it in ${nginx.conf}`, run: () => includeSnippet(run, panel) },
    { title: 'test the configuration of nginx, and reload nginx', run: () => reload(nginx) },
    {
      title: 'send a request through nginx, with a key for this purpose that is deleted again',
      run: () => {
        const { rootUser } = panel.facts;
        return testThroughNginx(run.config.socketPath, { rootUser, listen: listenOf(panel) });
      },
    },
    ...run.endSteps(),
  ];
}

function reload(nginx: PanelNginx): undefined {
  testNginx(nginx);
  reloadNginx(nginx);
  return undefined;
}

function writeSnippet(
  { journal }: SetupRun,
  { nginx, server, snippetFile, socket }: Panel,
): string | undefined {
  // Undone as the last: nginx reads what it finds then.
  journal.add({ kind: 'nginx', ...nginx });
  const location = existsSync(snippetFile) ? previousLocation(snippetFile) : server.location;
  const content = Buffer.from(snippet(location, socket));
  const isNew = changeFile(journal, snippetFile, content, { mode: 0o644, usedBy: nginx.conf });
  return isNew ? undefined : 'it is there already';
}

/** Which form it needs was decided before the server had Hearthkey's own location. */
function previousLocation(snippetFile: string): string {
  return /^location (.+) \{$/m.exec(readBytes(snippetFile))?.[1] ?? '^~ /api/';
}

function includeSnippet({ journal }: SetupRun, { nginx, server, snippetFile }: Panel): string | undefined {
  const text = withInclude(readBytes(nginx.conf), server, bytesOf(snippetFile));
  const isNew = changeFile(journal, nginx.conf, Buffer.from(text, 'latin1'), { mode: 0o644 });
  return isNew ? undefined : 'it is included already';
}

/** Relative paths are relative to the configuration. */
function listenOf({ nginx, server }: Panel): ApiServer['listen'] {
  const { certificate } = server.listen;
  if (certificate === undefined) return server.listen;
  return { ...server.listen, certificate: resolve(dirname(nginx.conf), certificate) };
}

/** @throws AppError with the import's code where something was skipped, unless that was accepted */
async function importTree({ config, options }: SetupRun, root: string): Promise<string> {
  const { code, output } = await runCommand(config.socketPath, 'import', '--from', root);
  const lines = output.trim().split('\n');
  for (const line of lines) if (/: (?:skipped|conflict): /.test(line)) say(`    ${line}`);
  const isAccepted = code === ReturnCode.PARSING && options.acceptSkipped;
  if (code !== ReturnCode.OK && code !== ReturnCode.EXISTS && !isAccepted) {
    const advice = code === ReturnCode.PARSING ? ' (--accept-skipped goes on without them)' : '';
    throw new AppError(
      code as ReturnCode,
      `the import ended with ${String(code)}: ${lines.at(-1) ?? ''}${advice}`,
    );
  }
  return lines.filter((line) => /^(?:users|access keys|legacy keys|API roles): /.test(line)).join('; ');
}
