import { readFileSync, writeFileSync } from 'node:fs';
import { AuditKey } from '../../../src/audit/key/audit-key.js';
import { LineChain, plainLine, readHead, type Head } from '../../../src/audit/record/chain.js';
import { makeLines } from '../../../src/audit/record/make-lines.js';

export function readLines(file: string): string[] {
  return readFileSync(file, 'utf8').split('\n').slice(0, -1);
}

export function writeLines(file: string, lines: readonly string[]): void {
  writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
}

export function headOf(line: string): Head {
  const head = readHead(Buffer.from(line));
  if (head === undefined) throw new Error(`this is no line of a record: ${line}`);
  return head;
}

/** The event of a line, as the service chains it. */
export function bodyOf(line: string): string {
  return `{${line.replace(/^\{"seq":\d+,/, '').replace(/,"(?:mac|hash)":"[0-9a-f]{64}"\}$/, '')}}`;
}

/** Lines as somebody makes them who has no key: with one of his own, or with none. */
export function forge(before: Head, bodies: readonly string[], chain: string, isPlain: boolean): string[] {
  if (!isPlain) {
    const { bytes } = makeLines(new LineChain(AuditKey.generate(), chain), before, bodies);
    return bytes.toString().split('\n').slice(0, -1);
  }
  let head = before;
  return bodies.map((body) => {
    const next = plainLine(head, body);
    ({ head } = next);
    return next.line.slice(0, -1);
  });
}
