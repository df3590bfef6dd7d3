/** What traced nodes have told, as the lines that replay.pml takes in their order. */
import { MadeChanges } from './changes.js';
import { Ahead } from './look-ahead.js';
import { CommandSlots, NodeSlots } from './slots.js';
import { of, type Line, type Process } from './told.js';

/** replay.pml has each of them with `T_` before it. */
export const steps = [
  ...[
    'TIME',
    'END',
    'COMMAND',
    'PREPARED',
    'CONFIRMED',
    'AGAIN',
    'LOOK',
    'LOOKED',
    'DEAD',
    'SETTLED',
    'DIED',
  ],
  ...[
    'JOIN',
    'JOINED',
    'ANSWER_WILL_BE',
    'ASK',
    'EXTENDED',
    'ANEW',
    'LOST',
    'STOP',
    'LEAVE',
    'LEFT',
    'KILLED',
  ],
  ...['READ', 'ALLOW'],
] as const;
export type Step = (typeof steps)[number];

export interface TraceLine {
  atMs: number;
  step: Step;
  who: number;
  key: number;
  value: number;
  span: number;
  /** The number that the database has reached by then. */
  needs: number;
}

export interface Trace {
  lines: TraceLine[];
  /** How many changes were made. */
  changes: number;
  /** How many lines the nodes have told. */
  told: number;
  /** How many of them are decisions that allow. */
  allows: number;
  leaseMs: number;
}

const unknown = -1;
const nobody = -2;

/** The lines without those for time, in the order of the clock. */
export function traceOf(told: readonly Line[], leaseMs: number): Trace {
  const writer = new TraceWriter(told);
  for (const line of told) writer.take(line);
  writer.end();
  const allows = of(told, 'allow').length;
  return { lines: writer.lines, changes: writer.changes.count, told: told.length, allows, leaseMs };
}

class TraceWriter {
  readonly lines: TraceLine[] = [];
  readonly changes: MadeChanges;
  private readonly nodes = new NodeSlots();
  private readonly commands = new CommandSlots();
  private readonly ahead: Ahead;
  private readonly running = new Set<Process>();
  private atMs = 0;

  constructor(told: readonly Line[]) {
    this.changes = new MadeChanges(told);
    this.ahead = new Ahead(told, this.changes);
  }

  take(line: Line): void {
    this.atMs = line.atMs;
    this.running.add(line.process);
    switch (line.step) {
      case 'start':
        return this.endOthers(line.process);
      case 'prepare':
        return this.prepare(line);
      case 'settle':
        return this.settle(line);
      case 'look':
        return this.openWindow(line, this.ahead.windows.get(line));
      case 'looked':
        return this.closeWindow(line);
      case 'remove':
        return this.removeRow(line);
      case 'removed':
        return this.nodes.isGone(line.id);
      case 'settled':
      case 'died':
        return this.endCommand(line);
      case 'join':
        return this.join(line);
      case 'read':
        for (const number of this.ahead.missed.get(line) ?? [])
          this.write('READ', this.nodes.of(line.process), {
            key: this.key(number),
            value: this.model(line.number),
            needs: this.model(line.number),
          });
        return;
      case 'allow':
        return this.allow(line);
      default:
        return this.takeOfNode(line);
    }
  }

  end(): void {
    for (const process of this.running) this.endProcess(process);
    this.write('END', 0);
  }

  private takeOfNode(
    line: Line<'joined' | 'ask' | 'answer' | 'extended' | 'anew' | 'lost' | 'stop' | 'leave' | 'left'>,
  ): void {
    if (!this.nodes.has(line.id)) return; // it has never joined: nothing that it asked was answered
    const slot = this.nodes.slot(line.id);
    switch (line.step) {
      case 'joined':
        return this.write('JOINED', slot, { needs: this.model(line.number) });
      case 'ask':
        this.write('ANSWER_WILL_BE', slot, { value: this.answerTo(line) });
        return this.write('ASK', slot);
      case 'answer':
        if (line.number === undefined) this.nodes.isGone(line.id);
        return;
      case 'extended': {
        // A lease of the model has one tick more.
        const number = this.model(line.number);
        const span = Math.floor(line.untilMs) + 1 - Math.floor(line.atMs);
        return this.write('EXTENDED', slot, { value: number, span: Math.max(span, 0), needs: number });
      }
      case 'anew':
        return this.write('ANEW', slot);
      case 'lost':
        return this.write('LOST', slot);
      case 'stop':
        return this.write('STOP', slot);
      case 'leave':
        return this.nodes.isHere(line.id) ? this.write('LEAVE', slot) : undefined;
      case 'left':
        if (this.nodes.isHere(line.id)) this.write('LEFT', slot);
        return this.nodes.hasLeft(line.id);
    }
  }

