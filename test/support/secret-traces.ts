/** Looks for secrets in texts, as they are and encoded as somebody might have written them. */
import { expect } from '@jest/globals';
import { textsBelow } from './files-below.js';

/** What a secret leaves behind where it stands whole, or nearly so. */
const enough = 14;
const hashedCharacters = 3;

export class SecretTraces {
  /** Every secret, and what it was. */
  private readonly secrets = new Map<string, string>();
  /** By their first three characters, so that a text is gone through once, whatever is looked for. */
  private readonly patterns = new Map<number, { text: string; what: string }[]>();
  private readonly begins = new Uint8Array(1 << (8 * hashedCharacters));
  private forms = 0;
  /** Where was looked, and how many characters there were. */
  private readonly places = new Map<string, number>();

  keep(secret: string, what: string): string {
    if (secret.length < enough) throw new Error(`${what} is too short to be told from other texts`);
    if (this.secrets.has(secret)) return secret;
    this.secrets.set(secret, what);
    for (const [form, text] of formsOf(secret)) this.add(text, `${what}${form}`);
    return secret;
  }

  get count(): number {
    return this.secrets.size;
  }

  findIn(place: string, text: string): string[] {
    this.places.set(place, (this.places.get(place) ?? 0) + text.length);
    const found = new Set<string>();
    let hash = 0;
    for (let index = 0; index < text.length; index++) {
      hash = ((hash << 8) | (text.charCodeAt(index) & 0xff)) & 0xffffff;
      if (this.begins[hash] === 0) continue;
      const at = index - hashedCharacters + 1;
      for (const pattern of this.patterns.get(hash) ?? [])
        if (text.startsWith(pattern.text, at)) found.add(pattern.what);
    }
    return [...found];
  }

  /** @param known - no secret: it is there, or else the search would not see what is */
  findBelow(place: string, folder: string, known?: string): string[] {
    const texts = textsBelow(folder);
    if (known !== undefined) expect(texts.some(({ text }) => text.includes(known))).toBe(true);
    return texts.flatMap(({ file, text }) => this.findIn(place, text).map((what) => `${what} in ${file}`));
  }

  told(): string {
    const megabytes = ([...this.places.values()].reduce((sum, length) => sum + length, 0) / 1e6).toFixed(0);
    return (
      `${String(this.secrets.size)} secrets in ${String(this.forms)} forms, ` +
      `looked for in ${String(this.places.size)} places (${[...this.places.keys()].join(', ')}), ${megabytes} MB`
    );
  }

  private add(text: string, what: string): void {
    this.forms++;
    const hash = [...text.slice(0, hashedCharacters)].reduce(
      (sum, character) => (sum << 8) | (character.charCodeAt(0) & 0xff),
      0,
    );
    this.begins[hash] = 1;
    this.patterns.set(hash, [...(this.patterns.get(hash) ?? []), { text, what }]);
  }
}

/** The secret itself, its hexadecimal digits, and base64 of it at each place of a group of three bytes, as behind `ID:`. */
function formsOf(secret: string): [form: string, text: string][] {
  const begin = secret.slice(0, enough);
  const hex = Buffer.from(begin).toString('hex');
  const url = encodeURIComponent(begin);
  const base64 = [0, 1, 2].flatMap((before): [string, string][] => {
    // The first characters are of what stands before it, too, and the last ones of what stands behind.
    const encoded = Buffer.concat([Buffer.alloc(before), Buffer.from(begin)]).toString('base64');
    const text = encoded.slice(Math.ceil((before * 8) / 6), Math.floor(((before + begin.length) * 8) / 6));
    const forUrls = text.replaceAll('+', '-').replaceAll('/', '_');
    return [
      [', in base64', text],
      ...(forUrls === text ? [] : [[', in base64url', forUrls] as [string, string]]),
    ];
  });
  return [
    ['', begin],
    [', in hexadecimal digits', hex],
    [', in hexadecimal digits', hex.toUpperCase()],
    ...(url === begin ? [] : [[', as in a URL', url] as [string, string]]),
    ...base64,
  ];
}
