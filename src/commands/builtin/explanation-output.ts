import type { Explanation, Verdict } from '../../authorization/explain/explanation.js';
import { visible } from '../../text/visible-text.js';
import { formatPlain, formatTable, type OutputFormat } from '../output-formats.js';
import type { Table } from '../tables/table.js';

const heads = ['STEP', 'RESULT', 'WHY', 'FROM'];

export function formatExplanation(explanation: Explanation, format: OutputFormat): string {
  const { steps, verdict } = explanation;
  if (format === 'json') return asJson(explanation);
  if (format === 'plain') {
    const rows = steps.map(({ step, state, reason = '', why, source, remedy = '' }) => [
      ...[step, state, reason, why, source, remedy],
    ]);
    return formatPlain([...rows, ['verdict', verdict.outcome, ...plainVerdict(verdict), '', '']]);
  }
  const table = formatTable([heads, heads.map((head) => '-'.repeat(head.length)), ...rowsOf(explanation)]);
  return table + verdictLines(explanation);
}

/** For a terminal: what denies is marked. */
export function explanationTable(explanation: Explanation): Table {
  const rows = rowsOf(explanation).map((cells) => ({ cells, isBad: cells[1] === 'denied' }));
  return {
    columns: [
      { head: 'STEP' },
      { head: 'RESULT' },
      { head: 'WHY', wraps: true },
      { head: 'FROM', wraps: true },
    ],
    rows,
    hasMarks: true,
    after: verdictLines(explanation),
  };
}

function rowsOf({ steps }: Explanation): string[][] {
  return steps.map(({ step, state, why, source }) => [step, state, why, source]);
}

function asJson({ steps, verdict }: Explanation): string {
  const told = {
    VERDICT: verdict.outcome,
    REASON: verdict.outcome === 'deny' ? verdict.reason : '',
    CODE: verdict.outcome === 'deny' ? verdict.code : 0,
    DEPENDS_ON: verdict.outcome === 'depends' ? verdict.on : [],
    STEPS: steps.map(({ step, state, reason = '', why, source, remedy = '' }) => ({
      ...{ STEP: step, RESULT: state, REASON: reason, WHY: why, SOURCE: source, WOULD_ALLOW: remedy },
    })),
  };
  return `${JSON.stringify(told, null, 4)}\n`;
}

function plainVerdict(verdict: Verdict): [string, string] {
  if (verdict.outcome === 'deny') return [verdict.reason, String(verdict.code)];
  return verdict.outcome === 'depends' ? ['', `depends on ${verdict.on.join(', ')}`] : ['', ''];
}

function verdictLines({ steps, verdict }: Explanation): string {
  const remedies = steps.flatMap(({ remedy }) => remedy ?? []);
  const lines = [
    `VERDICT: ${verdictText(verdict)}`,
    ...remedies.map((remedy) => `would allow: ${visible(remedy)}`),
  ];
  return `\n${lines.join('\n')}\n`;
}

function verdictText(verdict: Verdict): string {
  if (verdict.outcome === 'allow') return 'allowed';
  if (verdict.outcome === 'deny') return `denied, ${verdict.reason} (code ${String(verdict.code)})`;
  const open = verdict.on.map((part) =>
    part === 'address' ? 'the address (--ip)' : 'the arguments of the command',
  );
  return `depends on ${open.join(' and ')}: nothing else denies`;
}
