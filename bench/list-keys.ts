import { row, type Row } from './row.js';
import { seedKeys } from './seed.js';
import { BenchService } from './service.js';

/** `v-list-access-keys` with 5,000 keys, the whole command: seconds, the longest of five. */
export async function benchListKeys(): Promise<Row[]> {
  const service = new BenchService();
  try {
    await seedKeys(service.dataDir, 'bench', 5000);
    await service.start();
    const seconds = Array.from({ length: 5 }, () => {
      const { ms, code, output } = service.command('v-list-access-keys', []);
      if (code !== 0 || output.split('\n').length < 5000)
        throw new Error('v-list-access-keys did not list all');
      return ms / 1000;
    });
    return [row('v-list-access-keys with 5,000 keys, s', Math.max(...seconds), 1, 'lower')];
  } finally {
    await service.stop();
  }
}
