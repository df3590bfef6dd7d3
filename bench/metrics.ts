import { row, type Row } from './row.js';
import { seedKeys } from './seed.js';
import { BenchService } from './service.js';
import { inTurns, perSecond, turns } from './side-by-side.js';
import { authorizeRequest, user, withWarmService } from './warm-service.js';

const scrapeEveryMs = 1000;

/** Warm decisions while somebody reads /metrics each second, against the same service left alone. */
export async function benchMetrics(isQuick: boolean): Promise<Row[]> {
  const { rounds, seconds } = turns(isQuick);
  // As it is logged unless somebody says otherwise.
  const service = new BenchService({ HEARTHKEY_LOG_LEVEL: 'info' });
  return withWarmService(service, await seedKeys(service.dataDir, user, 10), async (ids) => {
    const side = { port: service.port, request: authorizeRequest(ids) };
    const alone = () => perSecond(side, seconds);
    const scraped = () => whileScraped(service, alone);
    const ratio = await inTurns(rounds, 'a second', scraped, alone);
    return [row('warm /v1/authorize, /metrics read each second / not read', ratio, 0.97, 'higher')];
  });
}

async function whileScraped<T>(service: BenchService, work: () => Promise<T>): Promise<T> {
  const readings: Promise<void>[] = [];
  const read = (): void => void readings.push(service.scrape());
  read();
  const timer = setInterval(read, scrapeEveryMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    await Promise.all(readings);
  }
}
