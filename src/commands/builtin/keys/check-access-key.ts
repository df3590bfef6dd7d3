import { formatAddress, parseAddress } from '../../../network/address-range.js';
import { actorName } from '../../../audit/audit-event.js';
import type { AccessRequest, Allow } from '../../../authorization/access-request.js';
import type { ClientAddress } from '../../../network/client-address.js';
import type { Authorizer } from '../../../authorization/authorize.js';
import { ReturnCode } from '../../../errors.js';
import { denyText } from '../../../authorization/deny-text.js';
import { visible } from '../../../text/visible-text.js';
import { trimWhiteSpace } from '../../../text/white-space.js';
import { ok, type BuiltinCommand } from '../../builtin-command.js';
import {
  formatFields,
  formatPlain,
  jsonInline,
  parseFormat,
  type OutputFormat,
} from '../../output-formats.js';

/** `v-check-access-key`: the decision about a key, as the command line and DNS-cluster peers ask for it. */
export function checkAccessKeyCommand(authorizer: Authorizer): BuiltinCommand {
  return {
    name: 'v-check-access-key',
    info: 'check access key: may it run the command?',
    options: 'ACCESS_KEY_ID SECRET_ACCESS_KEY COMMAND [IP] [FORMAT]',
    usageCode: ReturnCode.PASSWORD, // as every other failure of this command
    argumentHelp: { IP: { info: 'the client address that is asked about; left out: 127.0.0.1' } },
    exitCodes: [ReturnCode.FORBIDDEN, ReturnCode.BUSY],
    examples: [
      'v-check-access-key InNqgp01kO3v0W22eg6Z - v-list-mail-domains < secret.txt',
      'v-check-access-key InNqgp01kO3v0W22eg6Z - v-list-users 203.0.113.9 json < secret.txt',
    ],
    changes: false,
    async run({
      args: [accessKeyId = '', secretAccessKey = '', command = '', givenIp = '127.0.0.1', format],
      caller,
    }) {
      const outputFormat = parseFormat(format);
      const ip = trimWhiteSpace(givenIp);
      const address = parseAddress(ip);
      const client: ClientAddress = { address, text: address === undefined ? '' : formatAddress(address) };
      const request: AccessRequest = {
        mode: 'inspect',
        client,
        addressClaimedBy: actorName(caller.actor),
        accessKeyId,
        secretAccessKey,
        command,
      };
      if (address === undefined && ip !== '') {
        const { code } = await authorizer.refuse(request, 'address_malformed');
        return { code, output: `Error: invalid IP format :: ${visible(ip)}\n` };
      }
      const decision = await authorizer.authorize(request);
      if (decision.outcome === 'allow') return ok(formatAllow(decision, outputFormat));
      return { code: decision.code, output: `Error: ${denyText(decision, request)}\n` };
    },
  };
}

function formatAllow({ user, userArgPosition }: Allow, format: OutputFormat): string {
  if (format === 'plain') return formatPlain([[user, String(userArgPosition)]]);
  if (format === 'json') {
    return `${jsonInline([
      ['USER', user],
      ['USER_ARG_POSITION', userArgPosition],
    ])}\n`;
  }
  return formatFields(
    [
      ['USER', user],
      ['USER_ARG_POSITION', String(userArgPosition)],
    ],
    20,
  );
}
