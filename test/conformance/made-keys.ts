/** What the commands of a set-up made: its outputs bind the placeholders, in order. */
import { type Bindings, hasFormOf } from './placeholders.js';

/** Reads the output of one set-up command and binds the next free placeholders to the key that it made. */
export function bindMadeKeys(argv: readonly string[], stdout: string, bindings: Bindings): void {
  if (argv[0] === 'v-add-access-key') {
    const pair = accessKeyIn(stdout);
    if (pair === undefined) return;
    const suffix = freeSuffix('ACCESS_KEY_ID', bindings);
    bindings.set(`ACCESS_KEY_ID${suffix}`, pair.id);
    bindings.set(`SECRET${suffix}`, pair.secret);
  }
  if (argv[0] === 'v-generate-api-key') {
    const key = stdout.trim();
    if (hasFormOf('API_KEY', key)) bindings.set(`API_KEY${freeSuffix('API_KEY', bindings)}`, key);
  }
}

/** The pair that `v-add-access-key` prints, in any of its formats. */
export function accessKeyIn(stdout: string): { id: string; secret: string } | undefined {
  const plain = /^([0-9A-Za-z]{20}):([0-9A-Za-z_=-]{40})\s*$/.exec(stdout);
  const id = plain?.[1] ?? /ACCESS_KEY_ID"?: *"?([0-9A-Za-z]{20})\b/.exec(stdout)?.[1];
  const secret =
    plain?.[2] ?? /SECRET_ACCESS_KEY"?: *"?([0-9A-Za-z_=-]{40})(?![0-9A-Za-z_=-])/.exec(stdout)?.[1];
  return id !== undefined && secret !== undefined ? { id, secret } : undefined;
}

function freeSuffix(name: string, bindings: Bindings): string {
  let suffix = '';
  for (let count = 2; bindings.get(name + suffix) !== undefined; count += 1) suffix = `_${count}`;
  return suffix;
}
