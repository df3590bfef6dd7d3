import { median } from './row.js';
import { runWrk, type WrkRequest, type WrkResult } from './wrk.js';

export interface Side {
  port: number;
  request: WrkRequest;
  /** Decisions, or whatever is compared, in one request; 1 unless it says otherwise. */
  perRequest?: number;
}

/**
 * Both sides under as much load as they answer, in turns; what the subject does for each that the yardstick does. Of
 * many short rounds the median varies less than of a few long ones.
 */
export async function sideBySide(subject: Side, yardstick: Side, isQuick: boolean): Promise<number> {
  const [rounds, seconds] = [isQuick ? 5 : 27, 1];
  const measure = (side: Side) => () => perSecond(side, seconds);
  return inTurns(rounds, 'a second', measure(subject), measure(yardstick));
}

export function turns(isQuick: boolean): { rounds: number; seconds: number } {
  return isQuick ? { rounds: 3, seconds: 1 } : { rounds: 7, seconds: 4 };
}

export async function perSecond({ port, request, perRequest = 1 }: Side, seconds: number): Promise<number> {
  const result = checked(await runWrk(port, request, seconds));
  return result.requestsPerSecond * perRequest;
}

/**
 * Both in turns, after once for nothing, so that whatever else the machine does hits both.
 *
 * @param unit - of what is measured, to tell how it goes
 * @returns the median over the rounds of subject / yardstick
 */
export async function inTurns(
  rounds: number,
  unit: string,
  subject: () => Promise<number>,
  yardstick: () => Promise<number>,
): Promise<number> {
  await yardstick();
  await subject();
  const ratios: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    // In turns first: what the machine does besides may grow or end meanwhile.
    const early = round % 2 === 0 ? await subject() : undefined;
    const against = await yardstick();
    const measured = early ?? (await subject());
    ratios.push(measured / against);
    const seen = `${brief(measured)} / ${brief(against)} ${unit}`;
    process.stderr.write(`\r  round ${String(round)} of ${String(rounds)}: ${seen}   `);
  }
  process.stderr.write('\n');
  return median(ratios);
}

function brief(value: number): string {
  return value.toFixed(value < 100 ? 1 : 0);
}

function checked(result: WrkResult): WrkResult {
  if (result.errors > 0) throw new Error(`${String(result.errors)} requests failed`);
  return result;
}
