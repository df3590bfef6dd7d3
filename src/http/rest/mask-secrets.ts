const mask = '***';
/** A shorter secret may be a part of words that have nothing to do with it. */
const longSecret = 8;
/** A shorter one without letters and digits stands in every other line. */
const longSigns = 3;
const wordCharacter = /[\p{L}\p{N}\p{M}]/u;

/**
 * A text without these secrets, also as JSON or a URL would write them. No word is cut: of a long secret the whole word
 * goes that it stands in, and a short one is masked only where it is no part of a longer word.
 */
export function maskSecrets(text: string, secrets: readonly string[]): string {
  const written = secrets.filter((secret) => secret.trim() !== '').flatMap(writtenForms);
  const longestFirst = [...new Set(written)].sort((one, other) => other.length - one.length);
  return longestFirst.reduce(maskOne, text);
}

function writtenForms(secret: string): string[] {
  // By way of bytes, for half a character can't be written in a URL.
  const inUrl = encodeURIComponent(Buffer.from(secret).toString());
  return [secret, JSON.stringify(secret).slice(1, -1), inUrl];
}

function maskOne(text: string, secret: string): string {
  let masked = '';
  let from = 0;
  for (let at = text.indexOf(secret); at !== -1; at = text.indexOf(secret, from)) {
    const behind = at + secret.length;
    const isLeft = secret.length < longSecret && (isPartOfWord(text, at, behind) || isSign(text, secret, at));
    const { start, end } = isLeft ? { start: behind, end: behind } : wordAround(text, at, behind, from);
    masked += `${text.slice(from, start)}${isLeft ? '' : mask}`;
    from = end;
  }
  return masked + text.slice(from);
}

function isPartOfWord(text: string, at: number, behind: number): boolean {
  return (isWord(text[at]) && isWord(text[at - 1])) || (isWord(text[behind - 1]) && isWord(text[behind]));
}

/** The place, as far as a word that begins or ends in it goes on before and behind it. */
function wordAround(text: string, at: number, behind: number, from: number): { start: number; end: number } {
  let [start, end] = [at, behind];
  if (isWord(text[at])) while (start > from && isWord(text[start - 1])) start--;
  if (isWord(text[behind - 1])) while (isWord(text[end])) end++;
  return { start, end };
}

/** Whether it is a sign or two, and doesn't stand alone. */
function isSign(text: string, secret: string, at: number): boolean {
  if (secret.length >= longSigns || wordCharacter.test(secret)) return false;
  return /\S/.test(text[at - 1] ?? '') || /\S/.test(text[at + secret.length] ?? '');
}

function isWord(character: string | undefined): boolean {
  return character !== undefined && wordCharacter.test(character);
}
