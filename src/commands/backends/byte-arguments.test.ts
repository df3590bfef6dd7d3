import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { commandsDirectory } from '../../../test/support/folders.js';
import { textOfBytes } from '../../text/byte-text.js';
import { CommandsDir } from '../../catalogue/commands-dir.js';
import { FileTrust } from '../../catalogue/file-trust.js';
import { passableCommandLine } from './byte-arguments.js';
import { ExecBackend } from './exec-backend.js';

const hex = 'for a in "$@"; do printf %s "$a" | od -An -v -tx1 | tr -d " \\n"; echo; done';
const scripts = {
  'v-hex': { script: hex },
  'v-code': { script: 'exit 7' },
  'v-signal': { script: 'kill -TERM $$' },
  'v-stdin': { script: 'cat; env | sort' },
};
const environment = { OF_THE_PANEL: 'x' };
const backend = (throughSudo = false) =>
  new ExecBackend(new CommandsDir(commandsDirectory(scripts)), {
    timeoutMs: 60_000,
    outputLimitBytes: 100_000,
    runAs: undefined,
    throughSudo,
    environment,
    trust: new FileTrust(true),
    onProblem: () => undefined,
  });

describe('arguments with bytes that are not UTF-8', () => {
  it.each([false, true])('come to the command as those bytes (through sudo: %s)', async (throughSudo) => {
    const commands = backend(throughSudo);
    // No NUL: it can't stand in an argument.
    const arg = fc.uint8Array({ min: 1, maxLength: 12 });
    const fixed = ['%e4', '%25', '--', '-e', 'a b', '$(id)', ''].map((text) => Buffer.from(text));
    await fc.assert(
      fc.asyncProperty(fc.array(arg, { maxLength: 5 }), async (random) => {
        const args = [Buffer.from([0xe4]), ...fixed, ...random.map((bytes) => Buffer.from(bytes))];
        const { code, output } = await commands.run('v-hex', args.map(textOfBytes));
        expect(output).toBe(args.map((bytes) => `${bytes.toString('hex')}\n`).join(''));
        expect(code).toBe(0);
      }),
      { numRuns: 5 },
    );
  });

  it('leave the rest of a command as it is: exit code, signal, standard input, environment', async () => {
    const commands = backend();
    for (const name of ['v-code', 'v-signal', 'v-stdin'])
      expect(await commands.run(name, ['\udce4'])).toEqual(await commands.run(name, ['x']));
    expect((await commands.run('v-code', ['\udce4'])).code).toBe(7);
  });

  it('are the only ones that anything else takes part in', () => {
    expect(passableCommandLine(['/x/v-a', '%e4', 'ä', '😀'])).toEqual(['/x/v-a', '%e4', 'ä', '😀']);
    expect(passableCommandLine(['/x/v-a', '\udce4%'])?.slice(-2)).toEqual(['/x/v-a', '%e4%25']);
  });
});
