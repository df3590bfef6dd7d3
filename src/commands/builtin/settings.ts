import { splitEntries } from '../../allowlist/allow-list.js';
import type { ChangeAllowList } from '../../allowlist/change-allow-list.js';
import { AppError, invalid, ReturnCode } from '../../errors.js';
import type { ChangeSettings, FoundBefore, SettingChanges } from '../../settings/change-settings.js';
import type { SettingStore } from '../../settings/setting-store.js';
import { isSettingName, settingDefaults } from '../../settings/settings.js';
import { didYouMean } from '../../text/nearest-name.js';
import { ok, requireEverythingOrSafe, type BuiltinCommand, type Terminal } from '../builtin-command.js';
import { sayNetwork } from './say-network.js';
import { requireCallerStaysIn } from '../shut-out.js';
import { sysConfigNames } from './sys-config-names.js';
import { formatFields, formatPlain, parseFormat } from '../output-formats.js';

export interface SettingCommandParts {
  store: SettingStore;
  changeSettings: ChangeSettings;
  allowList: ChangeAllowList;
  rootUser: string;
}

/** The switches: `v-change-sys-api`, `v-change-sys-config-value`, `v-list-sys-config`. */
export function settingCommands(parts: SettingCommandParts): BuiltinCommand[] {
  return [changeApi(parts), changeValue(parts), listConfig(parts)];
}

function changeApi({ store, changeSettings, allowList, rootUser }: SettingCommandParts): BuiltinCommand {
  return {
    name: 'v-change-sys-api',
    info: 'enable / disable API access; over the API, the API in use cannot be disabled',
    options: 'STATUS [VERSION]',
    argumentHelp: {
      STATUS: { info: 'on or off; remove is the same as disable', values: ['enable', 'disable', 'remove'] },
      VERSION: {
        info: 'legacy: API keys and passwords; api: access keys; all, or left out with disable: both',
        values: ['legacy', 'api', 'all'],
      },
    },
    exitCodes: [ReturnCode.FORBIDDEN],
    examples: [
      'v-change-sys-api enable api      # access keys, of the root user',
      'v-change-sys-api enable legacy   # API keys and passwords',
      'v-change-sys-api disable         # everything off, no address allowed any more',
    ],
    changes: true,
    async run({ args: [status = '', version = ''], caller, origin, terminal }) {
      requireEverythingOrSafe(caller);
      if (!['enable', 'disable', 'remove'].includes(status)) throw invalid(`${status} type is invalid`);
      if (!['', 'legacy', 'api', 'all'].includes(version)) throw invalid(`${version} type is invalid`);
      if (status === 'enable' && version === '') {
        // As in Hestia: nothing is named, nothing is switched on.
        terminal.say('Warning: nothing was switched on: name legacy, api or all after enable.\n');
        return ok();
      }
      const wanted =
        status === 'enable'
          ? whatToEnable(version, (await store.all()).API_SYSTEM)
          : whatToDisable(status, version);
      const before = await changeSettings.apply(wanted, origin, requireCallerStaysIn(caller, rootUser));
      saySettings(wanted, before, terminal);
      if (status === 'enable') await sayHowToRefill(allowList, terminal);
      return ok();
    },
  };
}

function whatToEnable(version: string, apiSystem: string): SettingChanges {
  const wanted: SettingChanges = {};
  if (version !== 'api') wanted.API = 'yes';
  // Who had let all users in does not shut them out by saying "enable".
  if (version !== 'legacy') wanted.API_SYSTEM = apiSystem === '2' ? '2' : '1';
  return wanted;
}

function whatToDisable(status: string, version: string): SettingChanges {
  if (status === 'disable' && version === 'legacy') return { API: 'no' };
  if (status === 'disable' && version === 'api') return { API_SYSTEM: '0' };
  return { API: 'no', API_SYSTEM: '0', clearAllowList: true };
}

/** What was set, and what `disable` emptied: on standard error, for Hestia's commands print nothing. */
function saySettings(wanted: SettingChanges, before: FoundBefore, terminal: Terminal): void {
  for (const [name, value] of Object.entries(wanted)) {
    if (!isSettingName(name)) continue;
    const was = before.values[name];
    terminal.say(
      was === value ? `${name} was ${was} already.\n` : `${name} is ${String(value)} (was ${was}).\n`,
    );
  }
  const { clearedEntries } = before;
  if (clearedEntries.length > 0)
    terminal.say(
      `The list of allowed addresses was emptied. To fill it again:\n  ${refill(clearedEntries.join(','))}\n`,
    );
}

