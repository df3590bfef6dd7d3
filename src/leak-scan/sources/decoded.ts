/** Which byte of each two has the letters of a text of 16 bits a character. */
type Order = 0 | 1;

/** So much of the other bytes is zero where a text without a mark is taken for one. */
const leastZeros = 0.9;
const shortestToTell = 16;
const [tab, firstSign, lastSign] = [0x09, 0x20, 0x7e] as const;

/**
 * Texts of 16 bits a character, as Windows writes them, told by their mark or by their zeros: of each character the byte
 * that an ID or a secret has. Other bytes as they are.
 */
export async function* decoded(head: Buffer, chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  const order = orderOf(head);
  let place = 0;
  for await (const chunk of chunks) {
    if (order === undefined) {
      yield chunk;
      continue;
    }
    const kept = Buffer.alloc((chunk.length + 1) >> 1);
    let length = 0;
    for (let index = (order + place) % 2; index < chunk.length; index += 2)
      kept[length++] = chunk[index] as number;
    place += chunk.length;
    yield kept.subarray(0, length);
  }
}

function orderOf(head: Buffer): Order | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return 0;
  if (head[0] === 0xfe && head[1] === 0xff) return 1;
  if (head.length < shortestToTell) return undefined;
  const zeros = [0, 0];
  for (const [index, byte] of head.entries()) if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros.map((count) => count / (head.length / 2));
  if (odd >= leastZeros && isPrinted(head, 0)) return 0;
  return even >= leastZeros && isPrinted(head, 1) ? 1 : undefined;
}

/** Whether most of each second byte is a letter or a sign: numbers of 16 bits are small too, and no text. */
function isPrinted(head: Buffer, order: Order): boolean {
  const letters = head.filter((_, index) => index % 2 === order);
  const printed = letters.filter(
    (byte) => byte >= tab && byte <= lastSign && (byte >= firstSign || byte < 0x0e),
  );
  return printed.length >= letters.length * leastZeros;
}
