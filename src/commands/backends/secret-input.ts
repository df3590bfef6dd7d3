import type { CommandSpec } from '../../catalogue/command-spec.js';

/** How a command is called: its words, and what it reads on standard input. */
export interface Call {
  words: readonly string[];
  input: string | undefined;
}

/**
 * Arguments are seen by every process of the machine, so an executable that says `# secrets: stdin` in its head gets
 * `-` in the place of each secret, and the secrets on standard input: a line each, in the order of their places.
 *
 * @returns undefined where a secret has a line end in it, and so can't be one line
 */
export function callOf(spec: CommandSpec | undefined, args: readonly string[]): Call | undefined {
  const places =
    spec?.readsSecrets === true ? spec.secretPositions.filter((place) => place <= args.length) : [];
  if (places.length === 0) return { words: args, input: undefined };
  const secrets = places.map((place) => args[place - 1] ?? '');
  if (secrets.some((secret) => /[\r\n\0]/.test(secret))) return undefined;
  const words = args.map((arg, index) => (places.includes(index + 1) ? '-' : arg));
  return { words, input: secrets.map((secret) => `${secret}\n`).join('') };
}
