import { processorTimeRow, type MeasuredSide } from './processor-time.js';
import { row, type Row } from './row.js';
import { ServerProcess } from './server-process.js';
import { sideBySide } from './side-by-side.js';
import type { WrkRequest } from './wrk.js';

/**
 * The echo as a process of its own.
 *
 * @param answer - a flat JSON object of the size that the subject answers
 */
export function startEcho(answer: string): Promise<ServerProcess> {
  return ServerProcess.start('echo-server.mjs', answer);
}

/** A service against the echo of the same request: by what they answer in a second, and by processor time. */
export async function rowsAgainstEcho(
  name: string,
  target: number,
  { service, echo, request }: { service: Listening; echo: Listening; request: WrkRequest },
  isQuick: boolean,
): Promise<Row[]> {
  const sideOf = ({ port, pid }: Listening): MeasuredSide => ({ port, pid, request });
  const ratio = await sideBySide(sideOf(service), sideOf(echo), isQuick);
  return [
    row(name, ratio, target, 'higher'),
    ...(await processorTimeRow(name, sideOf(service), sideOf(echo), target, isQuick)),
  ];
}

type Listening = Pick<ServerProcess, 'port' | 'pid'>;
