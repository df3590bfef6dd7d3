import { visibleLines } from './visible-text.js';

const styles = { bold: '1', dim: '2', red: '31' } as const;
export type Style = keyof typeof styles;

/** What `styled` writes, and nothing else. */
const styleSequence = new RegExp(`(\\u001b\\[(?:0|${Object.values(styles).join('|')})m)`);

/** @param text - what is shown: `visible` has taken away whatever a terminal obeys */
export function styled(text: string, style: Style): string {
  return `\u001b[${styles[style]}m${text}\u001b[0m`;
}

/** As `visibleLines`, for a text with styles of ours: they stay, and all else that a terminal obeys is shown. */
export function visibleStyledLines(text: string): string {
  return text
    .split(styleSequence)
    .map((part, index) => (index % 2 === 0 ? visibleLines(part) : part))
    .join('');
}
