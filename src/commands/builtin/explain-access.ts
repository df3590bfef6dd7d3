import { formatAddress, parseAddress } from '../../network/address-range.js';
import type { AccessExplainer } from '../../authorization/explain/access-explainer.js';
import type { AccessQuestion } from '../../authorization/explain/explanation.js';
import { AppError, invalidFormat, ReturnCode } from '../../errors.js';
import { parseAccessKeyId } from '../../keys/access-key.js';
import { trimWhiteSpace } from '../../text/white-space.js';
import { ok, requireEverything, wide, type BuiltinCommand, type Invocation } from '../builtin-command.js';
import { parseFormat } from '../output-formats.js';
import { explanationTable, formatExplanation } from './explanation-output.js';

/** `v-explain-access`: why a key may run a command, or what stands in its way. */
export function explainAccessCommand(explainer: AccessExplainer): BuiltinCommand {
  return {
    name: 'v-explain-access',
    info: 'explain access: each step of the decision about a key, assuming the right secret; exits with 0 for every verdict, also for an unknown key',
    options: 'ACCESS_KEY_ID COMMAND [IP] [ARGS...]',
    longOptions: [
      {
        name: 'ip',
        value: 'ADDRESS',
        info: 'the address of the client, in place of IP: what follows COMMAND are its arguments; any leaves it open',
      },
      { name: 'format', value: 'FORMAT', info: 'shell (the default), json or plain' },
      wide,
    ],
    examples: [
      'v-explain-access InNqgp01kO3v0W22eg6Z v-list-users',
      'v-explain-access InNqgp01kO3v0W22eg6Z v-list-mail-domains 203.0.113.9 alice',
      'v-explain-access InNqgp01kO3v0W22eg6Z v-list-mail-domains alice --ip 203.0.113.9',
      'v-explain-access InNqgp01kO3v0W22eg6Z v-list-mail-domains alice --format json   # the address is left open',
    ],
    changes: false,
    async run(invocation) {
      const { options, caller } = invocation;
      requireEverything(caller);
      const format = parseFormat(options.get('format')?.at(-1));
      const explanation = await explainer.explain(readQuestion(invocation));
      const table = format === 'shell' ? explanationTable(explanation) : undefined;
      return ok(formatExplanation(explanation, format), table);
    },
  };
}

function readQuestion({ args, options, caller }: Invocation): AccessQuestion {
  const [accessKeyId = '', command = '', third = '', ...rest] = args;
  const option = options.get('ip')?.at(-1);
  const asked = { accessKeyId: parseAccessKeyId(accessKeyId), command };
  const given = (words: readonly string[]) => (words.length === 0 ? undefined : words);
  if (option !== undefined)
    return { ...asked, client: option === 'any' ? undefined : clientAt(option), args: given(args.slice(2)) };
  // Over the API the third one is an address, so that the record masks all behind it.
  if (caller.isOperator && third !== '' && !looksLikeAddress(third))
    return { ...asked, client: undefined, args: [third, ...rest] };
  return { ...asked, client: third.trim() === '' ? undefined : clientAt(third), args: given(rest) };
}

/** A mistyped address is none, but it is no argument either. */
function looksLikeAddress(text: string): boolean {
  return /^\s*[0-9a-f]*[.:][0-9a-f.:/%]*\s*$/i.test(text);
}

function clientAt(text: string): AccessQuestion['client'] {
  const address = parseAddress(trimWhiteSpace(text));
  if (address !== undefined) return { address, text: formatAddress(address) };
  throw new AppError(ReturnCode.INVALID, invalidFormat('IP', text).message, {
    usage: 'Arguments of the command can follow it where the address is an option: --ip ADDRESS, or --ip any',
  });
}
