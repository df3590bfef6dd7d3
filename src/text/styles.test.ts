import { expect, it } from '@jest/globals';
import { styled, visibleStyledLines } from './styles.js';

it('our own styles stay, and all else that a terminal obeys is shown', () => {
  const text = `${styled('NAME', 'bold')}\t${styled('denied', 'red')}\n`;
  expect(visibleStyledLines(text)).toBe('\u001b[1mNAME\u001b[0m\t\u001b[31mdenied\u001b[0m\n');
  for (const sequence of ['\u001b[2J', '\u001b]0;x\u0007', '\u001b[1;31m', '\u001b[5m', '\u009b1m', '\u202e'])
    expect(visibleStyledLines(`${text}${sequence}`)).not.toContain(sequence);
});
