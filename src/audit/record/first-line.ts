const newline = 10;
/** No first line of a file is longer. */
export const mostFirstLineBytes = 65_536;

/** Without its end; undefined: none ends in these bytes. */
export function firstLineIn(bytes: Buffer): Buffer | undefined {
  const end = bytes.indexOf(newline);
  return end === -1 ? undefined : bytes.subarray(0, end);
}

/** The same of a file that is read in pieces, no further than it has to be. */
export async function firstLine(pieces: AsyncIterable<Buffer>): Promise<Buffer | undefined> {
  let bytes: Buffer = Buffer.alloc(0);
  for await (const piece of pieces) {
    bytes = bytes.length === 0 ? piece : Buffer.concat([bytes, piece]);
    const line = firstLineIn(bytes);
    if (line !== undefined) return line;
    if (bytes.length > mostFirstLineBytes) return undefined;
  }
  return undefined;
}

/** When a line was written, as it says; NaN: it doesn't say. */
export function timeOf(line: Buffer): number {
  try {
    return Date.parse((JSON.parse(line.toString()) as { time: string }).time);
  } catch {
    return Number.NaN;
  }
}
