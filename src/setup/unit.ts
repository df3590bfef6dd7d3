import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { AppError, ReturnCode } from '../errors.js';
import type { Journal } from './journal.js';

const name = 'hearthkey.service';

export interface Unit {
  name: string;
  isActive: boolean;
  isEnabled: boolean;
}

/** The service's unit, where systemd runs this machine and knows it. */
export function findUnit(): Unit | undefined {
  if (!existsSync('/run/systemd/system') || !succeeds('cat', name)) return undefined;
  return {
    name,
    isActive: succeeds('is-active', '--quiet', name),
    isEnabled: succeeds('is-enabled', '--quiet', name),
  };
}

/** Stops it where it runs, so that the set-up can use the data directory. */
export function takeOver(journal: Journal, unit: Unit): void {
  journal.add({ kind: 'unit', name: unit.name, wasActive: unit.isActive, wasEnabled: unit.isEnabled });
  if (unit.isActive) must('stop', unit.name);
}

export function startUnit(unit: Unit): void {
  must('enable', '--now', unit.name);
}

export function undoUnit({
  name: unit,
  wasActive,
  wasEnabled,
}: {
  name: string;
  wasActive: boolean;
  wasEnabled: boolean;
}): void {
  must(wasEnabled ? 'enable' : 'disable', unit);
  must(wasActive ? 'restart' : 'stop', unit);
}

function must(...args: string[]): void {
  if (!succeeds(...args))
    throw new AppError(
      ReturnCode.CONNECT,
      `systemctl ${args.join(' ')} failed: look at journalctl -u ${name}`,
    );
}

function succeeds(...args: string[]): boolean {
  return spawnSync('systemctl', args, { stdio: 'ignore' }).status === 0;
}
