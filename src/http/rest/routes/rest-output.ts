import { property } from './rest-pipes.js';
import type { Step } from './rest-route.js';

/** What a command printed, as templates can use it; undefined where it can't be read as the route says. */
export function readOutput({ read, without }: Step, output: string): unknown {
  if (read === undefined) return null;
  if (read === 'json') return withoutEntries(parseJson(output), without);
  const match = read.exec(output);
  return match === null ? undefined : { ...match.groups };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function withoutEntries(value: unknown, without: Step['without']): unknown {
  const conditions = Object.entries(without);
  if (conditions.length === 0 || typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(
    ([, entry]) => !conditions.some(([name, text]) => property(entry, name) === text),
  );
  return Object.fromEntries(kept);
}
