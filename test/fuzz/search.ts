/** Sends inputs to an adapter, and counts how they were answered. */
import { readFileSync } from 'node:fs';
import { Random } from '../faults/random.js';
import { Finding, type Adapter, type Target } from './adapter.js';

export interface Search {
  inputs: number;
  answers: Map<string, number>;
  findings: string[];
  /** Resident, in MiB: when a fifth of the inputs was sent, and at the end. */
  memory: { early: number; late: number };
  seconds: number;
}

const mostFindings = 20;
/** More than a garbage collector that is not pressed lets stand; a leak of a kilobyte an input is seen in a long run. */
const mostGrowthMib = 256;
const longestShown = 4000;

/**
 * @param first - the index of the first input; an input is found again by its seed and index
 */
export async function search(adapter: Adapter, inputs: number, seed: number, first = 0): Promise<Search> {
  const beganMs = performance.now();
  const target = await adapter.open();
  const found: Search = {
    inputs: 0,
    answers: new Map(),
    findings: [],
    memory: { early: 0, late: 0 },
    seconds: 0,
  };
  const take = async (): Promise<void> => {
    while (found.inputs < inputs && found.findings.length < mostFindings) {
      const index = first + found.inputs++;
      await tryOne(target, seed, index, found);
      if (found.inputs === Math.ceil(inputs / 5)) found.memory.early = residentMib(target.pid);
    }
  };
  await Promise.all(Array.from({ length: adapter.atOnce }, take));
  found.memory.late = residentMib(target.pid);
  const { early, late } = found.memory;
  if (late - early > mostGrowthMib)
    found.findings.push(`memory grew from ${early.toFixed(0)} to ${late.toFixed(0)} MiB`);
  await target.close().catch((error: unknown) => found.findings.push(`at the end: ${tell(error)}`));
  found.seconds = (performance.now() - beganMs) / 1000;
  return found;
}

async function tryOne(target: Target, seed: number, index: number, found: Search): Promise<void> {
  try {
    // Seeds that follow each other begin alike.
    const random = new Random((seed * 1_000_003 + index * 7_919) % 2_147_483_647);
    for (let warm = 0; warm < 4; warm++) random.next();
    const answer = await target.try(random);
    found.answers.set(answer, (found.answers.get(answer) ?? 0) + 1);
  } catch (error) {
    found.findings.push(`input ${String(index)}: ${tell(error)}`);
  }
}

function tell(error: unknown): string {
  if (!(error instanceof Finding))
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `${error.message}: ${JSON.stringify(error.input).slice(0, longestShown)}`;
}

function residentMib(pid: number | 'self' = 'self'): number {
  try {
    const [, kib = 'NaN'] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8')) ?? [];
    return Number(kib) / 1024;
  } catch {
    return Number.NaN; // it has ended: its inputs tell
  }
}
