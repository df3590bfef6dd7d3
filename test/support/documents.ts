/** Pages of docs/, whose lines tests run as they stand there. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installation } from './folders.js';

export function readDocument(file: string): string {
  return readFileSync(join(installation, file), 'utf8');
}

/** The blocks of a language (empty: of none) in a page, in their order. */
export function readBlocks(file: string, language: string): string[] {
  const blocks = readDocument(file).matchAll(/^```([a-z]*)\n([\s\S]*?)^```$/gm);
  const found = [...blocks].filter(([, name]) => name === language).map(([, , text = '']) => text);
  if (found.length === 0) throw new Error(`${file} has no lines of ${language}`);
  return found;
}

/** A text with parts of it written over; throws where one is not in it, so that a page and its test stay together. */
export function replaceAll(text: string, parts: Readonly<Record<string, string>>): string {
  return Object.entries(parts).reduce((result, [from, to]) => {
    if (!result.includes(from)) throw new Error(`there is no ${from} in these lines`);
    return result.replaceAll(from, () => to);
  }, text);
}
