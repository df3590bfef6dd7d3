/** `npm run faults -- revocation --replay`: whether the model of docs/adr/0004 allows what the nodes did. */
import { Replayer } from '../model/replay.js';
import { readTold } from '../model/told.js';
import { traceOf } from '../model/trace.js';
import type { FaultOptions } from './fault.js';

/** @returns what was found: a trace that is no path of the model */
export async function replayRun(
  folder: string,
  leaseMs: number,
  print: FaultOptions['print'],
): Promise<string[]> {
  const trace = traceOf(readTold(folder), leaseMs);
  const { isPath, taken, lines, rejected, states, seconds } = await (await Replayer.for(trace)).replay(trace);
  print(
    `trace of ${String(trace.told)} events (${String(trace.changes)} changes, ${String(trace.allows)} allows): ` +
      `${isPath ? 'a path of the model' : 'no path of the model'}, ${String(lines)} lines, ${String(states)} states, ` +
      `${seconds.toFixed(1)} s`,
  );
  if (isPath) return [];
  return [`the model does not allow what the nodes did: line ${String(taken)}, ${JSON.stringify(rejected)}`];
}
