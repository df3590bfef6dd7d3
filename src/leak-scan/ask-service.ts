import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { ScanFailed } from './scan-failed.js';

const states = ['live', 'suspended', 'expired', 'canary', 'replaced', 'revoked', 'unknown'] as const;

/** Whose a secret is, as the service says. */
export interface Verdict {
  state: (typeof states)[number];
  kind: string;
  key: string;
  user: string;
}

const answerSchema = z.record(
  z.string(),
  z.object({ STATE: z.enum(states), KIND: z.string(), KEY: z.string(), USER: z.string() }),
);
const [done, notExist, tooMany, busy, noService] = [0, 3, 8, 14, 15] as const;
/** A service that is busy, or is being started again, is asked again after so long each time. */
const usualWaitsMs = [1000, 2000, 4000, 8000] as const;
/** What the command line says where it had a connection, and lost it (cli/main.cts, cli/find-service.cts). */
const lostPattern = /ended before it answered|was lost/;

export type Answer =
  | { verdicts: Verdict[] }
  /** Nothing answers on this machine; `noService` says where it was looked for. */
  | { noService: string }
  /** More than the service looks for at once. */
  | 'too many';

export type Ask = (lines: readonly string[]) => Promise<Answer>;

interface AskOptions {
  /** Told what the service says besides. */
  onNote?: (line: string) => void;
  waitsMs?: readonly number[];
}

/**
 * Asks the running service, as `v-revoke-secret - json --dry-run` does: the command line finds it and may open its socket.
 *
 * @param program - the command line
 * @throws ScanFailed where the service refuses, or has answered before and does not any more
 */
export function askBy(
  program: string,
  { onNote = () => undefined, waitsMs = usualWaitsMs }: AskOptions = {},
): Ask {
  let hasAnswered = false;
  return async (lines) => {
    for (let attempt = 0; ; attempt++) {
      const { code, output, said } = await runCommand(program, lines);
      const words = (said + output).trim();
      if (code === done || code === notExist) {
        const verdicts = verdictsIn(output, lines.length);
        if (verdicts === undefined) throw new ScanFailed(`the service can't tell: ${words}`);
        hasAnswered = true;
        for (const line of said.split('\n')) if (line !== '') onNote(line);
        return { verdicts };
      }
      if (code === tooMany && lines.length > 1) return 'too many';
      const isGone = code === noService;
      if (isGone && !hasAnswered && !lostPattern.test(words)) return { noService: words };
      const waitMs = isGone || code === busy ? waitsMs[attempt] : undefined;
      if (waitMs === undefined) throw new ScanFailed(`the service can't tell: ${words}`);
      await sleep(waitMs);
    }
  };
}

async function runCommand(
  program: string,
  lines: readonly string[],
): Promise<{ code: number | null; output: string; said: string }> {
  const args = [program, 'v-revoke-secret', '-', 'json', '--dry-run', '--unproved'];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.on('error', () => undefined).end(lines.join('\n'));
  const [output, said, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve)),
  ]);
  return { code, output, said };
}

/** @returns undefined for what is no answer to so many lines */
function verdictsIn(output: string, count: number): Verdict[] | undefined {
  let json: unknown;
  try {
    json = JSON.parse(output);
  } catch {
    return undefined;
  }
  const { data: answers = {} } = answerSchema.safeParse(json);
  const verdicts = Array.from({ length: count }, (_, index) => answers[String(index + 1)]);
  const found = verdicts.flatMap((one) =>
    one === undefined ? [] : [{ state: one.STATE, kind: one.KIND, key: one.KEY, user: one.USER }],
  );
  return found.length === count ? found : undefined;
}
