import { expect, it } from '@jest/globals';
import { csvRow } from './csv.js';

it('quotes what would end a cell or a row, and writes objects as JSON', () => {
  expect(csvRow(['a', 1, null, 'b,c', 'say "x"', 'two\nlines', ['d', 'e']])).toBe(
    'a,1,,"b,c","say ""x""","two\nlines","[""d"",""e""]"\r\n',
  );
});

it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx'])('makes no formula of the text %j', (text) => {
  expect(csvRow([text]).replace(/^"/, '')).toMatch(/^'/);
});

it('leaves numbers below zero what they are', () => {
  expect(csvRow([-1])).toBe('-1\r\n');
});
