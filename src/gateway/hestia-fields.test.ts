import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cpuMs } from '../../test/support/waiting.js';
import { argNames, readHestiaFields } from './hestia-fields.js';

const form = (text: string, type = 'application/x-www-form-urlencoded') =>
  readHestiaFields(type, Buffer.from(text));
const json = (value: unknown, type?: string) => readHestiaFields(type, Buffer.from(JSON.stringify(value)));

describe('a form', () => {
  it('is read by its names, with white space round the values taken away', async () => {
    const fields = await form('hash=%20a%3Ab%0A&cmd=v-list-users&arg1=a+b&arg2=%C3%BC');
    expect(fields?.text('hash')).toBe('a:b');
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

describe('white space round a value', () => {
  it('is what PHP takes for it, at both ends and no further', async () => {
    const fields = await json({
      hash: ' \t\n\r\0\x0b a \0 b \x0b\0\r\n\t ',
      arg1: ' \0 ',
      arg2: '\u00a0a\f',
    });
    expect(fields?.text('hash')).toBe('a \0 b');
    expect(fields?.args()).toEqual(['', '\u00a0a\f']);
  });

  it('and inside it costs time for each character once', async () => {
    const fields = await json({ hash: `x${' '.repeat(1_000_000)}x` });
    const spentMs = await cpuMs(() => expect(fields?.text('hash')).toHaveLength(1_000_002));
    expect(spentMs).toBeLessThan(20_000);
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
    expect(fields?.text('hash')).toBe('x');
    expect(fields?.args()).toEqual(['ü', '']);
    expect(fields?.anyStructured(['arg2'])).toBe(true);
  });

  it('that is broken names nobody', async () => {
    for (const body of [
      '',
      '--xx',
      '--yy\r\n',
      '--xx\r\nContent-Disposition: form-data; name="hash"\r\n\r\nx',
    ]) {
      const type = 'multipart/form-data; boundary=xx';
      await expect(readHestiaFields(type, Buffer.from(body))).resolves.toBeUndefined();
    }
    await expect(readHestiaFields('multipart/form-data', Buffer.from('--xx--'))).resolves.toBeUndefined();
  });
});
