import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AppError } from '../../errors.js';
import { argNames, readHestiaFields, type HestiaFields } from './hestia-fields.js';

const form = (text: string, type = 'application/x-www-form-urlencoded') =>
  readHestiaFields(type, Buffer.from(text));
const json = (value: unknown, type?: string) => readHestiaFields(type, Buffer.from(JSON.stringify(value)));

describe('a form', () => {
  it('is read by its names', async () => {
    const fields = await form('hash=%20a%3Ab%0A&cmd=+v-list-users%0A&arg1=a+b&arg2=%C3%BC');
    expect(fields?.text('hash')).toBe(' a:b\n');
    expect(fields?.text('cmd')).toBe('v-list-users');
    expect(fields?.args()).toEqual(['a b', 'ü']);
  });

  it('may tell its character set, and its type in any case', async () => {
    expect((await form('hash=x', 'Application/X-WWW-Form-Urlencoded; charset=UTF-8'))?.text('hash')).toBe(
      'x',
    );
  });

  it('counts the last one where a name comes twice, as PHP does', async () => {
    expect((await form('hash=x&cmd=v-a&cmd=v-b'))?.text('cmd')).toBe('v-b');
  });

  it('has a field that is a list, which is no text', async () => {
    const fields = await form('hash=x&arg1[]=a&arg2[k]=b');
    expect(fields?.anyStructured(['arg1'])).toBe(true);
    expect(fields?.anyStructured(['arg2'])).toBe(true);
    expect(fields?.anyStructured(['hash', 'arg3'])).toBe(false);
    expect(fields?.text('arg1')).toBe('');
  });

  it('is read as JSON where it has no name of ours', async () => {
    expect((await form('{"hash":"x"}'))?.text('hash')).toBe('x');
  });
});

/** The same fields in each of the forms that a body may have. */
function everyForm(values: Record<string, string>): Promise<HestiaFields | undefined>[] {
  const parts = Object.entries(values).map(
    ([name, value]) => `--b0undary\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  return [
    form(new URLSearchParams(values).toString()),
    json(values),
    form(`${parts.join('')}--b0undary--\r\n`, 'multipart/form-data; boundary=b0undary'),
  ];
}

describe('white space round a value', () => {
  const names = ['access_key', 'cmd', 'arg1', 'arg2', 'secret_key', 'hash', 'user', 'password', 'returncode'];
  const trimmed = ['access_key', 'cmd', 'arg1', 'arg2'];
  const blanks = fc.string({ unit: fc.constantFrom(' ', '\t', '\n', '\r', '\0', '\x0b'), maxLength: 4 });

  it('counts but round the ID of a key, the command and its arguments, in every form of a body', async () => {
    const value = fc.tuple(blanks, fc.constantFrom('a', 'a \t b', '0', 'ä', '\u00a0a\f'), blanks);
    await fc.assert(
      fc.asyncProperty(fc.array(value, { minLength: 9, maxLength: 9 }), async (values) => {
        const sent = names.map((name, index): [string, string] => [name, values[index]?.join('') ?? '']);
        for (const read of everyForm(Object.fromEntries(sent))) {
          const fields = await read;
          const expected = names.map((name, index) =>
            trimmed.includes(name) ? values[index]?.[1] : sent[index]?.[1],
          );
          expect(names.map((name) => fields?.text(name))).toEqual(expected);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('counts round an argument that is a credential, wherever it was sent from', async () => {
    const sent = { hash: 'x', arg1: ' a ', arg3: ' b ', arg4: '\tc ' };
    for (const read of everyForm(sent)) {
      const fields = await read;
      expect(fields?.args([2])).toEqual(['a', undefined, ' b ', 'c']);
      expect(fields?.args([1, 3])).toEqual([' a ', undefined, 'b', '\tc ']);
    }
  });

  it('and inside it costs time for each character once', async () => {
    const fields = await json({ hash: 'x', arg1: `x${' '.repeat(1_000_000)}x` });
    expect(fields?.args()[0]).toHaveLength(1_000_002);
  });
});

describe('bytes that are not UTF-8', () => {
  const bytes = (text: string) => Buffer.from(text, 'latin1');

  it('stay apart in a form, encoded or not, and in a multipart body whatever its parts say', async () => {
    const type = 'multipart/form-data; boundary=xx';
    const part = (value: string) =>
      bytes(
        '--xx\r\nContent-Disposition: form-data; name="hash"\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n' +
          `${value}\r\n--xx--\r\n`,
      );
    for (const [byte, text] of [
      ['\xe4', 'p\udce4ss'],
      ['\xf6', 'p\udcf6ss'],
    ] as const) {
      const encoded = `%${byte.charCodeAt(0).toString(16)}`;
      const bodies = [
        await form(`hash=p${encoded}ss`),
        await readHestiaFields('application/x-www-form-urlencoded', bytes(`hash=p${byte}ss`)),
        await readHestiaFields(type, part(`p${byte}ss`)),
        await readHestiaFields('application/json', bytes(`{"hash":"p${byte}ss"}`)),
      ];
      expect(bodies.map((fields) => fields?.text('hash'))).toEqual([text, text, text, text]);
    }
  });

  it('are a character where they are one together', async () => {
    const body = bytes('hash=\xc3%A4+%zz%');
    const fields = await readHestiaFields('application/x-www-form-urlencoded', body);
    expect(fields?.text('hash')).toBe('ä %zz%');
  });

  it('are not meant by an escape of JSON: half a character is no text', async () => {
    const fields = await readHestiaFields(
      undefined,
      Buffer.from(String.raw`{"hash":"x","arg1":"\ud800","arg2":"\udce4"}`),
    );
    expect(fields?.anyStructured(['arg1'])).toBe(true);
    expect(fields?.anyStructured(['arg2'])).toBe(true);
    expect((await json({ hash: '😀' }))?.text('hash')).toBe('😀');
    const both = bytes(String.raw`{"hash":"x","arg1":"\ud83d` + '\xe4"}');
    expect(await readHestiaFields(undefined, both)).toBeUndefined();
  });

  it('are read as every other reader of forms does where there are none', async () => {
    const pair = fc.tuple(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }));
    await fc.assert(
      fc.asyncProperty(fc.array(pair, { maxLength: 5 }), async (pairs) => {
        const body = new URLSearchParams([...pairs, ['hash', 'x']]).toString();
        const fields = await form(body);
        for (const [name, value] of new URLSearchParams(body)) {
          const isPlain = !name.includes('[') && pairs.filter(([other]) => other === name).length < 2;
          if (isPlain && name !== 'hash' && !['cmd', 'access_key'].includes(name) && !name.startsWith('arg'))
            expect(fields?.text(name)).toBe(value);
        }
      }),
    );
  });
});

