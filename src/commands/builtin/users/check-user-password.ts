import { formatAddress, parseAddress } from '../../../network/address-range.js';
import { actorName } from '../../../audit/audit-event.js';
import type { PasswordCheck } from '../../../authorization/secrets/password-check.js';
import { invalid, ReturnCode } from '../../../errors.js';
import { trimWhiteSpace } from '../../../text/white-space.js';
import { ok, requireEverything, type BuiltinCommand } from '../../builtin-command.js';

/** `v-check-user-password`, where no panel supplies the users. It never shows a hash. */
export function checkUserPasswordCommand(check: PasswordCheck): BuiltinCommand {
  return {
    name: 'v-check-user-password',
    info: 'check user password; - in its place reads it from standard input',
    options: 'USER PASSWORD [IP] [RETURN_HASH]',
    argumentHelp: {
      IP: { info: 'the client address that is asked about; left out: 127.0.0.1' },
      RETURN_HASH: {
        info: 'taken for the sake of clients of Hestia; hashes are never shown',
        values: ['no'],
      },
    },
    exitCodes: [ReturnCode.PASSWORD, ReturnCode.FORBIDDEN],
    examples: ['v-check-user-password alice - 203.0.113.9 < password.txt'],
    changes: false,
    async run({ args: [user = '', password = '', givenIp = '127.0.0.1', returnHash = ''], caller }) {
      requireEverything(caller);
      const ip = trimWhiteSpace(givenIp);
      if (!['', 'no'].includes(returnHash))
        throw invalid('hashes of passwords are never shown: leave RETURN_HASH out');
      const address = parseAddress(ip);
      if (address === undefined && ip !== '') throw invalid('invalid ip format');
      const claimed = { address, text: address === undefined ? '' : formatAddress(address) };
      const decision = await check.check({
        user,
        password,
        claimed,
        askedFrom: caller.client.text,
        claimedBy: actorName(caller.actor),
      });
      if (decision.outcome === 'allow') return ok();
      const { code } = decision;
      // One text whatever was wrong: names can't be told from passwords.
      const text = code === ReturnCode.PASSWORD ? 'password mismatch' : 'the password could not be checked';
      return { code, output: `Error: ${text}\n` };
    },
  };
}
