import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Busboy } from '@fastify/busboy';

const limits = { fields: 100, fieldSize: 2_097_152, parts: 100 };
const sliceBytes = 16_384;

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
      busboy = new Busboy({ headers: { 'content-type': contentType }, limits });
    } catch {
      resolve(undefined);
      return;
    }
    const slices = Readable.from(inSlices(body));
    const giveUp = (): void => {
      slices.destroy();
      resolve(undefined);
    };
    busboy.on('field', (name, value) => fields.set(name, value));
    // A file that is cut off ends in an error of its own, which nobody else hears: it would end the process.
    busboy.on('file', (_name, stream) => stream.on('error', () => undefined).resume());
    // What comes after the limit is lost, so that all of it counts as unread: no argument may go missing unnoticed.
    for (const limit of ['partsLimit', 'fieldsLimit']) busboy.on(limit, giveUp);
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
