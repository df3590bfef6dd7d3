import { randomBytes } from 'node:crypto';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ScanFailed } from '../scan-failed.js';
import { Allowance } from './archive-budget.js';
import { readSource, type Source } from './read-source.js';

interface Packed {
  name: string;
  content: Buffer;
  /** How often the list of a zip archive names it; 1 unless said otherwise. */
  times?: number;
  comment?: string;
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

function zipOf(
  files: readonly Packed[],
  pack: (content: Buffer) => Buffer = deflateRawSync,
  archiveComment = '',
): Buffer {
  const locals: Buffer[] = [];
  const entries: Buffer[] = [];
  let offset = 0;
  for (const { name, content, times = 1, comment = '' } of files) {
    const [bytes, packed] = [Buffer.from(name), pack(content)];
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(bytes.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(8, 10);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt32LE(content.length, 24);
    entry.writeUInt16LE(bytes.length, 28);
    entry.writeUInt16LE(comment.length, 32);
    entry.writeUInt32LE(offset, 42);
    locals.push(local, bytes, packed);
    for (let named = 0; named < times; named++) entries.push(entry, bytes, Buffer.from(comment));
    offset += local.length + bytes.length + packed.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt32LE(Buffer.concat(entries).length, 12);
  end.writeUInt32LE(offset, 16);
  end.writeUInt16LE(archiveComment.length, 20);
  return Buffer.concat([...locals, ...entries, end, Buffer.from(archiveComment)]);
}

async function textsIn(
  content: Buffer,
  limit?: { times: number; bytes: number },
  isFile = true,
  allowance = new Allowance(),
) {
  const texts: [string, string][] = [];
  const unread: [string, string][] = [];
  const names: string[] = [];
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
      text: async (name, chunks) => {
        const one: [string, string] = [name, ''];
        texts.push(one);
        for await (const chunk of chunks) one[1] += chunk.toString();
      },
      name: (name, from) => Promise.resolve(void names.push(name.slice(from))),
      unread: (name, why) => void unread.push([name, why]),
    },
    allowance,
    limit,
  );
  return { texts, unread, names };
}

const file = { name: 'a/b.txt', content: Buffer.from('one\ntwo\n') };

describe('a file that is read', () => {
  it('is the text itself, and that of UTF-16 without its zeros', async () => {
    expect((await textsIn(file.content)).texts).toEqual([['f', 'one\ntwo\n']]);
    const { texts } = await textsIn(Buffer.from('\ufeffone', 'utf16le'));
    expect(texts[0]?.[1]).toContain('one');
    const text = 'a text without a mark that is long enough\n'.repeat(40);
    const little = Buffer.from(text, 'utf16le');
    expect((await textsIn(little)).texts).toEqual([['f', text]]);
    expect((await textsIn(Buffer.from(little).swap16())).texts).toEqual([['f', text]]);
  });

  it.each<[string, Buffer, string]>([
    ['gzip', gzipSync(file.content), 'f'],
    ['tar', tarOf([file]), 'f!a/b.txt'],
    ['tar in gzip', gzipSync(tarOf([file])), 'f!a/b.txt'],
    ['zip', zipOf([file]), 'f!a/b.txt'],
    ['zip in tar', tarOf([{ name: 'z.zip', content: zipOf([file]) }]), 'f!z.zip!a/b.txt'],
  ])('is what is in %s', async (_kind, content, name) => {
    for (const isFile of [true, false])
      expect(await textsIn(content, undefined, isFile)).toMatchObject({
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

  it('tells the names in archives, of folders too, and reads the comments on a zip archive and its files', async () => {
    const folder = { name: 'a/', content: Buffer.alloc(0) };
    expect((await textsIn(tarOf([folder, file]))).names).toEqual(['a/', 'b.txt']);
    const stored = (content: Buffer): Buffer => (content.length === 0 ? content : deflateRawSync(content));
    const commented = [folder, { ...file, comment: 'on the file' }];
    const long = 'on the archive '.repeat(4000);
    expect(await textsIn(zipOf(commented, stored, long))).toEqual({
      names: ['a/', 'b.txt'],
      texts: [
        ['f (comment)', long],
        ['f!a/b.txt', 'one\ntwo\n'],
        ['f!a/b.txt (comment)', 'on the file'],
      ],
      unread: [],
    });
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

  it('is read as far as it goes, and what stands behind the end of an archive is told', async () => {
    const behind = Buffer.concat([Buffer.alloc(2000), Buffer.from('behind it')]);
    for (const archive of [gzipSync(file.content), tarOf([file])])
      expect(await textsIn(Buffer.concat([archive, behind]))).toMatchObject({
        texts: [[expect.stringMatching(/^f/), 'one\ntwo\n']],
        unread: [['f', expect.stringContaining('behind its end')]],
      });
    const both = Buffer.concat([tarOf([file]), tarOf([file])]);
    expect(await textsIn(both)).toMatchObject({
      texts: Array(2).fill(['f!a/b.txt', 'one\ntwo\n']),
      unread: [],
    });
    const hidden = zipOf([{ name: 'hidden', content: randomBytes(20_000), times: 0 }, file]);
    expect(await textsIn(hidden)).toMatchObject({
      texts: [['f!a/b.txt', 'one\ntwo\n']],
      unread: [['f', expect.stringContaining('belongs to no file')]],
    });
    const cut = tarOf([{ name: 'long', content: Buffer.alloc(2000, 'x') }]).subarray(0, 1500);
    expect(await textsIn(cut)).toMatchObject({
      texts: [['f!long', 'x'.repeat(988)]],
      unread: ['f!long', 'f'].map((name) => [name, 'it is cut off']),
    });
  });

  it('has the size that a header of pax says', async () => {
    const archive = tarOf([{ name: 'pax', content: Buffer.from('20 size=00000000008\n') }, file]);
    archive.write('x', 156);
    archive.write('00000000000\0', 1024 + 124); // the header of the file itself
    expect(await textsIn(archive)).toMatchObject({ texts: [['f!a/b.txt', 'one\ntwo\n']], unread: [] });
  });

  it('ends the scan where nobody can judge it, and is not told as unread', async () => {
    const unread: string[] = [];
    const failing = readSource({ name: 'f', chunks: [gzipSync(tarOf([file]))] }, 1000, {
      text: () => Promise.reject(new ScanFailed('no judge')),
      name: () => Promise.resolve(),
      unread: (name) => void unread.push(name),
    });
    await expect(failing).rejects.toThrow('no judge');
    expect(unread).toEqual([]);
  });

  it('is left where a list names the same bytes many times, also where nothing comes of them', async () => {
    const empty = Buffer.concat(Array.from({ length: 20_000 }, () => Buffer.from([0, 0, 0, 255, 255])));
    const last = Buffer.from([1, 0, 0, 255, 255]);
    const many = zipOf([{ name: 'x', content: empty, times: 1000 }], (content) =>
      Buffer.concat([content, last]),
    );
    const { unread } = await textsIn(many, { times: 10, bytes: 1000 });
    expect(unread).toEqual([['f', expect.stringContaining('far larger')]]);
  });

  it('is left where all archives of a scan together are far larger', async () => {
    const [bomb, allowance] = [gzipSync(Buffer.alloc(3_000_000)), new Allowance(5_000_000)];
    const left = [];
    for (let round = 0; round < 3; round++)
      left.push((await textsIn(bomb, { times: 1, bytes: 1e9 }, true, allowance)).unread.length);
    expect(left).toEqual([0, 1, 1]);
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
