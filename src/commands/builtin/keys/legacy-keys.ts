import { formatAddress, parseAddress } from '../../../network/address-range.js';
import { actorName } from '../../../audit/audit-event.js';
import { formatDate, formatTime } from '../../../audit/times.js';
import type { LegacyAuthorizer } from '../../../authorization/authorize-legacy.js';
import { invalid, ReturnCode } from '../../../errors.js';
import type { LegacyKeys } from '../../../keys/legacy/legacy-keys.js';
import { trimWhiteSpace } from '../../../text/white-space.js';
import { ok, requireEverything, type BuiltinCommand } from '../../builtin-command.js';
import { formatPlain, formatTable, jsonRows, parseFormat } from '../../output-formats.js';
import { plainTable } from '../../tables/table.js';

/** The root user's legacy API keys. */
export function legacyKeyCommands(keys: LegacyKeys, authorizer: LegacyAuthorizer): BuiltinCommand[] {
  return [generateKey(keys), checkKey(authorizer), revokeKey(keys), listKeys(keys)];
}

function generateKey(keys: LegacyKeys): BuiltinCommand {
  return {
    name: 'v-generate-api-key',
    info: 'generate a legacy API key, which may run every command; it is shown once',
    options: '',
    exitCodes: [ReturnCode.FORBIDDEN],
    examples: ['v-generate-api-key'],
    changes: true,
    async run({ caller, origin }) {
      requireEverything(caller);
      return ok(`${(await keys.generate(origin)).key}\n`);
    },
  };
}

function checkKey(authorizer: LegacyAuthorizer): BuiltinCommand {
  return {
    name: 'v-check-api-key',
    info: 'check a legacy API key',
    options: '[KEY] [IP]',
    argumentHelp: {
      KEY: { info: 'the legacy key; - asks for it, or reads it from standard input' },
      IP: { info: 'the client address that is asked about; left out: 127.0.0.1' },
    },
    exitCodes: [ReturnCode.PASSWORD],
    examples: ['v-check-api-key - 203.0.113.9 < key.txt'],
    changes: false,
    async run({ args: [key = '', givenIp = '127.0.0.1'], caller }) {
      const ip = trimWhiteSpace(givenIp);
      const address = parseAddress(ip);
      const client = { address, text: address === undefined ? '' : formatAddress(address) };
      // An address that is none refuses the key, whatever it is.
      const isAddressRight = address !== undefined || ip === '';
      const { outcome } = await authorizer.authorize({
        mode: 'inspect',
        client,
        addressClaimedBy: actorName(caller.actor),
        credential: { kind: 'legacy_key', key: isAddressRight ? key : '' },
        command: 'v-check-api-key',
      });
      return outcome === 'allow'
        ? ok()
        : { code: ReturnCode.PASSWORD, output: 'Error: authentication failed\n' };
    },
  };
}

function revokeKey(keys: LegacyKeys): BuiltinCommand {
  return {
    name: 'v-revoke-api-key',
    info: 'revoke a legacy API key, named by its value or by its ID in v-list-api-keys',
    options: 'HASH',
    argumentHelp: {
      HASH: { info: 'the legacy key, or its ID; - asks for it, or reads it from standard input' },
    },
    exitCodes: [ReturnCode.NOT_EXIST, ReturnCode.FORBIDDEN],
    examples: ['v-revoke-api-key - < key.txt', 'v-revoke-api-key 9f86d081'],
    changes: true,
    async run({ args: [keyOrId = ''], caller, origin, terminal }) {
      requireEverything(caller);
      // What is given may be a secret, so no message repeats it.
      if (!/^[A-Za-z0-9_-]{1,64}$/.test(keyOrId)) throw invalid('invalid hash format');
      await keys.revoke(keyOrId, origin);
      terminal.say('The legacy key is revoked.\n');
      return ok();
    },
  };
}

function listKeys(keys: LegacyKeys): BuiltinCommand {
  return {
    name: 'v-list-api-keys',
    info: 'list legacy API keys by their IDs; the keys themselves are not kept',
    options: '[FORMAT]',
    examples: ['v-list-api-keys', 'v-list-api-keys json'],
    changes: false,
    async run({ args: [format] }) {
      const outputFormat = parseFormat(format);
      const rows = (await keys.list()).map((key) => [
        key.id,
        formatTime(key.createdAtMs),
        formatDate(key.createdAtMs),
      ]);
      if (outputFormat === 'plain') return ok(formatPlain(rows));
      if (outputFormat === 'shell') {
        const heads = ['ID', 'TIME', 'DATE'];
        return ok(formatTable([heads, ['--', '----', '----'], ...rows]), plainTable(heads, rows));
      }
      return ok(
        jsonRows(
          rows.map(([id = '', time = '', date = '']) => ({
            key: id,
            fields: [
              ['ID', id],
              ['TIME', time],
              ['DATE', date],
            ],
          })),
        ),
      );
    },
  };
}
