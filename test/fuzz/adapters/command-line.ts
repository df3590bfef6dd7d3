/** Programs of bin/ as processes: words, standard input, files of secrets, and what answers at the socket. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import type { Random } from '../../faults/random.js';
import { installation, temporaryFolder } from '../../support/folders.js';
import { ownEnvironment } from '../../support/own-environment.js';
import { patienceMs } from '../../support/waiting.js';
import { Finding, inside, type Adapter, type Target } from '../adapter.js';
import { mutated, mutatedBytes, text, word } from '../inputs.js';
import { KnownWorld, type KnownKey } from '../world.js';

/** Nothing that is about this machine, or makes so much that the search would be about that. */
const programs = [
  ...['v-list-users', 'v-list-user', 'v-list-apis', 'v-list-access-keys', 'v-list-access-key'],
  ...['v-add-user', 'v-add-access-key', 'v-change-access-key', 'v-check-access-key', 'v-check-user-password'],
  ...[
    'v-change-user-password',
    'v-explain-access',
    'v-list-audit-events',
    'v-add-sys-api-ip',
    'v-revoke-secret',
  ],
  ...['hearthkey', 'hearthkey', 'hearthkey'],
];
const ofHearthkey = [
  'help',
  '--help',
  '-h',
  '--version',
  'complete',
  'completion',
  'doctor',
  'v-list-users',
  'none',
];
/** These would start something, or write where a random word says. */
const never = /^(?:serve|setup|leak-scan|backup|restore|import|export)$/;
const words = [
  ...[
    'alice',
    'bob',
    'admin',
    'some',
    'few',
    'json',
    'plain',
    '',
    '-',
    '--',
    '--help',
    '--long',
    '--json',
    'user',
  ],
  ...[
    '--password-file',
    '--secret-file',
    '--secret-file=',
    '--password-file=-',
    '--expires',
    '1h',
    '--limit',
    '3',
  ],
  ...['--allow-ip', '127.0.0.1', '--only', 'DOMAIN=x.example', '--key', 'v-list-alphas', '10.0.0.0/8'],
];
/** docs/codes.md, those of an operator's command; 13: the output can't be written; 15: no service answers. */
const documented = new Set([0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 15, 21]);
const frame = '{"stdout":"x\\n"}\n{"stderr":"y\\n","code":0}\n';

interface Places {
  folder: string;
  service: string;
  /** Something else answers here, with these bytes. */
  other: { path: string; answer: Buffer };
}

export const commandLine: Adapter = {
  name: 'cli',
  what: 'programs of bin/ with words, standard input, files and what answers at the socket',
  atOnce: 2,
  async open(): Promise<Target> {
    const world = await KnownWorld.start();
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'folder'));
    writeFileSync(join(folder, 'secret'), 'pass-word-of-alice\nmore\n');
    const other = { path: join(folder, 'other.sock'), answer: Buffer.alloc(0) };
    const server = await answering(other);
    const places = { folder, service: world.service.socketPath, other };
    return {
      pid: world.service.pid,
      try: (random) => tryOne(places, world.keys, random),
      async close() {
        server.close();
        await world.end();
      },
    };
  },
};

function answering(other: Places['other']): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined).once('data', () => socket.end(other.answer));
  });
  return new Promise((resolve) => server.listen(other.path, () => resolve(server)));
}

async function tryOne(places: Places, keys: readonly KnownKey[], random: Random): Promise<string> {
  const { folder } = places;
  const near = [
    ...words,
    'secret',
    'folder',
    '/dev/null',
    ...keys.slice(0, 4).flatMap(({ id, secret }) => [id, secret]),
  ];
  const program = random.pick(programs);
  const first = program === 'hearthkey' ? [word(random, ofHearthkey)] : [];
  const args = [...first, ...Array.from({ length: random.below(6) }, () => word(random, near))];
  const given = args.map((arg) => arg.replaceAll('\0', ''));
  if (given.some((arg) => never.test(arg))) return 'not sent';
  const share = random.next();
  const socket =
    share < 0.75 ? places.service : share < 0.9 ? places.other.path : join(folder, text(random) || 'x');
  places.other.answer =
    random.next() < 0.5 ? mutatedBytes(random, Buffer.from(frame)) : Buffer.from(text(random, 40));
  const input = {
    kind: random.pick(inputKinds),
    bytes: Buffer.from(mutated(random, 'pass-word-of-alice\nmore\n')),
  };
  const isBroken = random.next() < 0.05;
  const asked = { program, given, socket: socket.replaceAll('\0', ''), input: input.kind, isBroken };
  const ended = await run(folder, asked, input);
  const told = ended.stdout + ended.stderr;
  if (ended.signal !== null) throw new Finding(`ended by ${ended.signal}`, asked);
  if (ended.code === null || !documented.has(ended.code))
    throw new Finding(`code ${String(ended.code)}: ${told.slice(0, 300)}`, asked);
  // What a mutated word, or something else that answers, says is no text of ours.
  if (inside.test(ended.stderr) && socket === places.service)
    throw new Finding(`it tells of the inside: ${ended.stderr.slice(0, 600)}`, asked);
  if (/\n {4}at |Node\.js v\d/.test(ended.stderr))
    throw new Finding(`a stack: ${ended.stderr.slice(0, 600)}`, asked);
  const isCheck = program.startsWith('v-check') || given[0]?.startsWith('v-check') === true;
  if (ended.code !== 0 && told === '' && !isCheck && !isBroken)
    throw new Finding(`code ${String(ended.code)} without a word`, asked);
  return `code ${String(ended.code)}`;
}

const inputKinds = ['none', 'bytes', 'bytes', 'folder'] as const;

interface Asked {
  program: string;
  given: readonly string[];
  socket: string;
  /** Its output goes where nothing can be written. */
  isBroken: boolean;
}

async function run(
  folder: string,
  { program, given, socket, isBroken }: Asked,
  input: { kind: (typeof inputKinds)[number]; bytes: Buffer },
) {
  const opened = [
    ...(input.kind === 'folder' ? [join(folder, 'folder')] : []),
    ...(isBroken ? ['/dev/full'] : []),
  ];
  const descriptors = opened.map((path) => openSync(path, path === '/dev/full' ? 'w' : 'r'));
  const stdin = input.kind === 'folder' ? descriptors[0]! : input.kind === 'none' ? 'ignore' : 'pipe';
  const child = spawn(join(installation, 'bin', program), given, {
    cwd: folder,
    env: ownEnvironment({ HEARTHKEY_SOCKET: socket, HEARTHKEY_ENV_FILE: 'none' }),
    stdio: [stdin, isBroken ? descriptors.at(-1)! : 'pipe', 'pipe'],
    timeout: patienceMs,
    killSignal: 'SIGKILL',
  });
  for (const descriptor of descriptors) closeSync(descriptor);
  const printed = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => (printed.stdout += chunk));
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (printed.stderr += chunk));
  child.stdin?.on('error', () => undefined).end(input.bytes);
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { code, signal, ...printed };
}
