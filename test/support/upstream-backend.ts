/** The backend that sends commands to a panel, at a server that answers as a test has it. */
import { beforeEach } from '@jest/globals';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import {
  UpstreamBackend,
  type UpstreamBackendOptions,
} from '../../src/commands/backends/upstream-backend.js';
import type { CommandResult } from '../../src/commands/builtin-command.js';
import { atEnd } from './clean-up.js';
import { Panel, type Handler } from './panel.js';

export const accessKeyId = 'PANEL000000000000001';
export const secretAccessKey = 'correct-Horse_battery=Staple-0123456789a';

/** What the log was told since the test began. */
export const problems: string[] = [];

beforeEach(() => {
  problems.length = 0;
});

export function backendFor(url: URL, options: Partial<UpstreamBackendOptions> = {}): UpstreamBackend {
  return new UpstreamBackend({
    url,
    accessKeyId,
    secretAccessKey,
    trusted: [],
    timeoutMs: 20_000,
    outputLimitBytes: 100_000,
    onProblem: (problem) => problems.push(problem),
    ...options,
  });
}

export async function runAt(
  handler: Handler,
  options: Partial<UpstreamBackendOptions> = {},
): Promise<{ panel: Panel; result: CommandResult }> {
  const panel = await Panel.start(handler);
  const result = await backendFor(panel.url, options).run('v-list-users', ['json']);
  return { panel, result };
}

/** A server that speaks no HTTP; `onData` is told what it reads. */
export async function rawServer(onData: (socket: Socket, count: number) => void): Promise<URL> {
  let count = 0;
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined).on('data', () => onData(socket, ++count));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return new URL(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}/api/`);
}

/** The two ends of what a caller is told when the panel did not answer. */
export const unknownWhether = /it is not known whether v-list-users ran\n$/;
export const didNotRun = /v-list-users did not run\n$/;
