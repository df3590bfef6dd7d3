import type { CommandHelp } from './command-help.js';

const width = 80;
/** Where the meaning begins, beside what is explained. */
const usualColumn = 22;

/** What `--help` prints: usage, what it does, arguments, options, exit codes, examples. */
export function helpText(help: CommandHelp): string {
  const sections = [
    section(
      'Arguments:',
      help.arguments.map(({ name, isRequired, info, values }) => [
        isRequired ? name : `[${name}]`,
        values === undefined ? info : `${info}. One of: ${values.join(', ')}`,
      ]),
    ),
    section(
      'Options:',
      help.options.map(({ name, value = '', info }) => [`--${name} ${value}`.trim(), info]),
    ),
    section(
      'Exit codes:',
      help.exitCodes.map(({ code, meaning }) => [String(code), meaning]),
    ),
    ['Examples:', ...help.examples.map((example) => `  ${example}`)],
    help.notes.flatMap((note) => wrapped(note, width)),
  ];
  const usage = [`Usage: ${help.usage}`];
  const lines = [usage, wrapped(help.info, width), ...sections.filter((lines) => lines.length > 0)];
  return `${lines.map((block) => block.join('\n')).join('\n\n')}\n`;
}

/** Rows of a name and its meaning, the meanings below each other. */
export function section(
  title: string,
  rows: readonly (readonly [string, string])[],
  column = usualColumn,
): string[] {
  if (rows.length === 0) return [];
  const explained = rows.flatMap(([name, meaning]) => {
    const lines = wrapped(meaning, width - column);
    const start = `  ${name}`;
    const isBeside = start.length < column - 1;
    const [first = '', ...rest] = lines;
    const indent = ' '.repeat(column);
    return isBeside
      ? [`${start.padEnd(column)}${first}`, ...rest.map((line) => `${indent}${line}`)]
      : [start, ...lines.map((line) => `${indent}${line}`)];
  });
  return [title, ...explained];
}

function wrapped(text: string, most: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > most) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
