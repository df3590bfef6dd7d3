import { Section, type ByteReader, type Chunks } from './byte-reader.js';

/** A file in an archive. Its bytes have to be read before the next one is asked for; what is left is passed over. */
export interface Member {
  name: string;
  chunks: Chunks;
}

const blockLength = 512;
/** Of a name that has a block of its own (GNU) or stands in a header of pax. */
const longestName = 65_536;

/** Whether these first bytes are a tar archive's. */
export function isTar(head: Buffer): boolean {
  return head.length >= blockLength && head.toString('latin1', 257, 262) === 'ustar';
}

/**
 * The files in a tar archive, in its order; archives one behind the other are read as one. One that is cut off or
 * damaged ends with an error, and so does one with something else behind its end.
 */
export async function* readTar(reader: ByteReader): AsyncGenerator<Member, void> {
  let next: Extended = {};
  let isPastEnd = false;
  for (;;) {
    const header = await reader.read(blockLength);
    if (header.length === 0) return;
    if (header.equals(zeros.subarray(0, header.length))) {
      isPastEnd = true;
      continue;
    }
    if (!isTar(header))
      throw new Error(
        isPastEnd ? 'something stands behind its end, which was not read' : 'the tar archive is damaged',
      );
    const type = header.toString('latin1', 156, 157);
    const isExtended = ['L', 'x', 'g', 'K'].includes(type);
    const size = isExtended ? sizeIn(header) : (next.size ?? sizeIn(header));
    const padding = (blockLength - (size % blockLength)) % blockLength;
    if (isExtended) {
      if (size > longestName) throw new Error('the tar archive has a header that is too long');
      const text = (await reader.read(size)).toString('utf8');
      next = { ...next, ...extendedBy(type, text) };
      await reader.read(padding);
      continue;
    }
    const body = new Section(reader, size);
    yield { name: next.name ?? nameIn(header), chunks: body };
    await body.skip();
    await reader.read(padding);
    next = {};
  }
}

const zeros = Buffer.alloc(blockLength);

/** What stands of a file in the blocks before its own header. */
interface Extended {
  name?: string;
  size?: number;
}

function extendedBy(type: string, text: string): Extended {
  if (type === 'L') return { name: text.replace(/\0.*$/s, '') };
  if (type !== 'x') return {};
  const name = /(?:^|\n)\d+ path=([^\n]*)\n/.exec(text)?.[1];
  const size = Number(/(?:^|\n)\d+ size=(\d{1,15})\n/.exec(text)?.[1] ?? NaN);
  return { ...(name !== undefined && { name }), ...(!Number.isNaN(size) && { size }) };
}

function nameIn(header: Buffer): string {
  const [name, prefix] = [textIn(header, 0, 100), textIn(header, 345, 155)];
  // GNU's own format has other things in the place of the prefix.
  return prefix === '' || header.toString('latin1', 257, 263) !== 'ustar\0' ? name : `${prefix}/${name}`;
}

function textIn(header: Buffer, offset: number, length: number): string {
  return header.toString('utf8', offset, offset + length).replace(/\0.*$/s, '');
}

/** Octal digits, or, where the first bit is set, a number of 11 bytes. */
function sizeIn(header: Buffer): number {
  const field = header.subarray(124, 136);
  if (((field[0] ?? 0) & 0x80) !== 0) {
    const size = Number(BigInt(`0x${field.subarray(4).toString('hex')}`));
    if (!Number.isSafeInteger(size)) throw new Error('the tar archive is damaged');
    return size;
  }
  const digits = field
    .toString('latin1')
    .replace(/[\0 ]+$/, '')
    .trim();
  if (digits !== '' && !/^[0-7]+$/.test(digits)) throw new Error('the tar archive is damaged');
  return digits === '' ? 0 : Number.parseInt(digits, 8);
}
