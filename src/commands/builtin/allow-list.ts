import type { ChangeAllowList } from '../../allowlist/change-allow-list.js';
import { ok, requireEverything, type BuiltinCommand } from '../builtin-command.js';
import { formatPlain, formatTable, jsonList, parseFormat } from '../output-formats.js';

/** `v-add-sys-api-ip` and its family: API_ALLOWED_IP. */
export function allowListCommands(allowList: ChangeAllowList): BuiltinCommand[] {
  return [
    {
      name: 'v-add-sys-api-ip',
      info: 'add an address, a CIDR range or allow-all to API_ALLOWED_IP',
      options: 'IP',
      examples: [
        'v-add-sys-api-ip 203.0.113.9',
        'v-add-sys-api-ip 2001:db8::/32',
        'v-add-sys-api-ip allow-all',
      ],
      changes: true,
      async run({ args: [address = ''], caller, origin }) {
        requireEverything(caller);
        await allowList.add(address, origin);
        return ok();
      },
    },
    {
      name: 'v-delete-sys-api-ip',
      info: 'delete an address, a CIDR range or allow-all from API_ALLOWED_IP',
      options: 'IP',
      examples: ['v-delete-sys-api-ip 203.0.113.9', 'v-delete-sys-api-ip allow-all'],
      changes: true,
      async run({ args: [address = ''], origin }) {
        await allowList.delete(address, origin);
        return ok();
      },
    },
    {
      name: 'v-list-sys-api-ips',
      info: 'list API_ALLOWED_IP',
      options: '[FORMAT]',
      examples: ['v-list-sys-api-ips', 'v-list-sys-api-ips json'],
      changes: false,
      async run({ args: [format] }) {
        const outputFormat = parseFormat(format);
        const entries = await allowList.list();
        if (outputFormat === 'json') return ok(`${jsonList(entries)}\n`);
        const rows = entries.map((entry) => [entry]);
        return ok(outputFormat === 'plain' ? formatPlain(rows) : formatTable([['IP'], ['--'], ...rows]));
      },
    },
  ];
}
