/** The lines of a text that comes in pieces, without their ends; of an unfinished last line nothing. */
export async function* linesOf(pieces: AsyncIterable<string>): AsyncGenerator<string, void> {
  let begun = '';
  for await (const piece of pieces) {
    const lines = (begun + piece).split('\n');
    begun = lines.pop() ?? '';
    yield* lines;
  }
}
