/** Parts of generated inputs. All comes from one `Random`, so that an input is the same for the same seed. */
import type { Random } from '../faults/random.js';

/** Characters that parsers treat in ways of their own. */
const odd = [
  ...[
    '\0',
    '\t',
    '\n',
    '\r',
    '\r\n',
    ' ',
    '\u007f',
    '\u0085',
    '\u00a0',
    '\u200e',
    '\u2028',
    '\ufeff',
    '\ufffd',
  ],
  ...[
    "'",
    '"',
    '`',
    '\\',
    '/',
    '..',
    '%',
    '%00',
    '%2e',
    '%zz',
    '&',
    '=',
    ';',
    ',',
    ':',
    '#',
    '$',
    '$(id)',
    '|',
  ],
  ...[
    '<script>',
    '{',
    '}',
    '[',
    ']',
    '*',
    '?',
    '+',
    '-',
    '--',
    '0',
    '-1',
    '1e9',
    '99999999999999999999',
    'NaN',
  ],
  ...['true', 'null', '__proto__', 'constructor', 'toString', 'ä', '名', '😀', '\ud800', '０'],
];

export function text(random: Random, most = 12): string {
  return Array.from({ length: random.below(most) }, () =>
    random.next() < 0.5 ? random.pick(odd) : String.fromCharCode(32 + random.below(95)),
  ).join('');
}

/** Mostly one of the words as it is; else one that was changed a little, or a text of any kind. */
export function word(random: Random, words: readonly string[]): string {
  const share = random.next();
  if (share < 0.8) return random.pick(words);
  return share < 0.95 ? mutated(random, random.pick(words)) : text(random);
}

/** The same text with one to three small changes. */
export function mutated(random: Random, whole: string): string {
  let changed = whole;
  for (let times = 1 + random.below(3); times > 0; times--) changed = changedOnce(random, changed);
  return changed;
}

function changedOnce(random: Random, whole: string): string {
  const from = random.below(whole.length + 1);
  const to = Math.min(whole.length, from + 1 + random.below(random.next() < 0.9 ? 3 : 40));
  const [before, within, after] = [whole.slice(0, from), whole.slice(from, to), whole.slice(to)];
  switch (random.below(6)) {
    case 0:
      return before + after;
    case 1:
      return before + within + within + after;
    case 2:
      return before + random.pick(odd) + within + after;
    case 3:
      return before + random.pick(odd) + after;
    case 4:
      return before + (within === within.toUpperCase() ? within.toLowerCase() : within.toUpperCase()) + after;
    default:
      return random.next() < 0.9 ? before + within : before + within.repeat(1 + random.below(200)) + after;
  }
}

/** The same bytes with one to three of them changed, left out or doubled. */
export function mutatedBytes(random: Random, whole: Buffer): Buffer {
  let changed = whole;
  for (let times = 1 + random.below(3); times > 0; times--) {
    const at = random.below(changed.length + 1);
    const [before, after] = [changed.subarray(0, at), changed.subarray(at)];
    const one = Buffer.from([random.next() < 0.5 ? random.below(32) : random.below(256)]);
    const kind = random.below(4);
    if (kind === 0) changed = Buffer.concat([before, one, after]);
    else if (kind === 1) changed = Buffer.concat([before, one, after.subarray(1)]);
    else if (kind === 2) changed = Buffer.concat([before, after.subarray(1 + random.below(4))]);
    else changed = Buffer.concat([before, after.subarray(0, 8), after]);
  }
  return changed;
}

/** In one to three pieces. */
export function inPieces(random: Random, whole: Buffer): Buffer[] {
  if (random.next() < 0.6) return [whole];
  const cuts = [random.below(whole.length + 1), random.below(whole.length + 1)].sort(
    (one, other) => one - other,
  );
  const [first = 0, second = 0] = cuts;
  return [whole.subarray(0, first), whole.subarray(first, second), whole.subarray(second)].filter(
    ({ length }) => length > 0,
  );
}
