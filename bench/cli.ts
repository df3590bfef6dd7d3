import { median, row, type Row } from './row.js';
import { seedKeys } from './seed.js';
import { BenchService } from './service.js';

/** What the commands are run with; `run` counts up, so that each run has something of its own to change. */
type Arguments = (run: number, ids: readonly string[]) => readonly string[];

const user = 'bench';
const id = (ids: readonly string[], index: number): string => ids[index] ?? '';

/** Every command that hashes nothing, each with arguments that let it succeed. The pairs undo each other. */
const commands: Readonly<Record<string, Arguments>> = {
  'v-list-access-keys': () => [user, 'json'],
  'v-list-access-key': (_run, ids) => [id(ids, 0), 'json'],
  'v-change-access-key': (run, ids) => [id(ids, 0), 'COMMENT', `run ${String(run)}`],
  'v-suspend-access-key': (_run, ids) => [id(ids, 0)],
  'v-unsuspend-access-key': (_run, ids) => [id(ids, 0)],
  'v-delete-access-key': (run, ids) => [id(ids, run + 1)],
  'v-delete-access-keys': () => ['admin'], // has none
  'v-list-apis': () => ['json'],
  'v-list-api': () => ['billing', 'json'],
  'v-add-api': (run) => [`bench${String(run)}`, 'user', 'v-list-user'],
  'v-change-api': (run) => [`bench${String(run)}`, 'user', 'v-list-user,v-list-dns-records'],
  'v-delete-api': (run) => [`bench${String(run)}`],
  'v-add-sys-api-ip': (run) => [`10.0.0.${String(run)}`],
  'v-delete-sys-api-ip': (run) => [`10.0.0.${String(run)}`],
  'v-list-sys-api-ips': () => ['json'],
  'v-change-sys-api': () => ['enable', 'api'],
  'v-change-sys-config-value': (run) => ['API', run % 2 === 0 ? 'yes' : 'no'],
  'v-list-sys-config': () => ['json'],
  'v-list-api-keys': () => ['json'],
  'v-list-users': () => ['json'],
  'v-list-user': () => [user, 'json'],
  'v-suspend-user': () => [user],
  'v-unsuspend-user': () => [user],
  'v-list-audit-events': () => ['json'],
};

/** Each command against starting Node.js with nothing to do: the median of the ratios of pairs. */
export async function benchCli(isQuick: boolean): Promise<Row[]> {
  const runs = isQuick ? 7 : 30;
  const service = new BenchService();
  try {
    const ids = await seedKeys(service.dataDir, user, runs + 1);
    await service.start();
    const ratios = new Map<string, number[]>();
    for (let run = 0; run < runs; run++) {
      for (const [name, args] of Object.entries(commands)) {
        // In pairs, so that whatever else the machine does in that moment hits both.
        const nodeMs = service.startNode();
        const { ms, code, output } = service.command(name, args(run, ids));
        if (code !== 0) throw new Error(`${name} ended with ${String(code)}: ${output}`);
        ratios.set(name, [...(ratios.get(name) ?? []), ms / nodeMs]);
      }
      process.stderr.write(`\r  ${String(run + 1)} of ${String(runs)}`);
    }
    process.stderr.write('\n');
    return [...ratios].map(([name, values]) => row(`${name} / node -e 0`, median(values), 1.3, 'lower'));
  } finally {
    await service.stop();
  }
}