  private answerTo(line: Line<'ask'>): number {
    const answer = this.ahead.answers.get(line);
    if (answer === undefined) return unknown;
    return answer.number === undefined ? nobody : this.model(answer.number);
  }

  private prepare(line: Line<'prepare'>): void {
    // Whoever prepares one has the lock: the change before has committed.
    for (const lost of this.commands.endLost())
      this.write('DIED', lost, { needs: this.model(line.number) - 1 });
    const made = this.changes.preparedBy(line);
    if (made === undefined) return;
    const slot = this.commands.takeFor(line.process, line.mark, !this.ahead.confirmed.has(line.mark));
    this.write('COMMAND', slot, { key: this.key(made.number), value: this.nodes.of(line.process) });
    this.write('PREPARED', slot, { needs: this.key(made.number) });
  }

  private settle(line: Line<'settle'>): void {
    const { process, command, number, mark } = line;
    if (mark !== undefined) {
      this.write('CONFIRMED', this.commands.confirm(process, mark, command), { needs: this.model(number) });
    } else {
      if (number <= this.changes.base) return; // there is no change that it could rest on
      const slot = this.commands.takeFor(process, command);
      this.write('COMMAND', slot, { key: this.key(number), value: this.nodes.of(process) });
      this.write('AGAIN', slot, { value: this.model(number), needs: this.model(number) });
    }
    this.openWindow(line, this.ahead.windows.get(line));
  }

  private openWindow(line: Line<'look' | 'settle'>, key: number | undefined): void {
    if (key === undefined || !this.commands.has(line.process, line.command)) return;
    const slot = this.commands.slot(line.process, line.command);
    this.write('LOOK', slot, { key, value: this.nodes.of(line.process) });
  }

  private closeWindow(line: Line<'looked'>): void {
    if (!this.ahead.windows.has(line) || !this.commands.has(line.process, line.command)) return;
    this.write('LOOKED', this.commands.slot(line.process, line.command));
  }

  private removeRow({ process, command, id }: Line<'remove'>): void {
    if (!this.commands.has(process, command) || !this.nodes.has(id)) return;
    this.write('DEAD', this.commands.slot(process, command), { key: this.nodes.slot(id) });
  }

  private endCommand({ process, command, step }: Line<'settled' | 'died'>): void {
    if (!this.commands.has(process, command)) return;
    this.write(step === 'settled' ? 'SETTLED' : 'DIED', this.commands.end(process, command));
  }

  private join({ id, process }: Line<'join'>): void {
    const number = this.ahead.joined.get(id);
    if (number === undefined && !this.ahead.seenIds.has(id)) return;
    const slot = this.nodes.take(id, process);
    this.write('JOIN', slot, { value: number === undefined ? unknown : this.model(number) });
  }

  private allow(line: Line<'allow'>): void {
    const slot = this.nodes.of(line.process);
    const keys = this.ahead.keysOf.get(line);
    if (keys === undefined) return this.write('ALLOW', slot, { key: unknown });
    for (const number of keys) this.write('ALLOW', slot, { key: this.key(number) });
  }

  /** A node starts again: whatever ran of it is dead. */
  private endOthers(started: Process): void {
    for (const process of this.running)
      if (process !== started && process.node === started.node) this.endProcess(process);
  }

  private endProcess(process: Process): void {
    this.running.delete(process);
    for (const slot of this.commands.endAll(process)) this.write('DIED', slot);
    const slot = this.nodes.kill(process);
    if (slot !== undefined) this.write('KILLED', slot);
  }

  /** The key of the model that stands for what a change touched. */
  private key(number: number): number {
    return number - this.changes.base - 1;
  }

  private model(number: number): number {
    return number - this.changes.base;
  }

  private write(step: Step, who: number, { key = 0, value = 0, span = 0, needs = 0 } = {}): void {
    this.lines.push({ atMs: this.atMs, step, who, key, value, span, needs });
  }
}
