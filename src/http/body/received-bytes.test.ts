import { expect, it } from '@jest/globals';
import { ReceivedBytes } from './received-bytes.js';

it('pieces of one byte take their bytes, and are what was sent', () => {
  const received = new ReceivedBytes();
  const sent = Buffer.from(Array.from({ length: 16_384 }, (_, index) => index % 251));
  for (const byte of sent) received.add(Buffer.of(byte));
  expect(received.bytes).toEqual(sent);
  expect(received.capacity).toBeLessThanOrEqual(32_768);
});

it('a whole body takes no more than itself', () => {
  const received = new ReceivedBytes();
  received.add(Buffer.alloc(2_000_000));
  expect(received.capacity).toBe(2_000_000);
  expect(new ReceivedBytes().bytes).toHaveLength(0);
});

it('what comes at once is not copied, unless much more was read with it', () => {
  const add = (chunk: Buffer, whole: number): Buffer => {
    const received = new ReceivedBytes(whole);
    received.add(chunk);
    expect(received.bytes).toEqual(chunk);
    return received.bytes;
  };
  const [usual, long] = [Buffer.alloc(500), Buffer.alloc(65_536)];
  expect(add(usual.subarray(100), 400).buffer).toBe(usual.buffer);
  expect(add(usual.subarray(100), 401).buffer).not.toBe(usual.buffer);
  expect(add(long.subarray(100, 500), 400).buffer).not.toBe(long.buffer);
});
