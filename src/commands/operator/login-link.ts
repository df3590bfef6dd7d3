import { durationForm, parseDurationMs } from '../../config/duration.js';
import { invalid, ReturnCode } from '../../errors.js';
import { linkLife, type LoginLinks } from '../../sessions/login-links.js';
import { formatMoment } from '../../text/moments.js';
import { parseUserName } from '../../users/user.js';
import { ok, type BuiltinCommand } from '../builtin-command.js';

/** `hearthkey login-link`: the way in for somebody who has no password yet, or none any more. */
export function loginLinkCommand(links: LoginLinks, publicUrl: string): BuiltinCommand {
  return {
    name: 'login-link',
    info: 'print a link that logs a user in once; anybody who has the link is that user',
    options: 'USER',
    longOptions: [
      {
        name: 'ttl',
        value: 'TIME',
        info: `how long it counts, at most 24h: ${durationForm.replace('90d', '10m')}`,
      },
    ],
    exitCodes: [ReturnCode.NOT_EXIST, ReturnCode.SUSPENDED, ReturnCode.FORBIDDEN],
    examples: ['hearthkey login-link admin', 'hearthkey login-link alice --ttl 2h'],
    changes: true,
    async run({ args: [user = ''], options, origin, terminal }) {
      const lifeMs = parseLife(options.get('ttl')?.at(-1));
      const token = await links.make(parseUserName(user), lifeMs, origin);
      const end = formatMoment(Date.now() + lifeMs);
      terminal.say(`It counts once, until ${end}. It is shown this once.\n`);
      // Behind the #: browsers send that part to no server, so it is in no log and no Referer.
      return ok(`${publicUrl}/console/login#token=${token}\n`);
    },
  };
}

function parseLife(text: string | undefined): number {
  if (text === undefined) return linkLife.usualMs;
  const ms = parseDurationMs(text);
  if (ms !== undefined && ms >= 1000 && ms <= linkLife.longestMs) return ms;
  throw invalid(
    `--ttl is a time from 1s to 24h: expected ${durationForm.replace('90d', '10m')}, got ${text}`,
  );
}
