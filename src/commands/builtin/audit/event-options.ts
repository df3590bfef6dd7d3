import { auditEventTypes, auditOutcomes } from '../../../audit/audit-event.js';
import type { EventFilter } from '../../../audit/record/event-filter.js';
import { denyReasons, invalid, invalidFormat } from '../../../errors.js';
import { formatAddress, parseAddress } from '../../../network/address-range.js';
import { didYouMean } from '../../../text/nearest-name.js';
import { trimWhiteSpace } from '../../../text/white-space.js';
import { wide, type Invocation, type LongOption } from '../../builtin-command.js';
import { parseMoment, type Moment } from '../../moments.js';
import { summaries, type SummarizedBy } from './event-summary.js';

export const defaultLimit = 50;
const maxLimit = 100_000;

export const eventOptions: readonly LongOption[] = [
  { name: 'key', value: 'ID', info: 'events of this access key, or about it' },
  { name: 'user', value: 'USER', info: 'events of this user, or about this user' },
  { name: 'command', value: 'COMMAND', info: 'events of this command' },
  { name: 'ip', value: 'ADDRESS', info: 'events from this client address' },
  { name: 'type', value: 'TYPE', info: auditEventTypes.join(', ') },
  { name: 'outcome', value: 'OUTCOME', info: auditOutcomes.join(', ') },
  { name: 'reason', value: 'REASON', info: 'denials for this reason' },
  {
    name: 'since',
    value: 'WHEN',
    info: "the earliest: 1h back (s m h d w), or 2026-01-31T12:00, in the service's zone; or with +01:00, Z",
  },
  { name: 'until', value: 'WHEN', info: 'the latest, in the same form; a day ends with it' },
  { name: 'limit', value: 'N', info: `the most events, the newest ones (${String(defaultLimit)})` },
  { name: 'before', value: 'N', info: 'events before number N of the record: the next page' },
  { name: 'after', value: 'N', info: 'events after number N, those nearest to it: the page before' },
  {
    name: 'summary',
    value: 'BY',
    info: `count decisions in place of a list: by ${Object.keys(summaries).join(', ')}`,
  },
  wide,
];

/** What is asked of the record. */
export interface EventQuestion {
  filter: EventFilter;
  limit: number;
  /** Whether the limit was given: then nobody is surprised that there are more. */
  isLimitGiven: boolean;
  before: number | undefined;
  after: number | undefined;
  summary: SummarizedBy | undefined;
  /** As they were understood. */
  moments: readonly (readonly [name: string, moment: Moment])[];
}

/** @throws AppError 2 for a word that nothing is called by */
export function readQuestion(options: Invocation['options'], nowMs: number): EventQuestion {
  const last = (name: string): string | undefined => options.get(name)?.at(-1);
  const momentOf = (name: string, edge: 'first' | 'last'): Moment | undefined => {
    const text = last(name);
    return text === undefined ? undefined : parseMoment(text, edge, nowMs);
  };
  const [since, until] = [momentOf('since', 'first'), momentOf('until', 'last')];
  if (since !== undefined && until !== undefined && since.ms > until.ms)
    throw invalid('--since is later than --until');
  const summary = oneOf('summary', last('summary'), Object.keys(summaries) as SummarizedBy[]);
  const question: EventQuestion = {
    filter: {
      ...{ accessKeyId: last('key'), user: last('user'), command: last('command') },
      clientAddress: addressOf(last('ip')),
      type: oneOf('type', last('type'), auditEventTypes),
      outcome: oneOf('outcome', last('outcome'), auditOutcomes),
      reason: oneOf('reason', last('reason'), Object.keys(denyReasons)),
      ...{ sinceMs: since?.ms, untilMs: until?.ms },
    },
    limit: wholeNumber('limit', last('limit'), maxLimit) ?? defaultLimit,
    isLimitGiven: options.has('limit'),
    ...{ before: wholeNumber('before', last('before')), after: wholeNumber('after', last('after')), summary },
    moments: Object.entries({ since, until }).flatMap(([name, moment]) => (moment ? [[name, moment]] : [])),
  };
  refuseMixed(question);
  return question;
}

function refuseMixed({ filter, before, after, summary }: EventQuestion): void {
  if (before !== undefined && after !== undefined) throw invalid('expected --before or --after, not both');
  if (summary === undefined) return;
  if (before !== undefined || after !== undefined)
    throw invalid('--summary has no pages: --since and --until');
  if (filter.type !== undefined && filter.type !== 'decision')
    throw invalid(`--summary counts decisions, and no event of --type ${filter.type}`);
}

/** What nothing is called by finds nothing, and would look as if nothing had happened. */
function oneOf<T extends string>(name: string, text: string | undefined, known: readonly T[]): T | undefined {
  if (text === undefined || (known as readonly string[]).includes(text)) return text as T | undefined;
  const sorted = known.toSorted().join(', ');
  throw invalid(`there is no --${name} ${text}${didYouMean(text, known)} (known are ${sorted})`);
}

function addressOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const address = parseAddress(trimWhiteSpace(text));
  if (address === undefined) throw invalidFormat('IP', text);
  return formatAddress(address);
}

function wholeNumber(
  name: string,
  text: string | undefined,
  most = Number.MAX_SAFE_INTEGER,
): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!/^[0-9]+$/.test(text) || number < 1 || number > most)
    throw invalid(`--${name} is a whole number from 1 to ${String(most)}`);
  return number;
}
