/** One measured line of the table: a ratio, or seconds, and what it has to be. */
export interface Row {
  name: string;
  value: number;
  target: number;
  better: 'higher' | 'lower';
  ok: boolean;
}

export function row(name: string, value: number, target: number, better: Row['better']): Row {
  return { name, value, target, better, ok: better === 'higher' ? value >= target : value <= target };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

export function formatRows(rows: readonly Row[]): string {
  const cells = rows.map(({ name, value, target, better, ok }) => [
    name,
    value.toFixed(3),
    `${better === 'higher' ? '>=' : '<='} ${String(target)}`,
    ok ? 'ok' : 'MISSED',
  ]);
  const all = [['what', 'seen', 'target', ''], ...cells];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((line) => line[column]?.length ?? 0)));
  return all
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
