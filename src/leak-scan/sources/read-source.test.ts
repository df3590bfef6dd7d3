import { deflateRawSync, gzipSync } from 'node:zlib';
import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readSource, type Source } from './read-source.js';

interface Packed {
  name: string;
  content: Buffer;
}

function tarOf(files: readonly Packed[]): Buffer {
  const parts = files.flatMap(({ name, content }) => {
    const header = Buffer.alloc(512);
    header.write(name.slice(0, 100), 0);
    header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
    header.write('0', 156);
    header.write('ustar\u000000', 257);
    return [header, content, Buffer.alloc((512 - (content.length % 512)) % 512)];
  });
  return Buffer.concat([...parts, Buffer.alloc(1024)]);
}

function zipOf(files: readonly Packed[]): Buffer {
  const locals: Buffer[] = [];
  const entries: Buffer[] = [];
  let offset = 0;
  for (const { name, content } of files) {
    const [bytes, packed] = [Buffer.from(name), deflateRawSync(content)];
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(bytes.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(8, 10);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt32LE(content.length, 24);
    entry.writeUInt16LE(bytes.length, 28);
    entry.writeUInt32LE(offset, 42);
    locals.push(local, bytes, packed);
    entries.push(entry, bytes);
    offset += local.length + bytes.length + packed.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt32LE(Buffer.concat(entries).length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, ...entries, end]);
}

async function textsIn(content: Buffer, limit?: { times: number; bytes: number }, isFile = true) {
  const texts: [string, string][] = [];
  const unread: [string, string][] = [];
  const read = (offset: number, length: number): Buffer => content.subarray(offset, offset + length);
  const parts = [content.subarray(0, 700), content.subarray(700)];
  const source: Source = {
    name: 'f',
    chunks: parts,
    ...(isFile && { file: { size: content.length, read } }),
  };
  await readSource(
    source,
    content.length,
    {
      text: async (name, chunks) => void texts.push([name, (await buffer(Readable.from(chunks))).toString()]),
      unread: (name, why) => void unread.push([name, why]),
    },
    limit,
  );
  return { texts, unread };
}

const file = { name: 'a/b.txt', content: Buffer.from('one\ntwo\n') };

describe('a file that is read', () => {
  it('is the text itself, and that of UTF-16 without its zeros', async () => {
    expect((await textsIn(file.content)).texts).toEqual([['f', 'one\ntwo\n']]);
    const { texts } = await textsIn(Buffer.from('\ufeffone', 'utf16le'));
    expect(texts[0]?.[1]).toContain('one');
  });

  it.each<[string, Buffer, string]>([
    ['gzip', gzipSync(file.content), 'f'],
    ['tar', tarOf([file]), 'f!a/b.txt'],
    ['tar in gzip', gzipSync(tarOf([file])), 'f!a/b.txt'],
    ['zip', zipOf([file]), 'f!a/b.txt'],
    ['zip in tar', tarOf([{ name: 'z.zip', content: zipOf([file]) }]), 'f!z.zip!a/b.txt'],
  ])('is what is in %s', async (_kind, content, name) => {
    for (const isFile of [true, false])
      expect(await textsIn(content, undefined, isFile)).toEqual({
        texts: [[name, 'one\ntwo\n']],
        unread: [],
      });
  });

  it('is every file of an archive, whatever is in them', async () => {
    const files = fc.array(
      fc.uint8Array({ maxLength: 2000 }).map((bytes) => Buffer.concat([Buffer.from('x'), bytes])),
      { maxLength: 5 },
    );
    await fc.assert(
      fc.asyncProperty(files, fc.constantFrom(tarOf, zipOf), async (contents, pack) => {
        const packed = contents.map((content, index) => ({ name: `n${String(index)}`, content }));
        const { texts, unread } = await textsIn(pack(packed));
        expect(unread).toEqual([]);
        if (packed.length > 0)
          expect(texts.map(([, text]) => text)).toEqual(contents.map((content) => content.toString()));
      }),
      { numRuns: 100 },
    );
  });

  it('is told where it can not be read: damaged, compressed otherwise, archives without end', async () => {
    const damaged = [
      gzipSync(file.content).subarray(0, 15),
      tarOf([file]).subarray(0, 514),
      zipOf([file]).subarray(0, 60),
    ];
    for (const content of [...damaged, Buffer.from('\xfd7zXZ\0 and more', 'latin1')])
      expect((await textsIn(content)).unread.length).toBeGreaterThan(0);
    let nested: Buffer = file.content;
    for (let depth = 0; depth < 6; depth++) nested = gzipSync(nested);
    expect(await textsIn(nested)).toMatchObject({
      texts: [],
      unread: [['f', expect.stringContaining('too many')]],
    });
  });

  it('is left where it is far larger unpacked than packed, and so is what an archive names many times', async () => {
    const bomb = gzipSync(Buffer.alloc(3_000_000));
    const { unread } = await textsIn(bomb, { times: 100, bytes: 1000 });
    expect(unread).toMatchObject([['f', expect.stringContaining('far larger')]]);
    const many = zipOf(Array.from({ length: 20 }, () => ({ name: 'x', content: Buffer.alloc(100_000) })));
    const inMany = await textsIn(many, { times: 100, bytes: 1000 });
    expect(inMany.unread.length).toBeGreaterThan(0);
  });

  it('never breaks on bytes that begin like an archive', async () => {
    const starts = [gzipSync(file.content), tarOf([file]), zipOf([file])];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...starts),
        fc.nat(600),
        fc.uint8Array({ maxLength: 300 }),
        async (start, at, bytes) => {
          const content = Buffer.from(start);
          Buffer.from(bytes).copy(content, 4 + (at % content.length));
          await textsIn(content);
        },
      ),
      { numRuns: 300 },
    );
  });
});
