import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { z } from 'zod';

/** Whose a secret is, as the service says. */
export interface Verdict {
  state: 'live' | 'suspended' | 'expired' | 'replaced' | 'revoked' | 'unknown';
  kind: string;
  key: string;
  user: string;
}

const states = ['live', 'suspended', 'expired', 'replaced', 'revoked', 'unknown'] as const;
const answerSchema = z.record(
  z.string(),
  z.object({ STATE: z.enum(states), KIND: z.string(), KEY: z.string(), USER: z.string() }),
);
const [done, notExist, noService] = [0, 3, 15] as const;

/** Undefined: no service answers on this machine. */
export type Ask = (lines: readonly string[]) => Promise<Verdict[] | undefined>;

/**
 * Asks the running service, as `v-revoke-secret - json --dry-run` does: the command line finds it and may open its socket.
 *
 * @param program - the command line
 */
export function askBy(program: string): Ask {
  return async (lines) => {
    const args = [program, 'v-revoke-secret', '-', 'json', '--dry-run'];
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    child.stdin.on('error', () => undefined).end(lines.join('\n'));
    const [output, said, code] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve)),
    ]);
    if (code === noService) return undefined;
    if (code !== done && code !== notExist)
      throw new Error(`the service can't tell: ${(output + said).trim()}`);
    const answers = answerSchema.parse(JSON.parse(output));
    return lines.map((_, index) => {
      const answer = answers[String(index + 1)];
      if (answer === undefined) throw new Error('the service left an answer out');
      return { state: answer.STATE, kind: answer.KIND, key: answer.KEY, user: answer.USER };
    });
  };
}