/** Who switches on again what `disable` has switched off finds nobody let in. */
async function sayHowToRefill(allowList: ChangeAllowList, terminal: Terminal): Promise<void> {
  if ((await allowList.list()).length > 0) return;
  const emptied = await allowList.emptied();
  terminal.say('Warning: no address is allowed, so nobody is let in (v-add-sys-api-ip).\n');
  if (emptied !== '')
    terminal.say(`v-change-sys-api disable has emptied the list. To fill it again:\n  ${refill(emptied)}\n`);
}

function refill(entries: string): string {
  return `v-change-sys-config-value API_ALLOWED_IP ${entries}`;
}

function changeValue({ changeSettings, allowList, rootUser }: SettingCommandParts): BuiltinCommand {
  return {
    name: 'v-change-sys-config-value',
    info: 'change sysconfig value: API, API_SYSTEM, API_ALLOWED_IP or DEMO_MODE; over the API, a change that would lock out the caller is refused',
    options: 'KEY VALUE',
    argumentHelp: {
      KEY: { info: 'what is changed', values: [...Object.keys(settingDefaults), 'API_ALLOWED_IP'] },
      VALUE: {
        info: 'API, DEMO_MODE: yes or no; API_SYSTEM: 0, 1 or 2; API_ALLOWED_IP: addresses with commas between them',
      },
    },
    exitCodes: [ReturnCode.FORBIDDEN],
    examples: [
      'v-change-sys-config-value API_SYSTEM 2   # access keys of all users',
      'v-change-sys-config-value API_ALLOWED_IP 203.0.113.9,2001:db8::/32',
      'v-change-sys-config-value DEMO_MODE yes  # read-only mode',
    ],
    // Read-only mode is left by this command, from the machine itself.
    changes: ([name], caller) => !(name === 'DEMO_MODE' && caller.isOperator),
    async run({ args: [name = '', value = ''], caller, origin, terminal }) {
      requireEverythingOrSafe(caller);
      const check = requireCallerStaysIn(caller, rootUser);
      if (name === 'API_ALLOWED_IP') {
        const entries = await allowList.replaceAll(value, origin, async (list, change) =>
          check(await changeSettings.switchesWithin(change, list)),
        );
        for (const item of splitEntries(value)) sayNetwork(item, terminal);
        terminal.say(`API_ALLOWED_IP is ${entries.join(',') || 'empty: nobody is let in'}.\n`);
      } else if (isSettingName(name)) {
        const wanted = { [name]: value };
        saySettings(wanted, await changeSettings.apply(wanted, origin, check), terminal);
      } else if (name === 'ROOT_USER') {
        throw new AppError(
          ReturnCode.FORBIDDEN,
          'ROOT_USER is set by HEARTHKEY_ROOT_USER when the service starts',
        );
      } else {
        const names = [...Object.keys(settingDefaults), 'API_ALLOWED_IP'];
        throw invalid(`there is no sysconfig value ${name} here${didYouMean(name, names)}`);
      }
      return ok();
    },
  };
}

function listConfig({ store, allowList, rootUser }: SettingCommandParts): BuiltinCommand {
  return {
    name: 'v-list-sys-config',
    info: 'list system configuration; values that this service does not have are empty',
    options: '[FORMAT]',
    examples: ['v-list-sys-config', 'v-list-sys-config json'],
    changes: false,
    async run({ args: [format] }) {
      const outputFormat = parseFormat(format);
      const values = await store.all();
      const known: Readonly<Record<string, string>> = {
        API: values.API,
        API_ALLOWED_IP: (await allowList.list()).join(','),
        API_SYSTEM: values.API_SYSTEM,
        DEMO_MODE: values.DEMO_MODE,
        LANGUAGE: 'en',
        ROOT_USER: rootUser,
      };
      const fields = sysConfigNames.map((name): [string, string] => [name, known[name] ?? '']);
      if (outputFormat === 'json')
        return ok(`${JSON.stringify({ config: Object.fromEntries(fields) }, null, '\t')}\n`);
      return ok(outputFormat === 'plain' ? formatPlain(fields) : formatFields(fields, 32));
    },
  };
}
