/** `hearthkey leak-scan`: a program of its own, because it reads files with the rights of the user who runs it. */
import { writeSync } from 'node:fs';
import { visible } from '../text/visible-text.js';
import { askBy } from './ask-service.js';
import { Judge, type Finding } from './judge.js';
import { LeakScan } from './leak-scan.js';
import { readOptions, UsageError } from './options.js';
import { Report } from './report.js';
import { maskSecretsIn } from './secrets-in-names.js';

/** As the help says them (commands/help/client-commands.ts). */
const exitCodes = { nothing: 0, live: 1, failed: 2, found: 3, unread: 4 } as const;
const progressMs = 5000;
const retryMs = 10;
const mebibyte = 1_048_576;

async function main(words: readonly string[]): Promise<number> {
  const { paths, format, isQuiet } = readOptions(words);
  const report = new Report(format, (text) => write(1, text));
  const counts = { live: 0, others: 0 };
  const notes = new Set<string>();
  const onFinding = (finding: Finding): void => {
    if (finding.state === 'live') counts.live++;
    else counts.others++;
    report.add(finding);
  };
  const ask = askBy(process.argv[1] ?? '', { onNote: (line) => notes.add(line) });
  const judge = new Judge(ask, onFinding, (file, why) => scan.tellUnread(file, why));
  const startedAtMs = performance.now();
  let toldAtMs = startedAtMs;
  const scan = new LeakScan(judge, say, (name) => {
    if (isQuiet || performance.now() - toldAtMs < progressMs) return;
    toldAtMs = performance.now();
    say(`${summaryOf(scan, startedAtMs)} so far, now in ${maskSecretsIn(name)}`);
  });
  for (const path of paths) {
    if (path === '-') await scan.scanStream('-', process.stdin);
    else await scan.scanPath(path);
  }
  await judge.flush();
  report.end();
  sayWhatIsMissing(judge, notes);
  if (!isQuiet)
    say(
      `${summaryOf(scan, startedAtMs)}: ${counts.live} live, ${counts.others} others, ${scan.counts.unread} not read`,
    );
  if (counts.live > 0) return exitCodes.live;
  if (counts.others > 0) return exitCodes.found;
  return scan.counts.unread > 0 ? exitCodes.unread : exitCodes.nothing;
}

/** What could not be found although it may be there. */
function sayWhatIsMissing({ hasService, noService }: Judge, notes: ReadonlySet<string>): void {
  for (const note of notes) say(note);
  if (hasService !== false) return;
  const why = noService.split('\n', 1)[0]?.replace(/^Error: /, '') ?? '';
  say(
    `no service answers here (${why}): secrets are told by their checksum alone, and legacy keys and imported secrets are not found`,
  );
}

function summaryOf({ counts: { files, bytes } }: LeakScan, startedAtMs: number): string {
  const seconds = Math.round((performance.now() - startedAtMs) / 1000);
  return `${files} files, ${Math.round(bytes / mebibyte)} MiB in ${seconds} s`;
}

function say(line: string): void {
  write(2, `${visible(line)}\n`);
}

/** All of it at once, in the order of the calls: a slow reader is waited for. */
function write(descriptor: 1 | 2, text: string): void {
  const bytes = Buffer.from(text);
  for (let written = 0; written < bytes.length;) {
    try {
      written += writeSync(descriptor, bytes, written);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EPIPE') process.exit(exitCodes.failed);
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, retryMs);
    }
  }
}

/** Never 1, as Node.js ends by itself: that would say that a secret was found. */
function fail(error: unknown): never {
  const { message } = error instanceof Error ? error : new Error(String(error));
  try {
    for (const line of message.split('\n')) say(error instanceof UsageError ? line : `Error: ${line}`);
  } finally {
    process.exit(exitCodes.failed);
  }
}

process.on('uncaughtException', fail);
try {
  process.exitCode = await main(process.argv.slice(process.argv.indexOf('leak-scan') + 1));
} catch (error) {
  fail(error);
}
