import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endAtExit, removeAtExit } from './at-exit.js';

/** What is sent: one of these bodies at random with each request. */
export interface WrkRequest {
  /** POST unless it says otherwise. */
  method?: 'GET' | 'POST';
  path: string;
  type: string;
  headers?: Readonly<Record<string, string>>;
  bodies: readonly string[];
}

export interface WrkResult {
  requests: number;
  requestsPerSecond: number;
  p99Ms: number;
  /** Answers that were no 200, and connections that failed. */
  errors: number;
}

/** Whether there is `wrk`. As root it is installed where it is missing; else it is told how to get it. */
export function hasWrk(): boolean {
  const script = join(import.meta.dirname, '../scripts/install-wrk.sh');
  return spawnSync('/bin/sh', [script], { stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
}

/** The load generator of its own process: `wrk`, one thread, 32 connections, as fast as answers come. */
export async function runWrk(port: number, request: WrkRequest, seconds: number): Promise<WrkResult> {
  const folder = removeAtExit(mkdtempSync(join(tmpdir(), 'hearthkey-wrk-')));
  try {
    writeFileSync(join(folder, 'bodies'), `${request.bodies.join('\n')}\n`);
    writeFileSync(join(folder, 'load.lua'), script(request, join(folder, 'bodies')));
    const args = ['-t1', '-c32', `-d${String(seconds)}s`, '--latency', '-s', join(folder, 'load.lua')];
    const child = spawn('wrk', [...args, `http://127.0.0.1:${String(port)}${request.path}`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    endAtExit(child).on('error', () => undefined);
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
    await once(child, 'close');
    const line = /^RESULT (.*)$/m.exec(text)?.[1];
    if (line === undefined) throw new Error('wrk ended without a result');
    const [requests = 0, microseconds = 0, p99 = 0, errors = 0] = line.split(' ').map(Number);
    return { requests, requestsPerSecond: requests / (microseconds / 1e6), p99Ms: p99 / 1000, errors };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Requests are put together before the run, so that the generator itself costs little. */
function script({ method = 'POST', path, type, headers = {} }: WrkRequest, file: string): string {
  const fields = Object.entries({ 'Content-Type': type, ...headers });
  const table = fields
    .map(([name, value]) => `[${JSON.stringify(name)}] = ${JSON.stringify(value)}`)
    .join(', ');
  return `
local ready = {}
init = function()
  for body in io.lines(${JSON.stringify(file)}) do
    ready[#ready + 1] = wrk.format(${JSON.stringify(method)}, ${JSON.stringify(path)}, { ${table} }, body)
  end
  math.randomseed(7)
end
request = function() return ready[math.random(#ready)] end
done = function(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  print(string.format('RESULT %d %d %d %d', summary.requests, summary.duration, latency:percentile(99), failed))
end
`;
}
