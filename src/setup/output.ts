import { createInterface } from 'node:readline/promises';
import { AppError, ReturnCode } from '../errors.js';
import { visible } from '../text/visible-text.js';
import secretInput from '../cli/read-secret.cjs';

/** What a person reads while it goes on. Findings and steps are the result, so they go to standard output. */
export function say(line: string): void {
  process.stdout.write(`${visible(line)}\n`);
}

export const isTerminal = (): boolean => process.stdin.isTTY;

/** @throws AppError 1 where nobody can be asked */
export async function ask(question: string, option: string): Promise<string> {
  if (!isTerminal())
    throw new AppError(ReturnCode.ARGS, `expected ${option}: there is no terminal to ask at`);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await terminal.question(`${question}: `)).trim();
  } finally {
    terminal.close();
  }
}

/** Asks for something secret, without echo. */
export async function askSecret(question: string, option: string): Promise<string> {
  if (!isTerminal())
    throw new AppError(ReturnCode.ARGS, `expected ${option}: there is no terminal to ask at`);
  process.stderr.write(`${question}\n`);
  return new Promise((resolve) => secretInput.readSecret('setup', resolve));
}

/** The first line of a file, or of standard input for `-`. */
export function secretFrom(file: string): string {
  try {
    return secretInput.secretIn(file === '-' ? 0 : file, 'setup');
  } catch (error) {
    throw new AppError(ReturnCode.NOT_EXIST, `${file} can't be read: ${(error as Error).message}`);
  }
}

/** @throws AppError 1 unless the answer is yes */
export async function confirm(isYes: boolean): Promise<void> {
  if (isYes) return;
  const answer = await ask('Go on? [y/N]', '--yes');
  if (!/^y(?:es)?$/i.test(answer)) throw new AppError(ReturnCode.ARGS, 'nothing was changed');
}
