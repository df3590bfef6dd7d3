import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '../faults/random.js';
import type { Finding } from '../../src/leak-scan/judge.js';
import { temporaryFolder } from '../support/folders.js';
import { ServiceProcess } from '../support/processes.js';
import { Haystack, type Planted } from './haystack.js';

export interface PlantedResult {
  planted: number;
  bytes: number;
  seconds: number;
  /** With its file, line, key and state. */
  found: number;
  missed: string[];
  /** Findings of what was not laid there. */
  false: Finding[];
  notes: string;
}

/** Keys whose secrets are laid; each of them several times. */
const mostKeys = 40;
const scanLimitMs = 3_600_000;

/** Lays so many secrets in so many bytes, and has `hearthkey leak-scan` look for them beside a running service. */
export async function findPlanted(count: number, bytes: number, seed: number): Promise<PlantedResult> {
  const service = await ServiceProcess.start();
  const random = new Random(seed);
  const root = join(temporaryFolder(), 'haystack');
  mkdirSync(root);
  const keys = [];
  for (let made = 0; made < Math.min(mostKeys, count); made++) keys.push(await service.makeKey('admin', ''));
  const haystack = new Haystack(root, random);
  for (let laid = 0; laid < count; laid++) haystack.add(random.pick(keys), bytes / count);
  const beganMs = performance.now();
  const { stdout, stderr } = await service.bin('hearthkey', ['leak-scan', '--format', 'json', root], {
    timeoutMs: scanLimitMs,
  });
  const seconds = (performance.now() - beganMs) / 1000;
  await service.end();
  return { ...judge(haystack, JSON.parse(stdout) as Finding[]), seconds, notes: stderr };
}

function judge({ planted, bytes }: Haystack, findings: readonly Finding[]) {
  const left = new Map(planted.map((one) => [one.name, one]));
  const others: Finding[] = [];
  for (const finding of findings) {
    const name = /item-\d{5}/.exec(finding.file)?.[0] ?? '';
    const one = left.get(name);
    if (one !== undefined && isOf(finding, one)) left.delete(name);
    else others.push(finding);
  }
  const missed = [...left.keys()];
  return { planted: planted.length, bytes, found: planted.length - left.size, missed, false: others };
}

function isOf({ line, key, state, commit }: Finding, planted: Planted): boolean {
  const isThere = line === planted.line && (commit !== '') === planted.isInHistory;
  return isThere && key === planted.key.id && state === 'live';
}