describe('JSON', () => {
  it.each([undefined, '', 'application/json', 'text/plain', 'application/x-www-form-urlencoded'])(
    'is read under the type %p',
    async (type) => {
      expect((await json({ hash: 'x', cmd: ' v-a ' }, type))?.text('cmd')).toBe('v-a');
    },
  );

  it('is not read as a multipart body', async () => {
    expect(await json({ hash: 'x' }, 'multipart/form-data; boundary=x')).toBeUndefined();
  });

  it('has its values as PHP makes texts of them', async () => {
    const fields = await json({
      hash: 'x',
      arg1: 12,
      arg2: true,
      arg3: false,
      arg4: 1.5,
      arg5: null,
      arg6: '0',
    });
    expect(fields?.args()).toEqual(['12', '1', '', '1.5', undefined, '0']);
  });

  it('has lists and objects, which are no texts', async () => {
    const fields = await json({ hash: 'x', arg1: ['a'], arg2: { a: 1 } });
    expect(fields?.anyStructured(['arg1'])).toBe(true);
    expect(fields?.anyStructured(['arg2'])).toBe(true);
  });

  it('has the names that were sent and no others', async () => {
    const fields = await readHestiaFields(undefined, Buffer.from('{"hash":"x","__proto__":{"cmd":"v-a"}}'));
    expect(fields?.text('cmd')).toBe('');
    expect(fields?.text('constructor')).toBe('');
    expect(fields?.has('toString')).toBe(false);
  });
});

describe('the arguments', () => {
  it('are arg1 to arg13, and no more', async () => {
    expect(argNames).toHaveLength(13);
    expect((await form('hash=x&arg13=m&arg14=n'))?.args().at(-1)).toBe('m');
    expect((await form('hash=x&arg14=n&arg0=o&arg01=p'))?.args()).toEqual([]);
  });

  it('keep their places where one is left out, and an empty one is none that is left out', async () => {
    expect((await form('hash=x&arg2=b&arg4='))?.args()).toEqual([undefined, 'b', undefined, '']);
  });
});

describe('a body that names nobody', () => {
  it.each([
    '',
    'x',
    '[]',
    'null',
    '"hash"',
    '5',
    '{',
    '{"cmd":"v-a"}',
    'cmd=v-a',
    '[{"hash":"x"}]',
    '{"hash":null}',
  ])('is %p', async (text) => {
    expect(await form(text)).toBeUndefined();
    expect(await readHestiaFields('application/json', Buffer.from(text))).toBeUndefined();
  });

  it('or any other never breaks the reading', async () => {
    const type = fc.constantFrom(
      undefined,
      'application/x-www-form-urlencoded',
      'application/json',
      'x; y',
      ';',
    );
    await fc.assert(
      fc.asyncProperty(
        type,
        fc.oneof(
          fc.uint8Array(),
          fc.json().map((text) => Buffer.from(text)),
        ),
        async (sent, body) => {
          const fields = await readHestiaFields(sent, Buffer.from(body));
          for (const arg of fields?.args() ?? []) expect(['string', 'undefined']).toContain(typeof arg);
        },
      ),
    );
  });
});

describe('a multipart form', () => {
  const multipart = (...parts: [string, string][]) =>
    readHestiaFields(
      'multipart/form-data; boundary=xx',
      Buffer.from(
        parts
          .map(([head, value]) => `--xx\r\nContent-Disposition: form-data; ${head}\r\n\r\n${value}\r\n`)
          .join('') + '--xx--\r\n',
      ),
    );

  it('is read by its names', async () => {
    const fields = await multipart(['name="hash"', ' x '], ['name="arg1"', 'ü'], ['name="arg2[]"', 'y']);
    expect(fields?.text('hash')).toBe(' x ');
    expect(fields?.args()).toEqual(['ü', '']);
    expect(fields?.anyStructured(['arg2'])).toBe(true);
  });

  it('that is broken names nobody', async () => {
    for (const body of ['', '--xx', '--yy\r\n']) {
      const type = 'multipart/form-data; boundary=xx';
      await expect(readHestiaFields(type, Buffer.from(body))).resolves.toBeUndefined();
    }
    await expect(readHestiaFields('multipart/form-data', Buffer.from('--xx--'))).resolves.toBeUndefined();
    const cutOff = Buffer.from('--xx\r\nContent-Disposition: form-data; name="hash"\r\n\r\nx');
    await expect(readHestiaFields('multipart/form-data; boundary=xx', cutOff)).rejects.toThrow(AppError);
  });
});
