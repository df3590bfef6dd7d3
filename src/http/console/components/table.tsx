import type { ComponentChildren } from 'preact';

interface TableProps {
  /** What the table is about, for screen readers. */
  label: string;
  columns: readonly string[];
  children: ComponentChildren;
}

/** A table that scrolls within itself where it is too wide, by the keyboard too. */
export function Table({ label, columns, children }: TableProps) {
  return (
    <div class="scrolls" tabIndex={0} role="region" aria-label={label}>
      <table>
        <thead>
          <tr>
            {columns.map((text) => (
              <th key={text} scope="col">
                {text}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
