/** A real web server as a process of the test's own, until the test file ends. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { atEnd } from './clean-up.js';
import { ownEnvironment } from './own-environment.js';
import { programPath } from './programs.js';
import { within } from './waiting.js';

/**
 * Starts it, and returns when it answers.
 *
 * @param url - where it then answers, whatever it says
 */
export async function startWebServer(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  url: string,
): Promise<void> {
  const child = spawn(programPath(program), args, {
    env: ownEnvironment(env),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (words += text));
  atEnd(async () => {
    if (hasEnded()) return;
    child.kill('SIGTERM');
    await once(child, 'close');
  });
  await within(60_000, `${program} answers`, async () => {
    if (hasEnded()) throw new Error(`${program} did not start: ${words}`);
    return fetch(url).then(
      () => true,
      () => false,
    );
  });
}
