/** No body makes a parser of the gateway throw anything but a refusal, or take the event loop for long. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AppError } from '../../errors.js';
import { bytesOfText } from '../../text/byte-text.js';
import { readForm } from './form-body.js';
import { readHestiaFields } from '../hestia/hestia-fields.js';
import { isWithinBounds, usualBounds } from './json-bounds.js';
import { readJsonFields } from '../rest/rest-body.js';

const form = 'application/x-www-form-urlencoded';
const megabytes = 2 * 1024 * 1024;
const fill = (text: string, length = megabytes): string => text.repeat(Math.floor(length / text.length));

/** @returns what the parser made of it, and how many turns others had meanwhile */
async function read(type: string, body: string | Buffer): Promise<{ found: string; turns: number }> {
  let turns = 0;
  const take = (): void => {
    turns += 1;
    turn = setImmediate(take);
  };
  let turn = setImmediate(take);
  const found = await readHestiaFields(type, Buffer.from(body)).then(
    (fields) => (fields === undefined ? 'nobody' : 'fields'),
    (error: unknown) => (error instanceof AppError ? `refused ${String(error.code)}` : String(error)),
  );
  clearImmediate(turn);
  return { found, turns };
}

describe('a body that is refused', () => {
  const part = '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nabc\r\n';
  it.each([
    ['a million fields', form, fill('a&')],
    ['separators alone', form, fill('&')],
    ['a million members', 'application/json', `{${fill('"a":1,')}"hash":1}`],
    ['a million items', 'application/json', `{"hash":[${fill('1,')}1]}`],
    ['lists in lists', 'application/json', `{"hash":${fill('[')}`],
    ['objects in objects', 'application/json', fill('{"a":')],
    ['a million parts', 'multipart/form-data; boundary=x', fill(part)],
    ['boundaries alone', 'multipart/form-data; boundary=x', fill('--x\r\n')],
  ])('is given up at the first field too many: %s', async (_what, type, body) => {
    const { found, turns } = await read(type, body);
    // JSON that is too much for the page names nobody, as at a Hestia server: 405.
    expect(found).toBe(type === 'application/json' ? 'nobody' : 'refused 2');
    expect(turns).toBeLessThan(3);
  });

  it.each([
    ['lists in lists', fill('[')],
    ['a list', `[${fill('1,')}1]`],
    ['a text', JSON.stringify(fill('x'))],
    ['blanks and no object', `${fill(' ', 500)}x${fill('[')}`],
  ])('is not parsed at all where it is no object: %s', async (_what, body) => {
    const { found, turns } = await read('application/json', body);
    expect(['nobody', 'refused 2']).toContain(found);
    expect(turns).toBeLessThan(3);
  });
});

describe('a long field', () => {
  it.each([
    ['blanks', form, `hash=x&arg1=${fill('+', megabytes - 20)}`],
    ['escapes', form, `hash=x&arg1=${fill('%41', megabytes - 20)}`],
    ['escapes that are none', form, `hash=x&arg1=${fill('%', megabytes - 20)}`],
    ['a name', form, `${fill('+', megabytes - 20)}&hash=x`],
    ['letters of two bytes', form, `hash=x&arg1=${fill('ü', megabytes / 2 - 20)}`],
    ['a JSON text', 'application/json', `{"hash":"${fill('x', megabytes - 20)}"}`],
  ])('is read in slices, between which others have their turn: %s', async (_what, type, body) => {
    const { found, turns } = await read(type, body);
    expect(found).toBe('fields');
    expect(turns).toBeGreaterThanOrEqual(Math.floor(Buffer.byteLength(body) / 65_536) - 1);
  });

  it('is what it would be read at once', async () => {
    const value = `a+%C3%BC%F0%9F%98%80%2%zz%${fill('%41+x%e2%82%ac', 400_000)}`;
    const [[, found] = []] = (await readForm(Buffer.from(`arg1=${value}`))) ?? [];
    expect(found === new URLSearchParams(`arg1=${value}`).get('arg1')).toBe(true);
  });
});

