import { z } from 'zod';

/** What the command line sends: one line of JSON. */
const requestSchema = z.object({
  /** However long it is, it is a command that there isn't. */
  command: z.string().max(65_536),
  args: z.array(z.string()).max(1000),
  /** The first line of standard input, or of a file, where the caller gave a secret that way. */
  stdin: z.string().max(65_536).optional(),
  /** Who became root with `sudo` to run this. */
  sudoUser: z.string().max(100).optional(),
  /** The directory that the caller is in. */
  cwd: z.string().max(4096).optional(),
});

export type OperatorRequest = z.output<typeof requestSchema>;

/** @returns undefined for a line that is no request */
export function parseOperatorRequest(line: string): OperatorRequest | undefined {
  try {
    return requestSchema.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
