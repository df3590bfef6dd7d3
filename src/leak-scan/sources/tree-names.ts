const [lineEnd, space, zero] = [10, 32, 0] as const;

/**
 * The names in a tree of git, each on a line of its own. A tree is a list of mode, space, name, a zero byte and the
 * bytes of a hash.
 */
export async function* namesInTree(
  chunks: AsyncIterable<Buffer>,
  hashBytes: number,
): AsyncGenerator<Buffer, void> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const names: Buffer[] = [];
    let place = 0;
    for (;;) {
      const end = rest.indexOf(zero, place);
      if (end === -1 || end + 1 + hashBytes > rest.length) break;
      const begin = rest.indexOf(space, place) + 1;
      names.push(rest.subarray(begin, end), Buffer.of(lineEnd));
      place = end + 1 + hashBytes;
    }
    rest = rest.subarray(place);
    if (names.length > 0) yield Buffer.concat(names);
  }
}
