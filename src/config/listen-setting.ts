import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** Where the HTTP adapters are served: an address, or the path of a Unix socket. */
export type ListenPlace = { host: string; port: number } | { path: string };

export const defaultListenPlaces: readonly ListenPlace[] = [{ host: '127.0.0.1', port: 8183 }];

/** @param absolute - makes a path absolute */
export function listenPlaces(absolute: (path: string) => string) {
  return z.string().transform((text, context) => {
    const places = parseListenPlaces(text, absolute);
    if (places !== undefined) return places;
    context.addIssue({
      code: 'custom',
      message: 'expected HOST:PORT (127.0.0.1:8183, [::1]:8183) or unix:PATH, several with commas, each once',
    });
    return z.NEVER;
  });
}

/**
 * Reads `HOST:PORT` and `unix:PATH`, several with commas between.
 *
 * @returns undefined for anything else
 */
function parseListenPlaces(
  text: string,
  absolute: (path: string) => string,
): readonly ListenPlace[] | undefined {
  const places = text.split(',').map((part) => parsePlace(part.trim(), absolute));
  const known = places.filter((place) => place !== undefined);
  const spelled = new Set(known.map((place) => JSON.stringify(place)));
  const hasTwice =
    spelled.size < known.length && !known.every((place) => 'port' in place && place.port === 0);
  return known.length < places.length || hasTwice ? undefined : known;
}

function parsePlace(text: string, absolute: (path: string) => string): ListenPlace | undefined {
  if (text.startsWith('unix:')) return text === 'unix:' ? undefined : { path: absolute(text.slice(5)) };
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  const host = match?.[1] ?? match?.[2];
  return host !== undefined && port <= 65535 ? { host, port } : undefined;
}

/** The number of a group of this machine, by name or number; throws where there is none of that name. */
export function findGroupId(group: string): number {
  if (/^\d{1,10}$/.test(group)) return Number(group);
  const line = /^[^:]*:[^:]*:(\d+):/.exec(readGroup(group));
  if (line?.[1] === undefined) throw new Error(`HEARTHKEY_LISTEN_GROUP: there is no group ${group}`);
  return Number(line[1]);
}

/** As the machine's name service has it; where there is no `getent`, as its file has it. */
function readGroup(group: string): string {
  try {
    return execFileSync('getent', ['group', '--', group], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    const lines = readFileSync('/etc/group', 'utf8').split('\n');
    return lines.find((line) => line.startsWith(`${group}:`)) ?? '';
  }
}
