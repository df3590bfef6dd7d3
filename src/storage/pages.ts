/** A statement takes only so many values: SQLite 32,766 and PostgreSQL 65,535. No table has more than 30 columns. */
const rowsPerStatement = 1000;

/** Rows in the portions in which they can be inserted. */
export function pagesOf<T>(rows: readonly T[]): T[][] {
  const pages: T[][] = [];
  for (let from = 0; from < rows.length; from += rowsPerStatement) {
    pages.push(rows.slice(from, from + rowsPerStatement));
  }
  return pages;
}
