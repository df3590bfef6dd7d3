/** Texts that languages, encodings and databases treat in ways of their own, in no order. */
export const textsOfAllKinds: readonly string[] = [
  'b',
  'B',
  'a',
  'A',
  'a b',
  'ab',
  'a-b',
  'a_b',
  '_a',
  '-a',
  '10',
  '9',
  'é',
  'e\u0301',
  'ß',
  'ss',
  'ı',
  'I',
  'quote \' and " and \\ and $1 and ?',
  'line\nbreak\ttab',
  '\u{1F511}',
  '\uFF5E',
  '中文',
];

/** As UTF-8 orders them, byte by byte. */
export function byCodePoint(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
