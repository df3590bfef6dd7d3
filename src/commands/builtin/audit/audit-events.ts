import type { AuditReader } from '../../../audit/record/audit-reader.js';
import type { NumberedEvent } from '../../../audit/record/event-pages.js';
import { ok, type BuiltinCommand, type CommandResult, type Invocation } from '../../builtin-command.js';
import { inParts } from '../../in-parts.js';
import type { KnownNames } from '../../known-names.js';
import { tellMoment } from '../../moments.js';
import { formatPlain, formatTable } from '../../output-formats.js';
import { sayDropped, TableWriter } from '../../tables/table.js';
import {
  csvOf,
  eventFormats,
  jsonLinesOf,
  parseEventFormat,
  scriptHeads,
  scriptRow,
  terminalColumns,
  terminalRow,
  type EventFormat,
} from './event-format.js';
import { eventOptions, readQuestion, type EventQuestion } from './event-options.js';
import { searchEvents } from './event-search.js';
import { summarize } from './event-summary.js';
import { tellPages } from './tell-pages.js';
import { tellUnknownNames } from './unknown-filters.js';

/** `v-list-audit-events`: what was decided and changed. */
export function listAuditEventsCommand(reader: AuditReader, names: KnownNames): BuiltinCommand {
  return {
    name: 'v-list-audit-events',
    info: 'list audit events: what was asked, decided, changed and run; newest last, but newest first at a terminal and as csv and jsonl',
    options: '[FORMAT]',
    longOptions: eventOptions,
    argumentHelp: {
      FORMAT: {
        info: 'how the output looks; csv and jsonl are printed as events are found; empty: shell',
        values: eventFormats,
      },
    },
    examples: [
      'v-list-audit-events --since 1h --outcome deny',
      'v-list-audit-events json --key InNqgp01kO3v0W22eg6Z --limit 1000',
      'v-list-audit-events --type change --user alice',
      'v-list-audit-events --before 48211              # the next page',
      'v-list-audit-events csv --since 2026-01-01 --until 2026-01-31 --limit 100000 > january.csv',
      'v-list-audit-events --summary reason --since 1d',
    ],
    changes: false,
    async run(invocation) {
      const { args, options, terminal } = invocation;
      const format = parseEventFormat(args[0]);
      const question = readQuestion(options, Date.now());
      sayMoments(question, terminal);
      if (question.summary !== undefined) return summarize(reader, question, question.summary, format);
      const found: NumberedEvent[] = [];
      const events = noting(searchEvents(reader, question, terminal.signal), (event) => found.push(event));
      const result = await print(events, format, invocation);
      if (found.length === 0) await tellUnknownNames(reader, question, names, terminal);
      tellPages(invocation, question, found);
      return result;
    },
  };
}

async function print(
  events: AsyncIterable<NumberedEvent>,
  format: EventFormat,
  invocation: Invocation,
): Promise<CommandResult> {
  const { terminal } = invocation;
  if (format === 'jsonl') return printParts(events, jsonLinesOf, invocation);
  if (format === 'csv') return printParts(events, csvOf, invocation);
  if (format === 'shell' && terminal.columns !== undefined) return printTable(events, invocation);
  const all: NumberedEvent[] = [];
  for await (const event of events) all.push(event);
  all.reverse();
  if (format === 'json') return ok(`${JSON.stringify(all, null, 4)}\n`);
  const rows = all.map(scriptRow);
  if (format === 'plain') return ok(formatPlain(rows));
  return ok(formatTable([scriptHeads, scriptHeads.map((head) => '-'.repeat(head.length)), ...rows]));
}

/** As they are found where somebody reads along, else all in the answer. */
async function printParts(
  events: AsyncIterable<NumberedEvent>,
  textOf: (part: readonly NumberedEvent[], isFirst: boolean) => string,
  { caller, terminal }: Invocation,
): Promise<CommandResult> {
  const answer: string[] = [];
  let parts = 0;
  await inParts(events, async (part) => {
    const text = textOf(part, parts++ === 0);
    if (caller.isOperator) await terminal.print(text);
    else answer.push(text);
  });
  return ok(parts === 0 ? textOf([], true) : answer.join(''));
}

async function printTable(
  events: AsyncIterable<NumberedEvent>,
  { options, terminal }: Invocation,
): Promise<CommandResult> {
  const { columns = 0, hasColour = false } = terminal;
  const view = { columns: options.has('wide') ? Infinity : columns, hasColour };
  const writer = new TableWriter(terminalColumns, view);
  let parts = 0;
  await inParts(events, async (part) => {
    parts++;
    await terminal.print(writer.write(part.map(terminalRow)), hasColour);
  });
  if (parts === 0) return { ...ok(writer.write([])), isStyled: hasColour };
  sayDropped(writer, (text) => terminal.say(text));
  return ok();
}

async function* noting<T>(items: AsyncIterable<T>, note: (item: T) => unknown): AsyncGenerator<T> {
  for await (const item of items) {
    note(item);
    yield item;
  }
}

/** How moments were understood: to somebody at a terminal always, else where a zone was taken for granted. */
function sayMoments({ moments }: EventQuestion, terminal: Invocation['terminal']): void {
  for (const [name, { ms, isBare }] of moments)
    if (isBare || terminal.columns !== undefined) terminal.say(`--${name}: ${tellMoment(ms)}\n`);
}
