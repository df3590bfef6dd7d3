/** The tables of docs/codes.md, as they stand there. */
import { readFileSync } from 'node:fs';

const text = readFileSync(new URL('../../../docs/codes.md', import.meta.url), 'utf8');

/** The return code of each reason. */
export const codes: ReadonlyMap<string, number> = new Map(
  [...section('Reasons of a denial').matchAll(/^\| `([a-z_]+)` +\| (\d+) /gm)].map(
    ([, reason = '', code]) => [reason, Number(code)],
  ),
);

/** The reasons that a decision can have, the first that is given first. */
export const precedence: readonly string[] = [
  ...section('Which reason is given when several apply').matchAll(/^\d+\. `([a-z_]+)`/gm),
].map(([, reason = '']) => reason);

function section(title: string): string {
  const [, after] = text.split(`\n## ${title}\n`);
  if (after === undefined) throw new Error(`docs/codes.md has no chapter "${title}"`);
  return after.split(/\n##+ /)[0]!;
}
