/** Every sentence that has a check, and the way from a sentence to it. */
import { decisionMusts } from './decisions.js';
import { keyMusts } from './keys.js';
import { listingMusts } from './listings.js';
import type { Must } from './must.js';
import { settingMusts } from './settings.js';
import { temporaryFileMusts } from './temporary-files.js';

const musts: readonly Must[] = [
  ...keyMusts,
  ...listingMusts,
  ...settingMusts,
  ...decisionMusts,
  ...temporaryFileMusts,
];

/** A check with the names that its sentence has in it; undefined for a sentence that nobody has coded. */
export function mustFor(sentence: string): { must: Must; words: readonly string[] } | undefined {
  for (const must of musts) {
    if (typeof must.sentence === 'string') {
      if (must.sentence === sentence) return { must, words: [] };
    } else {
      const words = must.sentence.exec(sentence);
      if (words !== null) return { must, words: words.slice(1) };
    }
  }
  return undefined;
}
