import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Busboy } from '@fastify/busboy';
import { textOfBytes } from '../byte-text.js';

const limits = { files: 100, parts: 100 };
const sliceBytes = 16_384;
/** As a file a part comes as bytes, whatever character set its head says: Hestia's page takes the bytes, too. */
const isPartAFile = (): boolean => true;

/**
 * Reads the text fields of a `multipart/form-data` body; files in it are passed over.
 *
 * @returns undefined where the body is not of that form, has no boundary, or more parts than are read
 */
export function readMultipart(contentType: string, body: Buffer): Promise<Map<string, string> | undefined> {
  return new Promise((resolve) => {
    const fields = new Map<string, string>();
    let busboy: InstanceType<typeof Busboy>;
    try {
      busboy = new Busboy({ headers: { 'content-type': contentType }, limits, isPartAFile });
    } catch {
      resolve(undefined);
      return;
    }
    const slices = Readable.from(inSlices(body));
    const giveUp = (): void => {
      slices.destroy();
      resolve(undefined);
    };
    busboy.on('file', (name: string | undefined, stream, fileName: string | undefined) => {
      const chunks: Buffer[] = [];
      // A part that is cut off ends in an error of its own, which nobody else hears: it would end the process.
      stream.on('error', () => undefined);
      if (name === undefined || fileName !== undefined) stream.resume();
      else
        stream
          .on('data', (chunk: Buffer) => chunks.push(chunk))
          .on('end', () => fields.set(name, textOfBytes(Buffer.concat(chunks))));
    });
    // What comes after the limit is lost, so that all of it counts as unread: no argument may go missing unnoticed.
    for (const limit of ['partsLimit', 'filesLimit']) busboy.on(limit, giveUp);
    busboy.on('finish', () => resolve(fields));
    busboy.on('error', giveUp);
    slices.pipe(busboy);
  });
}

/** Piece by piece: a body of nothing but boundaries takes seconds, in which nobody else would have a turn. */
async function* inSlices(body: Buffer): AsyncGenerator<Buffer> {
  for (let start = 0; start < body.length; start += sliceBytes) {
    await nextTurn();
    yield body.subarray(start, start + sliceBytes);
  }
}
