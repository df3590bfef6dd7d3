import { describe, expect, it } from '@jest/globals';
import type { AppError } from '../../errors.js';
import { readMultipart } from './multipart.js';

const type = 'multipart/form-data; boundary=x';
const read = (body: Buffer | string) =>
  readMultipart(type, Buffer.from(body)).catch((error: unknown) => (error as AppError).code);

const field = '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nabc\r\n';
const file = '--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\nabc\r\n';
const binary =
  '--x\r\nContent-Disposition: form-data; name="g"\r\nContent-Type: application/octet-stream\r\n\r\na\r\n';
const unnamed = '--x\r\nContent-Type: text/plain\r\n\r\nabc\r\n';

describe('a multipart body that is cut off', () => {
  it.each([
    ['in a file', [file]],
    ['in a field', [field]],
    ['in a file after a field', [field, file]],
    ['in a field after a file', [file, field]],
    ['in a file of another type', [binary, file]],
    ['in a part that is neither', [unnamed, file, unnamed]],
  ])('%s, at whatever byte, has no fields: it is refused, or names nobody', async (_where, parts) => {
    const whole = `${parts.join('')}--x--`;
    expect(await read(whole)).toBeInstanceOf(Map);
    const cuts = Array.from({ length: whole.length }, (_, length) => whole.slice(0, length));
    expect(new Set(await Promise.all(cuts.map(read)))).toEqual(new Set([undefined, 2]));
  });
});

describe('a part', () => {
  const whole = (part: string): string => `--x\r\n${part}\r\n${field}--x--`;
  it.each([
    ['has no name', 'Content-Disposition: form-data\r\n\r\nabc'],
    ['has a name without a value', 'Content-Disposition: form-data; name\r\n\r\nabc'],
    ['has a quote that is left open', 'Content-Disposition: form-data; name="hash\r\n\r\nabc'],
    [
      'has a name behind a parameter that can not be read',
      'Content-Disposition: form-data; x=" name=b\r\n\r\nabc',
    ],
    ['has no disposition', 'Content-Type: text/plain\r\n\r\nabc'],
    ['has another disposition', 'Content-Disposition: attachment; name="b"\r\n\r\nabc'],
    ['has no head', '\r\nabc'],
    ['has a head without an end', 'Content-Disposition: form-data; name="b"'],
    [
      'has a head that is too long',
      `A: ${'x'.repeat(10_000)}\r\nContent-Disposition: form-data; name="b"\r\n\r\nabc`,
    ],
    ['is empty', ''],
  ])('that %s is passed over', async (_what, part) => {
    expect(await read(whole(part))).toEqual(new Map([['a', 'abc']]));
  });

  it.each([
    ['in any case', 'CONTENT-DISPOSITION:form-data;NAME="b"\r\n\r\nabc'],
    ['without quotes', 'Content-Disposition: form-data; name=b\r\n\r\nabc'],
    ['in a folded line', 'Content-Disposition: form-data;\r\n name="b"\r\n\r\nabc'],
    [
      'behind other lines',
      'Content-Type: text/plain; charset=utf-8\r\nContent-Disposition: form-data; name="b"\r\n\r\nabc',
    ],
  ])('may tell its name %s', async (_how, part) => {
    expect(await read(whole(part))).toEqual(new Map(Object.entries({ b: 'abc', a: 'abc' })));
  });

  it('may have the boundary in it, where no line begins with it alone', async () => {
    const body = `--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n--xy\r\n --x\r\n--x-\r\n--x--`;
    expect(await read(body)).toEqual(new Map([['a', '--xy\r\n --x\r\n--x-']]));
  });
});

it('a body may begin and end with something else', async () => {
  expect(await read(`for old readers\r\n${field}--x--\r\nthe end`)).toEqual(new Map([['a', 'abc']]));
});

it('a large field is read whole', async () => {
  const value = 'ü'.repeat(1_000_000);
  const fields = await read(
    `--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n${value}\r\n${file}--x--`,
  );
  expect(fields).toEqual(new Map([['a', value]]));
});
