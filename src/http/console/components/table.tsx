import type { ComponentChildren } from 'preact';

/** The head of a column; numbers stand at the right. */
export type Column = string | { text: string; isNumber: true };

interface TableProps {
  /** What the table is about, for screen readers. */
  label: string;
  columns: readonly Column[];
  /** On a narrow screen its cells stand below each other: each says by itself what it is. */
  stacks?: boolean;
  /** Of the rows, where it is not that of the page. */
  lang?: string;
  /** Where new rows come from (console.js). */
  follows?: string | undefined;
  children: ComponentChildren;
}

/** A table that scrolls within itself where it is too wide, by the keyboard too. */
export function Table({ label, columns, stacks = false, lang, follows, children }: TableProps) {
  const body = {
    ...(lang !== undefined && { lang }),
    ...(follows !== undefined && { 'data-follows': follows }),
  };
  return (
    <div class={stacks ? 'scrolls stacks' : 'scrolls'} tabIndex={0} role="region" aria-label={label}>
      <table>
        <thead>
          <tr>
            {columns.map((column) => {
              const [text, style] = typeof column === 'string' ? [column] : [column.text, 'number'];
              return (
                <th key={text} scope="col" class={style}>
                  {text}
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody {...body}>{children}</tbody>
      </table>
    </div>
  );
}
