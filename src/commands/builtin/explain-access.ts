import { formatAddress, parseAddress } from '../../network/address-range.js';
import type { AccessExplainer } from '../../authorization/explain/access-explainer.js';
import type { ClientAddress } from '../../network/client-address.js';
import type { Explanation } from '../../authorization/explain/explanation.js';
import { invalidFormat } from '../../errors.js';
import { parseAccessKeyId } from '../../keys/access-key.js';
import { visible } from '../../text/visible-text.js';
import { trimWhiteSpace } from '../../text/white-space.js';
import { ok, requireEverything, type BuiltinCommand } from '../builtin-command.js';
import { formatPlain, formatTable, parseFormat, type OutputFormat } from '../output-formats.js';

/** `v-explain-access`: why a key may run a command, or what stands in its way. */
export function explainAccessCommand(explainer: AccessExplainer): BuiltinCommand {
  return {
    name: 'v-explain-access',
    info: 'explain access: each step of the decision about a key, assuming the right secret; exits with 0 for every verdict, also for an unknown key',
    options: 'ACCESS_KEY_ID COMMAND [IP] [ARGS...]',
    longOptions: [{ name: 'format', value: 'FORMAT', info: 'shell (the default), json or plain' }],
    examples: [
      'v-explain-access InNqgp01kO3v0W22eg6Z v-list-users',
      'v-explain-access InNqgp01kO3v0W22eg6Z v-list-mail-domains 203.0.113.9 alice',
      "v-explain-access InNqgp01kO3v0W22eg6Z v-list-mail-domains '' alice --format json   # from anywhere",
    ],
    changes: false,
    async run({ args: [accessKeyId = '', command = '', ip = '', ...rest], options, caller }) {
      requireEverything(caller);
      const format = parseFormat(options.get('format')?.at(-1));
      const explanation = await explainer.explain({
        accessKeyId: parseAccessKeyId(accessKeyId),
        client: parseClient(trimWhiteSpace(ip)),
        command,
        args: rest.length === 0 ? undefined : rest,
      });
      return ok(formatExplanation(explanation, format));
    },
  };
}

function parseClient(ip: string): ClientAddress | undefined {
  if (ip === '') return undefined;
  const address = parseAddress(ip);
  if (address === undefined) throw invalidFormat('IP', ip);
  return { address, text: formatAddress(address) };
}

function formatExplanation({ steps, verdict }: Explanation, format: OutputFormat): string {
  const isAllowed = verdict.outcome === 'allow';
  const remedies = steps.flatMap(({ remedy }) => remedy ?? []);
  if (format === 'json') {
    const told = {
      VERDICT: verdict.outcome,
      REASON: isAllowed ? '' : verdict.reason,
      CODE: isAllowed ? 0 : verdict.code,
      STEPS: steps.map(({ step, state, reason = '', why, source, remedy = '' }) => ({
        ...{ STEP: step, RESULT: state, REASON: reason, WHY: why, SOURCE: source, WOULD_ALLOW: remedy },
      })),
    };
    return `${JSON.stringify(told, null, 4)}\n`;
  }
  if (format === 'plain') {
    const rows = steps.map(({ step, state, reason = '', why, source, remedy = '' }) => [
      ...[step, state, reason, why, source, remedy],
    ]);
    const last = isAllowed
      ? ['verdict', 'allow', '', '', '', '']
      : ['verdict', 'deny', verdict.reason, String(verdict.code), '', ''];
    return formatPlain([...rows, last]);
  }
  const heads = ['STEP', 'RESULT', 'WHY', 'FROM'];
  const table = formatTable([
    heads,
    heads.map((head) => '-'.repeat(head.length)),
    ...steps.map(({ step, state, why, source }) => [step, state, why, source]),
  ]);
  const lines = isAllowed
    ? ['VERDICT: allowed']
    : [`VERDICT: denied, ${verdict.reason} (code ${String(verdict.code)})`];
  return `${table}\n${[...lines, ...remedies.map((remedy) => `would allow: ${visible(remedy)}`)].join('\n')}\n`;
}
