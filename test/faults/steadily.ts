import { setTimeout as sleep } from 'node:timers/promises';

export interface Rate {
  perSecond: number;
  ask: () => Promise<void>;
}

const tickMs = 2;
/** A harness that was held up doesn't make up for more than that. */
const mostBehindSeconds = 0.1;

/** Asks at these rates, whatever the answers do, until it is over; resolves when all are answered. */
export async function steadily(rates: readonly Rate[], isOver: () => boolean): Promise<void> {
  const beganMs = performance.now();
  const underWay = new Set<Promise<void>>();
  const sent = rates.map(() => 0);
  while (!isOver()) {
    const seconds = (performance.now() - beganMs) / 1000;
    for (const [index, { perSecond, ask }] of rates.entries()) {
      let count = Math.max(sent[index] ?? 0, perSecond * (seconds - mostBehindSeconds));
      for (; count < perSecond * seconds; count++) {
        const asked: Promise<void> = ask().finally(() => underWay.delete(asked));
        underWay.add(asked);
      }
      sent[index] = count;
    }
    await sleep(tickMs);
  }
  await Promise.all(underWay);
}