// Where letters stand both as they are and escaped, Node.js reads them otherwise than WHATWG says.
it('a form is read as URLSearchParams reads it', async () => {
  const characters = fc.constantFrom(
    'a',
    '+',
    '%',
    '%41',
    '%c3%bc',
    '%C3',
    '=',
    '&',
    '[',
    ' ',
    '\0',
    '%f0%9f%98%80',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(characters, { maxLength: 60 }), async (parts) => {
      const text = parts.join('');
      // What is not UTF-8 stays apart here; shown as characters it is the same.
      const shown = (part: string): string => String(bytesOfText(part));
      const read = (await readForm(Buffer.from(text)))?.map((pair) => pair.map(shown));
      expect(read).toEqual([...new URLSearchParams(text)]);
    }),
    { numRuns: 2000 },
  );
});

describe('the bounds of JSON', () => {
  const bounds = { ...usualBounds, fields: 3, values: 10, depth: 2 };
  it.each<[string, boolean]>([
    ['{"a":1,"b":2,"c":3}', true],
    ['{"a":1,"b":2,"c":3,"d":4}', false],
    ['{"a":"1,2,3,4,{[{[{[","b":"\\",\\\\\\",{{{"}', true],
    ['{"a":[1]}', true],
    ['{"a":[[1]]}', false],
    ['{"a":[1,2,3,4,5,6,7,8,9]}', true],
    ['{"a":[1,2,3,4,5,6,7,8,9,10]}', false],
    ['[1,2,3]', true],
    ['[1,2,3,4]', false],
    ['"[[[["', true],
    ['', true],
    ['{', true],
  ])('of %s', async (text, isWithin) => {
    expect(await isWithinBounds(Buffer.from(text), bounds)).toBe(isWithin);
  });

  it('hold across slices', async () => {
    const text = `{"a":"${fill('\\"[{,', 200_001)}","b":1,"c":2}`;
    expect(await isWithinBounds(Buffer.from(text), bounds)).toBe(true);
    expect(await isWithinBounds(Buffer.from(`${text.slice(0, -1)},"d":1}`), bounds)).toBe(false);
  });
});

describe('any body', () => {
  const pieces = fc.constantFrom(
    ...[
      '--x',
      '--x--',
      '\r\n',
      '\r\n\r\n',
      '\n',
      ' ',
      ';',
      ':',
      '"',
      '\\',
      '=',
      '&',
      '%',
      '%zz',
      '+',
      '[]',
      '{',
      '}',
    ],
    ...[
      'Content-Disposition: form-data',
      'content-disposition:',
      '; name="hash"',
      '; name=',
      '; filename="f"',
      'a',
    ],
    ...[
      "; filename*=utf-8''x",
      'Content-Type: application/octet-stream',
      '[',
      ']',
      ',',
      'null',
      'true',
      '1e999',
    ],
    ...[
      '"hash":',
      '"__proto__":',
      'hash=',
      '\0',
      '\uFEFF',
      'ü',
      '\\u0000',
      'toString',
      'access_key',
      '--y',
      '\t',
    ],
  );
  const bodies = fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    fc.array(pieces, { maxLength: 40 }).map((texts) => Buffer.from(texts.join(''))),
    fc.json().map((text) => Buffer.from(text)),
  );
  const types = fc.constantFrom(
    ...['', form, 'application/json', 'multipart/form-data; boundary=x', 'multipart/form-data; boundary="x"'],
    ...[
      'multipart/form-data; boundary=',
      'multipart/form-data',
      'multipart/form-data; boundary=x; boundary=y',
      ';',
    ],
  );

  it('is read, names nobody or is refused with 2, and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(types, bodies, async (type, body) => {
        expect((await read(type, body)).found).toMatch(/^(?:fields|nobody|refused 2)$/);
        const rest = await readJsonFields(body);
        expect('message' in rest || rest instanceof Map).toBe(true);
      }),
      { numRuns: 6000 },
    );
  });
});
