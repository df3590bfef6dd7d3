import { z } from 'zod';

/** What the command line sends: one line of JSON. */
const requestSchema = z.object({
  /** However long it is, it is a command that there isn't. */
  command: z.string().max(65_536),
  args: z.array(z.string()).max(1000),
  /** The first line of standard input, or of a file, where the caller gave a secret that way. */
  stdin: z.string().max(65_536).optional(),
  /** Who says to run this: the Unix user, who became that with `sudo`, and the terminal. Nobody can check it. */
  uid: z.number().int().min(0).max(0xffff_ffff).optional(),
  unixUser: z.string().max(100).optional(),
  sudoUser: z.string().max(100).optional(),
  loginUser: z.string().max(100).optional(),
  tty: z.string().max(100).optional(),
  /** The width of the terminal that is printed on; absent: there is none, but a pipe or a file. */
  columns: z.number().int().min(1).max(1000).optional(),
  hasColour: z.boolean().optional(),
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
