import { durationForm, parseDurationMs } from '../../../config/duration.js';
import { AppError, invalid, ReturnCode } from '../../../errors.js';
import { parseAccessKeyId, parsePermissions } from '../../../keys/access-key.js';
import type { AccessKeys } from '../../../keys/access-keys.js';
import type { WantedChild } from '../../../keys/derived/child-of.js';
import { mostDerivedKeys } from '../../../keys/derived/derived-room.js';
import { parseHeld } from '../../../catalogue/held-arguments.js';
import { parseAllowedAddresses } from '../../../keys/limits/key-limits.js';
import { parseQuota } from '../../../keys/limits/quota.js';
import { parseRateLimit } from '../../../keys/limits/rate-limit.js';
import { formatMoment } from '../../../text/moments.js';
import { ok, type BuiltinCommand, type Caller, type Invocation } from '../../builtin-command.js';
import { parseFormat } from '../../output-formats.js';
import { formatKey, shownTo } from './access-key-output.js';

const optionNames = ['permissions', 'addresses', 'rate-limit', 'only', 'quota'] as const;

/** `v-derive-access-key`: a narrower key for a while, for a key itself and for operators. */
export function deriveAccessKeyCommand(keys: AccessKeys): BuiltinCommand {
  return {
    name: 'v-derive-access-key',
    info: 'derive a key from another one: it can do no more, ends with it at the latest, and counts with it',
    options: '[ACCESS_KEY_ID] [TIME] [FORMAT] [PERMISSIONS] [ADDRESSES] [RATE_LIMIT] [ONLY] [QUOTA]',
    longOptions: [
      { name: 'for', value: 'TIME', info: `how long it lives, in place of TIME: ${durationForm}` },
      {
        name: 'permissions',
        value: 'APIS',
        info: 'some of the API roles of the other key; else all of them',
      },
      { name: 'addresses', value: 'ADDRESS', info: 'where it may be used from, with commas or repeated' },
      {
        name: 'rate-limit',
        value: 'N/WINDOW',
        info: 'a limit of its own below that of the other key: 60/min',
      },
      {
        name: 'only',
        value: 'NAME=VALUE',
        info: 'what it is held to besides, repeatable: DOMAIN=example.com',
      },
      { name: 'quota', value: 'N/UNIT', info: 'a quota of its own below that of the other key: 100/day' },
    ],
    argumentHelp: {
      ACCESS_KEY_ID: { info: 'the key to derive from; over the API empty for the key that asks' },
      TIME: { info: `how long it lives: ${durationForm}; left out where --for is` },
      PERMISSIONS: { info: 'some of the API roles of the other key, with commas between them; empty: all' },
      ADDRESSES: { info: 'where it may be used from, with commas between them; empty: as the other key' },
      RATE_LIMIT: { info: 'a limit of its own below that of the other key; empty: as the other key' },
      ONLY: {
        info: 'what it is held to besides, such as DOMAIN=example.com, with blanks between names; empty: as the other key',
      },
      QUOTA: { info: 'a quota of its own below that of the other key; empty: as the other key' },
    },
    exitCodes: [ReturnCode.NOT_EXIST, ReturnCode.SUSPENDED, ReturnCode.LIMIT, ReturnCode.FORBIDDEN],
    examples: [
      'v-derive-access-key InNqgp01kO3v0W22eg6Z --for 15m',
      'v-derive-access-key InNqgp01kO3v0W22eg6Z plain --for 1h --permissions mail-accounts --addresses 203.0.113.9',
      'v-derive-access-key InNqgp01kO3v0W22eg6Z 15m json mail-accounts 203.0.113.9 60/min   # as over the API',
    ],
    notes: [
      `A key can have ${String(mostDerivedKeys)} live derived keys. Over the API a key derives from itself alone, and a user's key needs a role that has v-derive-access-key in COMMANDS and SAFE.`,
    ],
    changes: true,
    async run({ args, options, caller, origin, terminal }) {
      const [id, time, format, ...more] = options.has('for')
        ? [args[0], options.get('for')?.at(-1), ...args.slice(1)]
        : args;
      const outputFormat = parseFormat(format);
      const wanted = { ...lifeOf(time), ...narrowing(more, options) };
      const key = await keys.derive(parentOf(id, caller), wanted, caller.authority, origin);
      terminal.say(
        `The key ends at ${formatMoment(key.expiresAtMs ?? 0)}, or with key ${key.makerId ?? ''}.\n`,
      );
      return ok(formatKey(key, key.secret, outputFormat, shownTo(caller)));
    },
  };
}

/** A key that names none means itself. */
function parentOf(id: string | undefined, { actor }: Caller): string {
  if ((id === undefined || id === '') && actor.kind === 'access_key') return actor.accessKeyId;
  return parseAccessKeyId(id ?? '');
}

function lifeOf(time: string | undefined): Pick<WantedChild, 'expiresAtMs'> {
  if (time === undefined || time === '')
    throw new AppError(
      ReturnCode.ARGS,
      'a derived key has to end: --for 15m, or 15m after the ID of the key',
    );
  const lifeMs = parseDurationMs(time);
  if (lifeMs === undefined) throw invalid(`expected ${durationForm}, got ${time}`);
  return { expiresAtMs: Math.ceil((Date.now() + lifeMs) / 1000) * 1000 };
}

/** By an option, or by the argument of the same place. Nothing at all is said by an empty text. */
function narrowing(
  args: readonly (string | undefined)[],
  options: Invocation['options'],
): Omit<WantedChild, 'expiresAtMs'> {
  const [permissions, addresses, rateLimit, only, quota] = optionNames.map(
    (name, index) => options.get(name) ?? (args[index] ? [args[index]] : undefined),
  );
  // An argument has several names with a blank between them, as in a role file.
  const names = only?.flatMap((text) => text.split(' ').filter((each) => each !== ''));
  const ranges = addresses && parseAllowedAddresses(addresses);
  const apis = permissions && parsePermissions(permissions.join());
  const held = names && parseHeld(names);
  return {
    ...(apis !== undefined && { permissions: apis }),
    ...(ranges && { allowedAddresses: ranges }),
    ...(rateLimit !== undefined && { rateLimit: parseRateLimit(rateLimit.at(-1) ?? '') }),
    ...(held && { only: held }),
    ...(quota !== undefined && { quota: parseQuota(quota.at(-1) ?? '') }),
  };
}
