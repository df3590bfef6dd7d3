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
