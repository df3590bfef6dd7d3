/** A part of a harness in a process of its own, which takes one task after the other. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { atEnd } from '../support/clean-up.js';
import { ownEnvironment } from '../support/own-environment.js';

export class Helper<Task extends object, Result> {
  private readonly child: ChildProcess;
  private readonly hasEnded: Promise<never>;

  /** @param file - in this folder; it gets each task as a message, and answers with one */
  constructor(file: string) {
    const path = join(import.meta.dirname, file);
    this.child = fork(path, { env: ownEnvironment(), execArgv: ['--import', 'tsx'] });
    this.hasEnded = once(this.child, 'exit').then(() => {
      throw new Error('a helper process ended by itself');
    });
    this.hasEnded.catch(() => undefined); // nobody may wait for it
    atEnd(() => void this.child.kill('SIGKILL'));
  }

  async do(task: Task): Promise<Result> {
    this.child.send(task);
    const [result] = (await Promise.race([once(this.child, 'message'), this.hasEnded])) as [Result];
    return result;
  }
}
