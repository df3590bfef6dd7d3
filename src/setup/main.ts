/** `hearthkey setup`: a program of its own, because the service may not run yet, and its settings may not be there. */
import { ConfigError } from '../config/config.js';
import { AppError, ReturnCode } from '../errors.js';
import { visible } from '../text/visible-text.js';
import { besideHestia } from './beside-hestia.js';
import { inFront } from './in-front.js';
import { join } from './join.js';
import { Journal } from './journal.js';
import { help, kinds, readOptions, type Kind, type SetupOptions } from './options.js';
import { ask, confirm, say } from './output.js';
import { envFilePlace } from './places.js';
import { listSteps, runSteps, type Step } from './run-steps.js';
import { SetupRun } from './setup-run.js';
import { standalone } from './standalone.js';
import { describeUndo, undo } from './undo.js';

/** Checks what is there, and returns the steps. */
const plans: Record<Kind, (run: SetupRun) => Promise<Step[]>> = {
  'beside-hestia': besideHestia,
  'in-front': inFront,
  standalone,
  join,
};

async function main(words: readonly string[]): Promise<number> {
  const options = readOptions(words);
  if (options.isHelp) {
    process.stdout.write(help);
    return ReturnCode.OK;
  }
  const envFile = envFilePlace();
  const journal = Journal.beside(envFile);
  if (options.isUndo) return undoAll(journal, options);
  const kind = options.kind ?? (await askKind());
  if (journal.isUnfinished)
    throw new AppError(ReturnCode.EXISTS, 'a set-up was ended half-way: run hearthkey setup --undo first');
  say(`setting up: ${kind}${options.isDryRun ? ' (dry run)' : ''}`);
  const run = new SetupRun(envFile, journal, options);
  const steps = await plans[kind](run);
  if (options.isDryRun) {
    listSteps(steps);
    return ReturnCode.OK;
  }
  await confirm(options.isYes);
  const unlock = journal.lock();
  try {
    await runSteps(journal, kind, { steps, atEnd: () => run.stopService() });
  } finally {
    unlock();
  }
  say(`done. hearthkey setup --undo brings everything back; ${journal.folder} has what it needs for that`);
  return ReturnCode.OK;
}

function undoAll(journal: Journal, { isDryRun }: SetupOptions): number {
  if (!journal.exists) {
    say('nothing was set up here: there is nothing to undo');
    return ReturnCode.OK;
  }
  if (isDryRun) {
    describeUndo(journal);
    return ReturnCode.OK;
  }
  const unlock = journal.lock();
  try {
    const code = undo(journal);
    if (code === ReturnCode.OK)
      say(
        'all is as it was before. The data directory with keys and record stays: remove it if you need it no more',
      );
    return code;
  } finally {
    unlock();
  }
}

async function askKind(): Promise<Kind> {
  const answer = await ask(`What kind of set-up is this (${kinds.join(', ')})?`, kinds.join(' or '));
  return readOptions([answer]).kind ?? askKind();
}

try {
  process.exitCode = await main(process.argv.slice(process.argv.indexOf('setup') + 1));
} catch (error) {
  const isTold = error instanceof AppError || error instanceof ConfigError;
  const message = isTold ? error.message : ((error as Error).stack ?? String(error));
  for (const line of message.split('\n')) process.stderr.write(`Error: ${visible(line)}\n`);
  process.exitCode = error instanceof AppError ? error.code : isTold ? ReturnCode.INVALID : ReturnCode.DISK;
}
