import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A lock folder without an owner's number is one being made, unless it stays so. */
const OWNERLESS_AFTER_MS = 5_000;

/**
 * Runs `work` while no other process of this tree does; `onWait` is told, once, whom we wait for.
 * A process that was killed leaves its folder behind: the next one sees that its owner is gone.
 */
export async function withLock(folder, onWait, work) {
  const release = () => rmSync(folder, { recursive: true, force: true });
  let hasTold = false;
  while (!take(folder)) {
    if (isStale(folder)) {
      release();
      continue;
    }
    if (!hasTold) onWait(ownerOf(folder));
    hasTold = true;
    await new Promise((again) => setTimeout(again, 200));
  }
  try {
    return await work();
  } finally {
    release();
  }
}

function take(folder) {
  try {
    mkdirSync(folder);
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
  writeFileSync(join(folder, 'pid'), String(process.pid));
  return true;
}

function ownerOf(folder) {
  try {
    return Number(readFileSync(join(folder, 'pid'), 'utf8'));
  } catch {
    return 0;
  }
}

function isStale(folder) {
  const owner = ownerOf(folder);
  if (owner) return !isAlive(owner);
  try {
    return Date.now() - statSync(folder).mtimeMs > OWNERLESS_AFTER_MS;
  } catch {
    return false; // gone meanwhile
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
