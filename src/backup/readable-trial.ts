import { parseTrial } from '../keys/trials/trial-text.js';
import type { CopiedKey } from './copied-state.js';

/** Whether the key has no trial, or one that can be read. No decision depends on a trial, so a restore leaves out others. */
export function hasReadableTrial({ trial }: CopiedKey): boolean {
  return trial === '' || parseTrial(trial) !== undefined;
}
