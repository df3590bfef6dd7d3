import { describe, expect, it } from '@jest/globals';
import { decodeBase64 } from './base64.js';

describe('base64', () => {
  it.each(['', 'YQ==', 'YWI=', 'YWJj', '+/+/'])('%j is read', (text) => {
    expect(decodeBase64(text)?.toString('base64')).toBe(text);
  });

  it.each(["YW'Jj", 'YWI', 'YR==', 'YWJj\n', '-_-_', 'YWJj====', ' YWJj'])('%j is not', (text) => {
    expect(decodeBase64(text)).toBeUndefined();
  });
});
