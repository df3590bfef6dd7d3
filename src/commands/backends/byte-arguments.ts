import { accessSync, constants } from 'node:fs';
import { loneSurrogatePattern } from '../../text/byte-text.js';

/** Essential on Debian, so it is there where panels run. */
const perl = '/usr/bin/perl';

/**
 * Turns `%E4` into that byte and becomes the command, with the same process ID, streams and user. A command that can't
 * be run then ends as in a shell.
 */
const script = 'my @w = map { s/%([0-9a-f]{2})/chr hex $1/gre } @ARGV; exec { $w[0] } @w; exit 127;';

/**
 * A command line that can be passed on: Node.js makes UTF-8 of every argument, so arguments with other bytes in them
 * (byte-text.ts) go through perl, which takes no part in any other call.
 *
 * @returns undefined where perl would be needed and is not there
 */
export function passableCommandLine(line: readonly [string, ...string[]]): [string, ...string[]] | undefined {
  if (!line.some((word) => loneSurrogatePattern.test(word))) return [...line];
  try {
    accessSync(perl, constants.X_OK);
  } catch {
    return undefined;
  }
  return [perl, '-e', script, '--', ...line.map(escapeBytes)];
}

function escapeBytes(word: string): string {
  return word
    .replaceAll('%', '%25')
    .replace(/[\u{dc80}-\u{dcff}]/gu, (unit) => `%${(unit.charCodeAt(0) - 0xdc00).toString(16)}`);
}
