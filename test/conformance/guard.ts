/**
 * Outlives the harness for a moment: when its end of the pipe closes, and be it by `kill -9`, whatever processes are
 * left are ended and the temporary folder goes away. Standard input has lines `+PID`, `-PID` and `folder PATH`.
 */
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';

const running = new Set<number>();
let folder: string | undefined;

for await (const line of createInterface({ input: process.stdin })) {
  if (line.startsWith('+')) running.add(Number(line.slice(1)));
  else if (line.startsWith('-')) running.delete(Number(line.slice(1)));
  else if (line.startsWith('folder ')) folder = line.slice('folder '.length);
}

for (const pid of running) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended just now.
  }
}
if (folder !== undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
