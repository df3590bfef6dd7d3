import { describe, expect, it } from '@jest/globals';
import { resultOf, wholeResult } from './long-output.js';

const part = 'x'.repeat(1000);

/** So many parts; `read` tells how many were taken. */
function parts(count: number, failsAt = Infinity): { read: number[]; texts: AsyncGenerator<string, void> } {
  const read: number[] = [];
  async function* texts(): AsyncGenerator<string, void> {
    for (let index = 0; index < count; index++) {
      await Promise.resolve();
      if (index === failsAt) throw new Error('the store is gone');
      read.push(index);
      yield part;
    }
  }
  return { read, texts: texts() };
}

describe('the result of a list', () => {
  it('is one text where it is short', async () => {
    expect(await resultOf(parts(3).texts, 'text')).toEqual({ code: 0, output: part.repeat(3) });
    expect(await resultOf(parts(0).texts, 'text')).toEqual({ code: 0, output: '' });
  });

  it('has no more than its beginning read where it is long, and all of it when all is taken', async () => {
    const { read, texts } = parts(500);
    const result = await resultOf(texts, 'json');
    expect(result).toMatchObject({ code: 0, outputType: 'json' });
    expect(read).toHaveLength(result.output.length / part.length);
    expect(read.length).toBeLessThan(100);
    const whole = await wholeResult(result);
    expect(whole).toEqual({ code: 0, output: part.repeat(500), outputType: 'json' });
  });

  it('is no list where the beginning can not be read, and does not end as a whole one where the rest can not', async () => {
    await expect(resultOf(parts(500, 3).texts, 'text')).rejects.toThrow('the store is gone');
    const result = await resultOf(parts(500, 300).texts, 'text');
    await expect(wholeResult(result)).rejects.toThrow('the store is gone');
  });
});
