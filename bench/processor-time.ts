import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { Bursts } from './bursts.js';
import { median, row, type Row } from './row.js';
import type { WrkRequest } from './wrk.js';

export interface MeasuredSide {
  port: number;
  request: WrkRequest;
  /** Of the process that answers. */
  pid: number;
}

const requestsPerRound = 1000;
/** After these the code that answers is compiled. */
const requestsBefore = 5000;

/**
 * Processor time per request of a yardstick / of the subject: what of the yardstick's requests the subject could answer
 * if nothing but its own processor time held it up. Other work on the machine slows a request down; it changes its
 * processor time much less. A round is so short that what it does change hits both sides.
 *
 * @returns no row where the system does not tell processor times as Linux does
 */
export async function processorTimeRow(
  what: string,
  subject: MeasuredSide,
  yardstick: MeasuredSide,
  target: number,
  isQuick: boolean,
): Promise<Row[]> {
  if (!existsSync(`/proc/${String(subject.pid)}/schedstat`)) return [];
  const sides = await Promise.all([Measured.open(subject), Measured.open(yardstick)]);
  const [measured, against] = sides;
  try {
    const ratios: number[] = [];
    const rounds = isQuick ? 40 : 200;
    for (let round = 0; round < rounds; round++) {
      // In turns first, so that neither always comes behind the other.
      const order = round % 2 === 0 ? sides : sides.toReversed();
      for (const side of order) await side.round();
      ratios.push(against.lastNs / measured.lastNs);
    }
    const said = sides.map((side) => `${(side.medianNs / 1000).toFixed(1)} µs`).join(' / ');
    process.stderr.write(`  ${said} of processor time for a request\n`);
    return [row(`${what}, by processor time`, median(ratios), target, 'higher')];
  } finally {
    for (const side of sides) side.close();
  }
}

class Measured {
  private readonly took: number[] = [];

  private constructor(
    private readonly pid: number,
    private readonly bursts: Bursts,
  ) {}

  static async open({ pid, port, request }: MeasuredSide): Promise<Measured> {
    const bursts = await Bursts.open(port, request);
    await bursts.send(requestsBefore);
    return new Measured(pid, bursts);
  }

  /** Per request, in the newest round. */
  get lastNs(): number {
    return this.took.at(-1) ?? Number.NaN;
  }

  get medianNs(): number {
    return median(this.took);
  }

  async round(): Promise<void> {
    const before = processorNs(this.pid);
    await this.bursts.send(requestsPerRound);
    this.took.push((processorNs(this.pid) - before) / requestsPerRound);
  }

  close(): void {
    this.bursts.close();
  }
}

/** Of all threads that a process has now. */
function processorNs(pid: number): number {
  const threads = `/proc/${String(pid)}/task`;
  return readdirSync(threads)
    .map((id) => Number(readFileSync(`${threads}/${id}/schedstat`, 'utf8').split(' ', 1)[0]))
    .reduce((sum, ns) => sum + ns, 0);
}
