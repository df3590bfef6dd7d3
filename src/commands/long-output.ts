import type { CommandResult, OutputType } from './builtin-command.js';
import { ok } from './builtin-command.js';

/** What is no longer than this is one text, as ever: about as much as a socket takes at once. */
const wholeLength = 65_536;

/** A list that is read while it is answered: the first of it is there at once, and no more than a part is in memory. */
export async function resultOf(
  parts: AsyncGenerator<string, void>,
  outputType: OutputType,
): Promise<CommandResult> {
  let output = '';
  while (output.length <= wholeLength) {
    const next = await parts.next();
    if (next.done === true) return ok(output);
    output += next.value;
  }
  return { ...ok(output), outputType, more: parts };
}

/** For adapters that need all of it in one text. */
export async function wholeResult({ more, ...result }: CommandResult): Promise<CommandResult> {
  if (more === undefined) return result;
  const parts = [result.output];
  for await (const part of more) parts.push(part);
  return { ...result, output: parts.join('') };
}
