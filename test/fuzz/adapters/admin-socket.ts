/** The admin socket: what the command line sends, and what it would never send. */
import { connect } from 'node:net';
import type { Random } from '../../faults/random.js';
import { patienceMs } from '../../support/waiting.js';
import { Finding, inside, type Adapter, type Target } from '../adapter.js';
import { inPieces, mutatedBytes, text, word } from '../inputs.js';
import { KnownWorld, type KnownKey } from '../world.js';

/** Nothing that makes so much that the search would be about that, and no end of the service. */
const built = [
  ...[
    'v-add-access-key',
    'v-add-api',
    'v-add-sys-api-ip',
    'v-add-user',
    'v-change-access-key',
    'v-change-api',
  ],
  ...[
    'v-change-user-config-value',
    'v-check-access-key',
    'v-check-api-key',
    'v-delete-access-key',
    'v-delete-api',
  ],
  ...[
    'v-delete-sys-api-ip',
    'v-delete-user',
    'v-explain-access',
    'v-list-access-key',
    'v-list-access-keys',
    'v-list-api',
  ],
  ...[
    'v-list-apis',
    'v-list-audit-events',
    'v-list-sys-api-ips',
    'v-list-user',
    'v-list-users',
    'v-prove-audit-event',
  ],
  ...[
    'v-derive-access-key',
    'v-rotate-access-key',
    'v-suspend-access-key',
    'v-unsuspend-access-key',
    'v-suspend-user',
    'v-list-nodes',
    'v-list-trials',
    'v-list-access-key-usage',
  ],
];
const words = [
  ...[
    'alice',
    'bob',
    'admin',
    'some',
    'few',
    'json',
    'plain',
    'csv',
    '',
    '-',
    '--',
    '--help',
    '--long',
    '--wide',
    'user',
  ],
  ...[
    '--since',
    '1h',
    '--until',
    '2026-01-01',
    '--expires',
    '90d',
    '--allow-ip',
    '127.0.0.1',
    '--rate-limit',
    '5/min',
  ],
  ...[
    '--overlap',
    '--outcome',
    'deny',
    '--reason',
    'key_unknown',
    '--limit',
    '3',
    '--after',
    '--key',
    '1',
    '--ip',
    '10.0.0.0/8',
  ],
];
/** docs/codes.md; 17 would be an error that nobody expected. */
const documented = new Set([0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 21]);

export const adminSocket: Adapter = {
  name: 'admin-socket',
  what: 'commands and arguments at the admin socket',
  atOnce: 4,
  async open(): Promise<Target> {
    const world = await KnownWorld.start();
    const { service } = world;
    return {
      pid: service.pid,
      try: (random) => tryOne(service.socketPath, world.keys, random),
      async close() {
        const whole = await service.run('v-verify-audit');
        await world.end();
        if (whole.code !== 0) throw new Finding('the record is not whole', whole);
      },
    };
  },
};

async function tryOne(path: string, keys: readonly KnownKey[], random: Random): Promise<string> {
  const near = [...words, ...keys.flatMap(({ id, secret }) => [id, id, secret])];
  const args = Array.from({ length: random.below(7) }, () => word(random, near));
  const request = {
    command: word(random, built),
    args,
    columns: 80,
    ...(random.next() < 0.1 && { stdin: text(random) }),
  };
  const plain = Buffer.from(`${JSON.stringify(request)}\n`);
  const line = random.next() < 0.9 ? plain : mutatedBytes(random, plain);
  const frames = await answersTo(path, inPieces(random, line));
  const code = frames.flatMap((frame) => frame.code ?? []).at(-1);
  const told = frames.map(({ stdout = '', stderr = '' }) => stdout + stderr).join('');
  if (inside.test(told)) throw new Finding(`it tells of the inside: ${told.slice(0, 300)}`, line.toString());
  if (code !== undefined && !documented.has(code))
    throw new Finding(`code ${String(code)}: ${told.slice(0, 300)}`, line.toString());
  if (code !== undefined && code !== 0 && told === '' && !request.command.startsWith('v-check'))
    throw new Finding(`code ${String(code)} without a word`, line.toString());
  if (code === undefined && line === plain) throw new Finding('no answer', line.toString());
  return code === undefined ? 'no answer' : `code ${String(code)}`;
}

interface Frame {
  code?: number;
  stdout?: string;
  stderr?: string;
}

function answersTo(path: string, pieces: readonly Buffer[]): Promise<Frame[]> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    let text = '';
    socket.setEncoding('utf8').setTimeout(patienceMs, () => socket.destroy(new Error('no answer in time')));
    socket.on('connect', () => {
      for (const piece of pieces) socket.write(piece);
      socket.end();
    });
    socket.on('data', (chunk: string) => (text += chunk));
    socket.on('error', reject);
    socket.on('close', () => {
      const lines = text.split('\n').filter((line) => line !== '');
      resolve(lines.map((line) => JSON.parse(line) as Frame));
    });
  });
}
