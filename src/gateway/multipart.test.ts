import { describe, expect, it } from '@jest/globals';
import { readMultipart } from './multipart.js';

const type = 'multipart/form-data; boundary=x';
const read = (body: Buffer | string) => readMultipart(type, Buffer.from(body));

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
  ])('%s, at whatever byte, has no fields, and harms nobody', async (_where, parts) => {
    const whole = `${parts.join('')}--x--`;
    expect(await read(whole)).toBeDefined();
    const cuts = Array.from({ length: whole.length }, (_, length) => whole.slice(0, length));
    expect(new Set(await Promise.all(cuts.map(read)))).toEqual(new Set([undefined]));
  });
});

describe('a multipart body with more than is read', () => {
  it.each([
    ['boundaries alone', '--x\r\n'],
    ['fields', field],
    ['files', file],
  ])('is given up early, and others have their turn meanwhile: %s', async (_what, part) => {
    const body = Buffer.from(part.repeat(2_097_152 / part.length));
    let turns = 0;
    const take = (): void => {
      turns += 1;
      turn = setImmediate(take);
    };
    let turn = setImmediate(take);
    expect(await read(body)).toBeUndefined();
    clearImmediate(turn);
    expect(turns).toBeGreaterThan(0);
    if (part !== '--x\r\n') expect(turns).toBeLessThan(30);
  });
});

it('a large field is read whole', async () => {
  const value = 'ü'.repeat(1_000_000);
  const fields = await read(
    `--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n${value}\r\n${file}--x--`,
  );
  expect(fields).toEqual(new Map([['a', value]]));
});
