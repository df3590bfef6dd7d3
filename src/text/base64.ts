/**
 * Reads base64 as RFC 4648 §4 writes it: padded, without other characters. Node.js passes those over, so that one value
 * has many texts.
 *
 * @returns undefined where the text is not base64
 */
export function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}
