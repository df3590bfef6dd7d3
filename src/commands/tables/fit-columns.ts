/** A column of a table as somebody at a terminal sees it. */
export interface Column {
  head: string;
  /** Of columns that don't fit, those with the smallest number go first; absent: it always stays. */
  importance?: number;
  /** A value that doesn't fit goes on below. */
  wraps?: true;
}

/** Which columns are shown, and how wide each of them is, in cells. */
export interface Layout {
  shown: readonly number[];
  widths: readonly number[];
}

export const gap = 2;
/** A column that wraps is at least that wide, if its values are. */
const narrowest = 20;

/**
 * Fits columns into a line: the least important ones go until the others fit, and those that wrap share what is left.
 *
 * @param naturals - the width of the widest value of each column
 * @param room - cells of a line
 * @param kept - columns that are shown already, whatever their widths are; absent: any may be
 */
export function fitColumns(
  columns: readonly Column[],
  naturals: readonly number[],
  room: number,
  kept?: readonly number[],
): Layout {
  const least = (index: number): number =>
    columns[index]?.wraps === true ? Math.min(naturals[index] ?? 0, narrowest) : (naturals[index] ?? 0);
  const shown = [...(kept ?? columns.keys())];
  while (kept === undefined && widthOf(shown.map(least)) > room) {
    const last = leastImportant(columns, shown);
    if (last === undefined) break;
    shown.splice(shown.indexOf(last), 1);
  }
  return { shown, widths: shareRoom(columns, naturals, room, shown) };
}

function leastImportant(columns: readonly Column[], shown: readonly number[]): number | undefined {
  const importance = (index: number): number => columns[index]?.importance ?? Infinity;
  const [last] = shown.toSorted((one, other) => importance(one) - importance(other) || other - one);
  return last === undefined || importance(last) === Infinity ? undefined : last;
}

function shareRoom(
  columns: readonly Column[],
  naturals: readonly number[],
  room: number,
  shown: readonly number[],
): number[] {
  const widths = shown.map((index) => naturals[index] ?? 0);
  // The narrow ones first, so that what they leave goes to the wide ones.
  const wrapping = [...shown.keys()]
    .filter((place) => columns[shown[place] ?? -1]?.wraps === true)
    .sort((one, other) => (widths[one] ?? 0) - (widths[other] ?? 0));
  let left = room - widthOf(widths) + wrapping.reduce((sum, place) => sum + (widths[place] ?? 0), 0);
  wrapping.forEach((place, index) => {
    const share = Math.max(narrowest, Math.floor(left / (wrapping.length - index)));
    widths[place] = Math.min(widths[place] ?? 0, share);
    left -= widths[place] ?? 0;
  });
  return widths;
}

function widthOf(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, 0) + gap * Math.max(0, widths.length - 1);
}
