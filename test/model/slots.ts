/** Which node and which command of the model stands for which of a run. */
import type { Process } from './told.js';

/** As in replay.pml. */
const mostNodes = 12;
const mostCommands = 24;

interface Slot {
  /** Of the row that it has, or has left. */
  id: string;
  process: Process;
  isRunning: boolean;
  /** Whether its row may be there. */
  isHere: boolean;
  /** Whether it has ended by itself. */
  hasLeft: boolean;
}

/** A node gets another row, with another ID, each time that it joins. */
export class NodeSlots {
  private readonly slots: Slot[] = [];

  take(id: string, process: Process): number {
    for (const slot of this.slots) if (slot.process === process) slot.isRunning = false;
    const slot: Slot = { id, process, isRunning: true, isHere: true, hasLeft: false };
    const free = this.slots.findIndex(({ isRunning, isHere }) => !isRunning && !isHere);
    const index = free === -1 ? this.slots.length : free;
    if (index >= mostNodes) throw new Error('there are more rows of nodes than the model has');
    this.slots[index] = slot;
    return index;
  }

  has(id: string): boolean {
    return this.slots.some((slot) => slot.id === id);
  }

  isHere(id: string): boolean {
    return this.slots.some((slot) => slot.id === id && slot.isHere);
  }

  slot(id: string): number {
    const index = this.slots.findIndex((slot) => slot.id === id);
    if (index === -1) throw new Error(`the row ${id} is nobody's`);
    return index;
  }

  /** Its row was removed. */
  isGone(id: string): void {
    for (const slot of this.slots) if (slot.id === id) slot.isHere = false;
  }

  /** It has removed its row. */
  hasLeft(id: string): void {
    for (const slot of this.slots) if (slot.id === id) slot.hasLeft = true;
    this.isGone(id);
  }

  /** The node that a process is now. */
  of(process: Process): number {
    const index = this.slots.findIndex((slot) => slot.process === process && slot.isRunning);
    if (index === -1) throw new Error('a node acts that has not joined');
    return index;
  }

  /** @returns the node that it was, unless that has left */
  kill(process: Process): number | undefined {
    const index = this.slots.findIndex((slot) => slot.process === process && slot.isRunning);
    const slot = this.slots[index];
    if (slot === undefined) return undefined;
    slot.isRunning = false;
    return slot.hasLeft ? undefined : index;
  }
}

interface Running {
  process: Process;
  /** The mark of its change until that is confirmed, then its number among those of the process. */
  name: string | number;
  /** Whether nobody is told of its commit. */
  isLost: boolean;
}

export class CommandSlots {
  private readonly slots: (Running | undefined)[] = Array.from({ length: mostCommands }, () => undefined);

  takeFor(process: Process, name: string | number, isLost = false): number {
    const index = this.slots.indexOf(undefined);
    if (index === -1) throw new Error('more commands run at once than the model has');
    this.slots[index] = { process, name, isLost };
    return index;
  }

  confirm(process: Process, mark: string, command: number): number {
    const index = this.slot(process, mark);
    this.slots[index] = { process, name: command, isLost: false };
    return index;
  }

  has(process: Process, name: string | number): boolean {
    return this.find(process, name) !== -1;
  }

  slot(process: Process, name: string | number): number {
    const index = this.find(process, name);
    if (index === -1) throw new Error(`the command ${String(name)} does not run`);
    return index;
  }

  end(process: Process, name: string | number): number {
    const index = this.slot(process, name);
    this.slots[index] = undefined;
    return index;
  }

  /** Those whose process is dead. */
  endAll(process: Process): number[] {
    return this.endWhere((running) => running.process === process && !running.isLost);
  }

  endLost(): number[] {
    return this.endWhere(({ isLost }) => isLost);
  }

  private endWhere(test: (running: Running) => boolean): number[] {
    const found = this.slots.flatMap((slot, index) => (slot !== undefined && test(slot) ? [index] : []));
    for (const index of found) this.slots[index] = undefined;
    return found;
  }

  private find(process: Process, name: string | number): number {
    return this.slots.findIndex((slot) => slot?.process === process && slot.name === name);
  }
}
