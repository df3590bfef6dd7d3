import { ReturnCode } from '../../errors.js';
import { ok, requireEverythingOrSafe, type BuiltinCommand } from '../builtin-command.js';
import { requireCallerStaysIn } from '../shut-out.js';
import { sayNetwork } from './say-network.js';
import type { SettingCommandParts } from './settings.js';
import { formatPlain, formatTable, jsonList, parseFormat } from '../output-formats.js';
import { plainTable } from '../tables/table.js';

type Parts = Pick<SettingCommandParts, 'allowList' | 'changeSettings' | 'rootUser'>;

/** `v-add-sys-api-ip` and its family: API_ALLOWED_IP. */
export function allowListCommands(parts: Parts): BuiltinCommand[] {
  return [addAddress(parts), deleteAddress(parts), listAddresses(parts)];
}

function addAddress({ allowList }: Parts): BuiltinCommand {
  return {
    name: 'v-add-sys-api-ip',
    info: 'add an address, a CIDR range or allow-all to API_ALLOWED_IP',
    options: 'IP',
    argumentHelp: { IP: { info: 'an address, a CIDR range such as 203.0.113.0/24, or allow-all' } },
    exitCodes: [ReturnCode.FORBIDDEN],
    examples: [
      'v-add-sys-api-ip 203.0.113.9',
      'v-add-sys-api-ip 2001:db8::/32',
      'v-add-sys-api-ip allow-all',
    ],
    changes: true,
    async run({ args: [address = ''], caller, origin, terminal }) {
      requireEverythingOrSafe(caller);
      const { entry, isChanged } = await allowList.add(address, origin);
      sayNetwork(address, terminal);
      terminal.say(isChanged ? `${entry} is allowed now.\n` : `${entry} was allowed already.\n`);
      return ok();
    },
  };
}

function deleteAddress({ allowList, changeSettings, rootUser }: Parts): BuiltinCommand {
  return {
    name: 'v-delete-sys-api-ip',
    info: 'delete an address, a CIDR range or allow-all from API_ALLOWED_IP; over the API, the entry that allows the caller cannot be deleted',
    options: 'IP',
    argumentHelp: { IP: { info: 'an entry of the list, as v-list-sys-api-ips shows it' } },
    exitCodes: [ReturnCode.FORBIDDEN],
    examples: ['v-delete-sys-api-ip 203.0.113.9', 'v-delete-sys-api-ip allow-all'],
    changes: true,
    async run({ args: [address = ''], caller, origin, terminal }) {
      requireEverythingOrSafe(caller);
      const check = requireCallerStaysIn(caller, rootUser);
      const { entry, isChanged } = await allowList.delete(address, origin, async (list, change) =>
        check(await changeSettings.switchesWithin(change, list)),
      );
      sayNetwork(address, terminal);
      terminal.say(
        isChanged
          ? `${entry} is not in the list any more.\n`
          : `Warning: ${entry} is not in the list, so nothing was deleted (v-list-sys-api-ips lists it).\n`,
      );
      return ok();
    },
  };
}

function listAddresses({ allowList }: Parts): BuiltinCommand {
  return {
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
      if (outputFormat === 'plain') return ok(formatPlain(rows));
      return ok(formatTable([['IP'], ['--'], ...rows]), plainTable(['IP'], rows));
    },
  };
}
