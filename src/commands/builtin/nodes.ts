import { listNodes } from '../../storage/cluster/node-list-store.js';
import type { Database } from '../../storage/database.js';
import { ok, wide, type BuiltinCommand } from '../builtin-command.js';
import { formatPlain, formatTable, jsonRows, parseFormat } from '../output-formats.js';
import { plainTable } from '../tables/table.js';

/** `v-list-nodes`: the nodes that share the database. */
export function listNodesCommand(db: Database): BuiltinCommand {
  return {
    name: 'v-list-nodes',
    info: 'list the nodes that share the database, with their version, their lease and how far they have come',
    options: '[FORMAT]',
    longOptions: [wide],
    examples: ['v-list-nodes', 'v-list-nodes json'],
    changes: false,
    async run({ args: [format] }) {
      const outputFormat = parseFormat(format);
      const { nodes, newestChange } = await listNodes(db);
      const rows = nodes.map(({ id, version, leaseMs, appliedChange }) => [
        ...[id, version || '-', `${String(leaseMs / 1000)}s`, String(appliedChange)],
        String(Math.max(0, newestChange - appliedChange)),
      ]);
      if (outputFormat === 'plain') return ok(formatPlain(rows));
      const heads = ['NODE', 'VERSION', 'LEASE', 'CHANGE', 'BEHIND'];
      if (outputFormat === 'json')
        return ok(
          jsonRows(
            rows.map(([id = '', ...values]) => ({
              key: id,
              fields: heads.slice(1).map((head, index) => [head, values[index] ?? ''] as const),
            })),
          ),
        );
      const text = formatTable([heads, heads.map((head) => '-'.repeat(head.length)), ...rows]);
      return ok(text, plainTable(heads, rows));
    },
  };
}
