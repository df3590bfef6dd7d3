/** Who uses the processors of this machine: what others use of them, a service that is slow for it can't help. */
import { readdirSync, readFileSync } from 'node:fs';

/** In ticks of the system. */
interface Used {
  /** There were so many. */
  all: number;
  busy: number;
  own: number;
}

/** Of the processors; where others use more of them, what is slow is not judged. */
export const mostByOthers = 0.2;

/** Begins to count. @returns the share of all processors that others have used since */
export function watchOthers(): () => number {
  const before = read();
  return () => {
    const now = read();
    const [all, busy, own] = [now.all - before.all, now.busy - before.busy, now.own - before.own];
    return all === 0 ? 0 : Math.min(1, Math.max(0, (busy - own) / all));
  };
}

function read(): Used {
  const [, ...numbers] = (/^cpu .*/m.exec(readFileSync('/proc/stat', 'utf8'))?.[0] ?? '').split(/\s+/);
  const [user = 0, nice = 0, system = 0, idle = 0, ioWait = 0, irq = 0, softIrq = 0, steal = 0] =
    numbers.map(Number);
  const busy = user + nice + system + irq + softIrq + steal;
  return { all: busy + idle + ioWait, busy, own: ownTicks() };
}

/** Of this process and of all that come from it, with those that have ended. */
function ownTicks(): number {
  const processes = new Map<number, { parent: number; ticks: number }>();
  for (const name of readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) ? readStat(name) : undefined;
    if (stat !== undefined) processes.set(Number(name), stat);
  }
  const isOwn = (id: number): boolean => {
    if (id === process.pid) return true;
    const parent = processes.get(id)?.parent ?? 0;
    return parent > 1 && isOwn(parent);
  };
  return [...processes].reduce((sum, [id, { ticks }]) => (isOwn(id) ? sum + ticks : sum), 0);
}

function readStat(name: string): { parent: number; ticks: number } | undefined {
  try {
    const text = readFileSync(`/proc/${name}/stat`, 'utf8');
    // The name of the program, in brackets, may have anything in it.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const numbers = fields.map(Number);
    return { parent: numbers[1] ?? 0, ticks: numbers.slice(11, 15).reduce((sum, ticks) => sum + ticks, 0) };
  } catch {
    return undefined; // it has ended
  }
}
