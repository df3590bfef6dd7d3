/** What has to hold of what is listed. */
import { type Answer, textFits } from '../compare.js';
import type { Case } from '../corpus.js';
import {
  argumentOf,
  codeOf,
  type Must,
  type MustContext,
  parsedJson,
  problem,
  type Problem,
  textOf,
} from './must.js';

export const listingMusts: readonly Must[] = [
  { sentence: 'nothing is listed', check: nothingIsListed },
  { sentence: 'nothing of the file is shown', check: nothingIsListed },
  {
    sentence:
      /^no secret is shown(?:; where a key can outlive its owner it is listed with an empty secret)?$/,
    check: ({ one, answer }) => {
      if (showsSecret(one, answer)) return 'a secret is shown';
      if (codeOf(answer) !== 0) return undefined;
      const listed = parsedJson(answer);
      const found: unknown = listed?.SECRET_ACCESS_KEY;
      return problem(
        listed === undefined || found === '' || found === undefined,
        `SECRET_ACCESS_KEY ${String(found)}`,
      );
    },
  },
  {
    sentence: /^(.*\S) +with one or two blanks, all else as recorded$/,
    check: (context, [text = '']) => {
      const fold = (whole: string) =>
        whole.replace(new RegExp(blanksFree(text), 'g'), text.replace(/ +/g, ' '));
      return asRecorded(context, fold);
    },
  },
  {
    sentence: /^refused, or .+; not an empty success$/,
    check: realPlain,
  },
  {
    sentence: /^the key as recorded, an empty listing, or 3$/,
    check: (context) => {
      if (codeOf(context.answer) === 3) return undefined;
      const listed = parsedJson(context.answer);
      if (listed !== undefined && Object.keys(listed).length === 0) return undefined;
      return asRecorded(context, (whole) => whole);
    },
  },
  { sentence: /^the same \w+ (?:keys|APIs), in the order of en_US or of C$/, check: sameInSomeOrder },
  {
    sentence: /^no key of (\S+) is listed(?::.*)?$/,
    check: ({ answer }, [user = '']) => {
      const listed = parsedJson(answer);
      if (listed === undefined) return 'no listing in JSON';
      const foreign = Object.entries(listed).filter(([, key]) => key.USER === user);
      return problem(foreign.length === 0, foreign.map(([id]) => id).join(', '));
    },
  },
  {
    sentence: 'printed as shell',
    check: ({ answer }) => {
      const lines = textOf(answer).trimEnd().split('\n');
      return problem(lines.length > 1 && lines.every((line) => /^[A-Z_]+: +\S/.test(line)), textOf(answer));
    },
  },
  {
    sentence: 'no API is listed, no *',
    check: ({ answer }) => {
      if (textOf(answer).includes('*')) return 'there is a *';
      return problem(Object.keys(parsedJson(answer) ?? { none: {} }).length === 0, textOf(answer));
    },
  },
];

/** Nothing but a message of one line: no field of a listing, no secret. */
function nothingIsListed({ one, answer }: MustContext): Problem {
  const text = textOf(answer).trim();
  if (codeOf(answer) === 0) return 'a success';
  if (text.includes('\n') || text.startsWith('{')) return 'more than a message';
  if (
    /\b(?:USER|ROLE|COMMANDS?|PERMISSIONS|COMMENT|SECRET_ACCESS_KEY|CONTACT|PACKAGE|SUSPENDED)\b["':]/.test(
      text,
    )
  ) {
    return `fields are shown: ${text}`;
  }
  return problem(!showsSecret(one, answer), 'a secret is shown');
}

function realPlain({ one, answer }: MustContext): Problem {
  if (codeOf(answer) !== 0) return undefined;
  const text = textOf(answer);
  if (text.trim() === '') return 'an empty success';
  if (showsSecret(one, answer)) return 'a secret is shown';
  const user = one.adapter === 'cli' && one.argv[0] === 'v-list-access-keys' ? argumentOf(one, 1) : undefined;
  const missing = (one.state.keys ?? []).filter((key) => key.user === user && !text.includes(key.id));
  return problem(missing.length === 0, `not listed: ${missing.map((key) => key.id).join(', ')}`);
}

function showsSecret(one: Case, answer: Answer): boolean {
  const text = textOf(answer);
  return (one.state.keys ?? []).some((key) => text.includes(key.secret));
}

function recordedText(one: Case): string {
  return one.adapter === 'cli' ? one.stdout : (one.response.body ?? '');
}

function asRecorded({ one, answer, bindings }: MustContext, fold: (whole: string) => string): Problem {
  const seen = Buffer.from(fold(textOf(answer)));
  return problem(textFits(fold(recordedText(one)), seen, bindings.copy()), textOf(answer));
}

/** The entries of the recorded listing, each as recorded, in one of the orders that the label has. */
function sameInSomeOrder({ one, label, answer }: MustContext): Problem {
  const orders = [recordedText(one), ...(label.accept?.stdout ?? []), ...(label.accept?.body ?? [])].map(
    entriesOf,
  );
  const seen = JSON.stringify(entriesOf(textOf(answer)));
  return problem(
    orders.some((order) => JSON.stringify(order) === seen),
    textOf(answer),
  );
}

/** Read by hand, because an object of JavaScript puts names that look like numbers first. */
function entriesOf(text: string): string[] {
  return text
    .trimEnd()
    .split('\n')
    .slice(1, -1)
    .map((line) => line.trim().replace(/,$/, ''));
}

function blanksFree(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&').replace(/ +/g, ' +');
}
